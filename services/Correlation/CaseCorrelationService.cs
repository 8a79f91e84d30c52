using Exchange.Correlation.V1;
using Exchange.Platform;

namespace Exchange.Correlation;

/// <summary>The gRPC service. Each rpc has a file of its own in <c>Operations/</c>.</summary>
sealed partial class CaseCorrelationService(LinkQuery query, IdentifierStore store, Positions positions, Parking parking)
    : CaseCorrelation.CaseCorrelationBase;
