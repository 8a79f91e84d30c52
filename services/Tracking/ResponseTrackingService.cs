using Exchange.Client;
using Exchange.Platform;
using Exchange.Reference;
using Exchange.Tracking.V1;
using Microsoft.Extensions.Options;

namespace Exchange.Tracking;

/// <summary>The gRPC service of figures and of the rebuild. Each rpc has a file of its own in the folder of its subject.</summary>
sealed partial class ResponseTrackingService(
    FactsStore store, LiveColumnStore columns, UnansweredList unanswered, ClosedRequests closed, CaseNumbers cases, FactsRebuild rebuild,
    DatabaseHistory history, RecordFindings findings, Database database, ParkedMessageStore parked, ReferenceData reference,
    IOptions<InstallationOptions> installation, TimeProvider time)
    : ResponseTracking.ResponseTrackingBase;
