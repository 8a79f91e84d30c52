using Exchange.Client;
using Exchange.Correlation.V1;
using Exchange.Platform;
using Microsoft.Extensions.Options;

namespace Exchange.Correlation;

/// <summary>The gRPC service of links between cases. Each rpc has a file of its own in the folder of its subject.</summary>
sealed partial class CaseCorrelationService(
    LinkQuery query, IdentifierKey key, ClosedRequests closed, CaseNumbers cases, IdentifierStore store, IdentifierRebuild rebuild,
    DatabaseHistory history, RecordFindings findings, Positions positions, ParkedMessageStore parked,
    IOptions<InstallationOptions> installation)
    : CaseCorrelation.CaseCorrelationBase;
