using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Tracking.V1;

namespace Exchange.Tracking;

/// <summary>The gRPC service. Each rpc has a file of its own in <c>Operations/</c>.</summary>
sealed partial class ResponseTrackingService(
    FactsStore store, Database database, Parking parking, ReferenceData reference, TimeProvider time)
    : ResponseTracking.ResponseTrackingBase;
