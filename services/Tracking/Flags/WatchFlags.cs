using Exchange.Platform;
using Exchange.Tracking.V1;
using Grpc.Core;

namespace Exchange.Tracking;

sealed partial class EscalationService
{
    const int WatchBatchSize = 500;

    /// <summary>
    /// Streams the changes of flags after a number as they are committed, each once and in order, whichever replica made them. The stream
    /// ends by itself after a while, because a running stream is not cut when the caller's certificate is revoked.
    /// </summary>
    [Allow(CallerRole.Investigator, CallerRole.Prosecutor, CallerRole.Liaison)]
    public override async Task WatchFlags(
        WatchFlagsRequest request, IServerStreamWriter<WatchFlagsResponse> responseStream, ServerCallContext context)
    {
        var caller = context.Caller();
        var last = await flags.Last(context.CancellationToken);
        if (request.AfterChangeNo < -1 || request.AfterChangeNo > last)
            throw Refusal.Invalid([new("after_change_no",
                "is neither -1 nor a number that was given; read the list of flags and go on from its number.")]);

        // Up to where the log was read, and the number that the caller was sent last; -1 asks to be told at once where the log stands.
        var (readTo, sent) = request.AfterChangeNo == -1 ? (last, -1) : (request.AfterChangeNo, request.AfterChangeNo);
        using var limit = new CancellationTokenSource(options.Value.WatchLimit, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, host.ApplicationStopping, context.CancellationToken);
        while (!end.IsCancellationRequested)
        {
            var woken = signal.Next;
            var (changes, upTo) = await flags.After(
                readTo, caller.State!, () => closed.To(caller, context.CancellationToken), WatchBatchSize, context.CancellationToken);
            await SetCaseNumbers(changes, caller, context.CancellationToken);
            foreach (var change in changes)
                await Send(change.ChangeNo, change);
            readTo = upTo;
            if (sent != readTo)
                await Send(readTo, null);
            if (changes.Count < WatchBatchSize)
            {
                // Until this process has changed a flag, or it is time to look what other replicas have changed, or the end.
                await signal.Wait(woken, options.Value.Interval, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        context.CancellationToken.ThrowIfCancellationRequested();

        Task Send(long changeNo, FlagChange? change)
        {
            sent = changeNo;
            return responseStream.WriteAsync(new() { ChangeNo = changeNo, Change = change }, context.CancellationToken);
        }
    }
}
