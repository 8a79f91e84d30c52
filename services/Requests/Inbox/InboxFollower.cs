using Exchange.Platform;
using Microsoft.Extensions.Options;

namespace Exchange.Requests;

/// <summary>Follows the service's own journal into the inbox, and tells this process's watchers, whichever replica did it.</summary>
sealed partial class InboxFollower(
    InboxStore inbox, InboxNews news, SealedSignal signal, IOptions<InboxOptions> options, TimeProvider time, ILogger<InboxFollower> log)
    : PeriodicWorker(time, options.Value.LookInterval, signal)
{
    protected override async Task<TimeSpan> RunOnce(CancellationToken stop)
    {
        var (sealedNo, more) = await inbox.Follow(stop);
        if (sealedNo > news.SealedNo)
            news.MoveTo(sealedNo, await inbox.Newest(news.SealedNo, sealedNo, stop));
        return more ? TimeSpan.Zero : options.Value.LookInterval;
    }

    protected override void Failed(Exception e) => Behind(e);

    [LoggerMessage(2040, LogLevel.Error, "The inbox is behind the journal; trying again")]
    partial void Behind(Exception e);
}
