using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Tracking.V1;
using Microsoft.Extensions.Options;

namespace Exchange.Tracking;

/// <summary>The gRPC service. Each rpc has a file of its own in <c>Operations/</c>.</summary>
sealed partial class EscalationService(
    FlagChanges flags, FlagSignal signal, RungStore rungs, Ledger ledger, ReferenceData reference, IOptions<LadderOptions> ladder,
    IOptions<TrackingOptions> options, IHostApplicationLifetime host, TimeProvider time)
    : Escalation.EscalationBase;
