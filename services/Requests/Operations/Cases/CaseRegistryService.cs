using Exchange.Platform;
using Exchange.Reference;
using Exchange.Requests.V1;

namespace Exchange.Requests;

/// <summary>The gRPC service of cases of the caller's state: each rpc has a file of its own beside this one.</summary>
sealed partial class CaseRegistryService(
    CaseStore cases, RequestViews requests, RequestKeys keys, LookupIndex index, CommandHandler commands,
    ReferenceData reference, TimeProvider time)
    : CaseRegistry.CaseRegistryBase
{
    const int DefaultPageSize = 50;
    const int MostRequests = 1_000;

    static CriminalCase ToProto(CaseState state) => new()
    {
        Name = CaseState.NameOf(state.Id), Etag = state.Etag, State = state.Kept.State, Number = state.Particulars.Number,
        Lead = state.Particulars.Lead, Participants = { state.Particulars.Participants }, Restricted = state.Kept.Restricted,
        Officers = { state.Particulars.Officers },
    };
}
