using Exchange.Platform;
using Microsoft.Extensions.Options;

namespace Exchange.Requests;

/// <summary>Follows the service's own journal into the inbox, and tells this process's watchers, whichever replica did it.</summary>
sealed partial class InboxFollower(
    InboxStore inbox, InboxNews news, SealedSignal signal, IOptions<InboxOptions> options, TimeProvider time, ILogger<InboxFollower> log)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var (sealedNo, more) = await inbox.Follow(stoppingToken);
                if (sealedNo > news.SealedNo)
                    news.MoveTo(sealedNo, await inbox.Newest(news.SealedNo, sealedNo, stoppingToken));
                if (!more)
                    await signal.Wait(options.Value.LookInterval, stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Behind(e);
                await Task.Delay(options.Value.LookInterval, time, stoppingToken);
            }
        }
    }

    [LoggerMessage(2040, LogLevel.Error, "The inbox is behind the journal; trying again")]
    partial void Behind(Exception e);
}
