using Exchange.Client;
using Exchange.Platform;

namespace Exchange.Tracking;

/// <summary>
/// Tells Requests of a rung again until its journal says that every request concerned has recorded it: a message may be lost with the
/// broker, or be set aside because nobody could verify it then. Which rungs are waited for is written in the transaction that takes them,
/// and what is recorded is known from the journal of Requests, so nothing is told too little. A repeat changes nothing there, and has the
/// same id each time, so that one that is set aside is set aside once.
/// </summary>
sealed partial class RungResending(
    UnrecordedRungs unrecorded, RungStore rungs, Outbox outbox, OutboxMessages messages, TimeProvider time,
    ILogger<RungResending> log) : PeriodicWorker(time, Interval)
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    protected override async Task<TimeSpan> RunOnce(CancellationToken stop)
    {
        if (await unrecorded.TakeDue(Time.GetUtcNow(), stop) is { Length: > 0 } waiting)
        {
            var told = await rungs.Confirmed(stop, waiting);
            await outbox.Add(
                [.. told.Select(rung => messages.Compose(rung) with { Id = RungSigning.IdOf(rung.Signature) })], Time.GetUtcNow(), stop);
            ToldAgain(told.Count);
        }
        return Interval;
    }

    protected override void Failed(Exception e) => NotTold(e);

    [LoggerMessage(3040, LogLevel.Information, "{Rungs} rungs are told to Requests again, whose journal does not hold them yet")]
    partial void ToldAgain(int rungs);

    [LoggerMessage(3041, LogLevel.Warning, "Rungs that Requests has not recorded could not be told again; trying again")]
    partial void NotTold(Exception e);
}
