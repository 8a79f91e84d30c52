using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Tracking.V1;
using Microsoft.Extensions.Options;

namespace Exchange.Tracking;

/// <summary>The gRPC service. Each rpc has a file of its own in <c>Operations/</c>.</summary>
sealed partial class ResponseTrackingService(
    FactsStore store, FactsColumns columns, FactsRebuild rebuild, DatabaseHistory history, Database database, ParkedMessageStore parked, ReferenceData reference,
    IOptions<InstallationOptions> installation, TimeProvider time)
    : ResponseTracking.ResponseTrackingBase;
