using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Requests.V1;

namespace Exchange.Requests;

/// <summary>Cases of the caller's state. Each rpc has a file of its own in <c>Operations/</c>.</summary>
sealed partial class CaseRegistryService(
    CaseStore cases, RequestStore requests, RequestKeys keys, Ledger ledger, Journal journal, ReferenceData reference, TimeProvider time) : CaseRegistry.CaseRegistryBase
{
    const int DefaultPageSize = 50;
    const int MaxPageSize = 1_000;
    const int MostRequests = 1_000;

    static CriminalCase Shown(CaseState state) => new()
    {
        Name = $"cases/{state.Id}", Etag = state.Etag, State = state.Kept.State, Number = state.Kept.Number, Lead = state.Kept.Lead,
        Participants = { state.Kept.Participants }, Restricted = state.Kept.Restricted, Officers = { state.Kept.Officers },
    };
}
