using Exchange.Platform;
using Exchange.Requests.V1;
using Grpc.Core;

namespace Exchange.Requests;

sealed partial class OfficerInboxService
{
    const long FromNowOn = -1;
    const int ReadAtOnce = 100;

    /// <summary>Streams what is new, as it is sealed: what waits already, then what comes. Ends by itself at its limit.</summary>
    [Allow(CallerRole.Investigator, CallerRole.Prosecutor, CallerRole.Liaison)]
    public override async Task WatchInbox(WatchInboxRequest request, IServerStreamWriter<WatchInboxResponse> responseStream,
        ServerCallContext context)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        try
        {
            await Watch(request, context.Caller(), responseStream, either.Token);
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            throw RequestRefusals.Stopping();
        }
    }

    async Task Watch(WatchInboxRequest request, Caller caller, IServerStreamWriter<WatchInboxResponse> stream, CancellationToken ct)
    {
        var started = time.GetTimestamp();
        var head = await inbox.Position(ct);
        if (request.AfterSealedNo < FromNowOn)
            throw Refusal.Invalid(
                [new("after_sealed_no", "must be a sealed number, 0 for the beginning, or -1 for what comes from now on.")]);
        if (request.AfterSealedNo > head)
            throw Refusal.Invalid([AheadOfAll("after_sealed_no")]);

        var told = request.AfterSealedNo == FromNowOn ? head : request.AfterSealedNo;
        for (var quiet = true; Left() > TimeSpan.Zero; head = news.SealedNo)
        {
            IReadOnlyList<InboxItem> page;
            do
            {
                page = await ReadInTurn(caller, request.Mine, told, head, ct);
                foreach (var item in page)
                    await stream.WriteAsync(new() { SealedNo = told = item.SealedNo, Item = item }, ct);
            }
            while (page.Count == ReadAtOnce && Left() > TimeSpan.Zero);
            if (page.Count == ReadAtOnce)
                return;

            // This replica may know less than the one that the caller came from.
            told = Math.Max(told, head);
            if (quiet)
                await stream.WriteAsync(new() { SealedNo = told }, ct);
            var patience = Left() < options.Value.Heartbeat ? Left() : options.Value.Heartbeat;
            quiet = !await news.Wait(caller.State!, told, patience, ct);
        }

        TimeSpan Left() => options.Value.WatchLimit - time.GetElapsedTime(started);
    }

    async Task<List<InboxItem>> ReadInTurn(Caller caller, bool mine, long after, long to, CancellationToken ct)
    {
        await news.Turns.WaitAsync(ct);
        try
        {
            return await inbox.Items(caller, mine, after, to, ReadAtOnce, ct);
        }
        finally
        {
            news.Turns.Release();
        }
    }
}
