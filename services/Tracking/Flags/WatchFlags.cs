using Exchange.Platform;
using Exchange.Tracking.V1;
using Grpc.Core;

namespace Exchange.Tracking;

sealed partial class EscalationService
{
    const int ChangesAtOnce = 500;

    /// <summary>
    /// Tells the changes of flags after a number as they are committed, each once and in order, wherever they were made.
    /// Ends by itself, for a running stream is not cut when a certificate is revoked.
    /// </summary>
    [Allow(CallerRole.Investigator, CallerRole.Prosecutor, CallerRole.Liaison)]
    public override async Task WatchFlags(WatchFlagsRequest request, IServerStreamWriter<WatchFlagsResponse> responseStream, ServerCallContext context)
    {
        var viewer = context.Caller().State!;
        var last = await flags.Last(context.CancellationToken);
        if (request.AfterChangeNo < -1 || request.AfterChangeNo > last)
            throw Refusal.Invalid([new("after_change_no", "is neither -1 nor a number that was given; read the list of flags and go on from its number.")]);

        var (told, said) = request.AfterChangeNo == -1 ? (last, -1) : (request.AfterChangeNo, request.AfterChangeNo);
        using var limit = new CancellationTokenSource(options.Value.WatchLimit, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, host.ApplicationStopping, context.CancellationToken);
        while (!end.IsCancellationRequested)
        {
            var woken = signal.Next;
            var (changes, upTo) = await flags.After(told, viewer, ChangesAtOnce, context.CancellationToken);
            foreach (var change in changes)
                await Tell(change.ChangeNo, change);
            told = upTo;
            if (said != told)
                await Tell(told, null);
            if (changes.Count < ChangesAtOnce)
                await Woken(woken, end.Token);
        }
        context.CancellationToken.ThrowIfCancellationRequested();

        Task Tell(long changeNo, FlagChange? change)
        {
            said = changeNo;
            return responseStream.WriteAsync(new() { ChangeNo = changeNo, Change = change }, context.CancellationToken);
        }
    }

    /// <summary>Until this process has changed a flag, or it is time to look what others did.</summary>
    async Task Woken(Task woken, CancellationToken end)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(end);
        var pause = Task.Delay(options.Value.Interval, time, enough.Token);
        await Task.WhenAny(woken, pause);
        await enough.CancelAsync();
        await pause.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
