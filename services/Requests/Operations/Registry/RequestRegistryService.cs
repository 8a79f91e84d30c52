using Exchange.Platform;
using Exchange.Reference;
using Exchange.Requests.V1;
using Microsoft.Extensions.Options;

namespace Exchange.Requests;

/// <summary>The gRPC service of requests: each rpc has a file of its own beside this one.</summary>
sealed partial class RequestRegistryService(
    RequestStore store, RequestViews views, CaseStore cases, ReadingStore readings, SubjectVault vault, RequestKeys keys,
    RegisterImport registers, DraftHandler drafts, StepHandler steps, FollowUpSteps followUps, CommandHandler commands, Journal journal,
    Outbox outbox, References references, DatabaseHistory history, ReferenceData reference,
    IOptions<InstallationOptions> installation, IOptions<TelemetryOptions> telemetry, TimeProvider time)
    : RequestRegistry.RequestRegistryBase;
