using Exchange.Requests.V1;
using Exchange.Tracking.V1;
using Grpc.Core;

namespace Exchange.Cli.Tests;

/// <summary>Tells of as many items as a test puts in; a watch ends by itself after each.</summary>
sealed class CannedInbox : OfficerInbox.OfficerInboxBase
{
    public List<InboxItem> Items { get; } = [];

    public List<ListInboxRequest> Lists { get; } = [];

    public List<long> Marks { get; } = [];

    public List<WatchInboxRequest> Watches { get; } = [];

    /// <summary>Called when a watch has heard everything.</summary>
    public Action AllHeard { get; set; } = () => { };

    public override Task<ListInboxResponse> ListInbox(ListInboxRequest request, ServerCallContext context)
    {
        Lists.Add(request);
        // A page of one, so that there is always one page more than items but the last.
        var left = Items.Where(item => item.SealedNo > request.AfterSealedNo).ToList();
        return Task.FromResult(
            new ListInboxResponse { Items = { left.Take(1) }, More = left.Count > 1, SealedNo = left.Count > 1 ? left[0].SealedNo : 100 });
    }

    public override Task<MarkInboxResponse> MarkInbox(MarkInboxRequest request, ServerCallContext context)
    {
        Marks.Add(request.SealedNo);
        return Task.FromResult(new MarkInboxResponse { SealedNo = request.SealedNo });
    }

    public override async Task WatchInbox(WatchInboxRequest request, IServerStreamWriter<WatchInboxResponse> responseStream,
        ServerCallContext context)
    {
        Watches.Add(request);
        switch (Watches.Count)
        {
            case 1:
                await responseStream.WriteAsync(new() { SealedNo = 101, Item = Sample.Item(101, StepCode.Acknowledge) });
                await responseStream.WriteAsync(new() { SealedNo = 105 });
                break;
            case 2:
                await responseStream.WriteAsync(new() { SealedNo = 106, Item = Sample.Item(106, StepCode.RequestSupplement) });
                throw new RpcException(new(StatusCode.Unavailable, "Going down."));
            default:
                AllHeard();
                break;
        }
    }
}

sealed class CannedCases : CaseRegistry.CaseRegistryBase
{
    public KeepCaseRequest? Kept { get; private set; }

    public override Task<CriminalCase> KeepCase(KeepCaseRequest request, ServerCallContext context)
    {
        Kept = request;
        var kept = request.Case.Clone();
        (kept.Name, kept.State) = ("cases/1", "BY");
        return Task.FromResult(kept);
    }

    public override Task<CriminalCase> GetCase(GetCaseRequest request, ServerCallContext context) => Task.FromResult(new CriminalCase
    {
        State = "BY", Number = request.Number, Requests = { Sample.Request.Facts },
    });

    public override Task<ListCasesResponse> ListCases(ListCasesRequest request, ServerCallContext context) =>
        Task.FromResult(new ListCasesResponse
        {
            Cases = { new CriminalCase { Name = "cases/1", State = "BY", Number = $"BY-{request.PageToken}1",
            Lead = "general-prosecutor/international" } },
            NextPageToken = request.PageToken.Length == 0 ? "more" : "",
        });
}

sealed class CannedEscalation : Escalation.EscalationBase
{
    public TakeRungRequest? Taken { get; set; }

    public ListFlagsRequest? Listing { get; private set; }

    public List<long> Watches { get; } = [];

    /// <summary>Called when a watch has heard everything.</summary>
    public Action AllHeard { get; set; } = () => { };

    public override async Task WatchFlags(WatchFlagsRequest request, IServerStreamWriter<WatchFlagsResponse> responseStream,
        ServerCallContext context)
    {
        Watches.Add(request.AfterChangeNo);
        if (Watches.Count == 1)
            await responseStream.WriteAsync(new() { ChangeNo = 7, Change = Sample.Flag });
        else
            AllHeard();
    }

    public override Task<ListFlagsResponse> ListFlags(ListFlagsRequest request, ServerCallContext context)
    {
        Listing = request;
        return Task.FromResult(new ListFlagsResponse { Flags = { Sample.Flag } });
    }

    public override Task<ListDueRungsResponse> ListDueRungs(ListDueRungsRequest request, ServerCallContext context) =>
        Task.FromResult(new ListDueRungsResponse { Rungs = { Sample.DueRung } });

    public override Task<TakenRung> TakeRung(TakeRungRequest request, ServerCallContext context)
    {
        Taken = request;
        return Task.FromResult(Rung(request));
    }

    public override Task<ListTakenRungsResponse> ListTakenRungs(ListTakenRungsRequest request, ServerCallContext context) =>
        Task.FromResult(new ListTakenRungsResponse { Rungs = { Rung(new() { Partner = "PL", Rung = Requests.V1.Rung.Reminder }) } });

    static TakenRung Rung(TakeRungRequest request) => new()
    {
        Name = "rungs/1", Partner = request.Partner, Rung = request.Rung, TakenOn = "2026-11-21", Letter = request.Letter,
        ConfirmedBy = "exchange://BY/general-prosecutor/international/1001?role=prosecutor", Requests = { Sample.DueRung.Requests },
    };
}
