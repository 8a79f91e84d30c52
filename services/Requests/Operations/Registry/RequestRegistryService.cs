using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Requests.V1;
using Microsoft.Extensions.Options;

namespace Exchange.Requests;

/// <summary>The gRPC service. Each rpc has a file of its own in <c>Operations/</c>.</summary>
sealed partial class RequestRegistryService(
    RequestStore store, SubjectVault vault, RequestKeys keys, RegisterImport registers, DraftDesk drafts, StepDesk steps, Consequences consequences,
    Ledger ledger, Journal journal, Outbox outbox, References references, History history, ReferenceData reference, IOptions<InstallationOptions> installation,
    IOptions<TelemetryOptions> telemetry, TimeProvider time) : RequestRegistry.RequestRegistryBase;
