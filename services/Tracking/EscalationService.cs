using Exchange.Client;
using Exchange.Platform;
using Exchange.Reference;
using Exchange.Tracking.V1;
using Microsoft.Extensions.Options;

namespace Exchange.Tracking;

/// <summary>
/// The gRPC service of flags and of the ladder of escalation. Each rpc has a file of its own in the folder of its subject.
/// </summary>
sealed partial class EscalationService(
    FlagLogReader flags, FlagSignal signal, RungStore rungs, RungLetters letters, ClosedRequests closed, CaseNumbers cases,
    CommandHandler commands, CommandDigest digests, ReferenceData reference,
    IOptions<LadderOptions> ladder, IOptions<TrackingOptions> options, IHostApplicationLifetime host, TimeProvider time)
    : Escalation.EscalationBase;
