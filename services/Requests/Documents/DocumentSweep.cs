using Exchange.Platform;
using Microsoft.Extensions.Options;

namespace Exchange.Requests;

/// <summary>Deletes uploads that nobody went on with.</summary>
sealed partial class DocumentSweep(
    UploadStore uploads, IOptions<DocumentOptions> options, TimeProvider time, ILogger<DocumentSweep> log)
    : PeriodicWorker(time, options.Value.SweepInterval)
{
    protected override async Task<TimeSpan> RunOnce(CancellationToken stop)
    {
        if (await uploads.DeleteLeft(options.Value.KeepUploads, stop) is > 0 and var count)
        {
            using var work = BackgroundWork.Begin("delete uploads")?.SetTag("exchange.uploads", count);
            Deleted(count);
        }
        return options.Value.SweepInterval;
    }

    protected override void Failed(Exception e) => Stalled(e);

    [LoggerMessage(2071, LogLevel.Information, "{Count} uploads that nobody went on with were deleted")]
    partial void Deleted(int count);

    [LoggerMessage(2072, LogLevel.Warning, "Uploads that nobody went on with could not be deleted; trying again")]
    partial void Stalled(Exception e);
}
