using Exchange.Client;

namespace Exchange.Cli;

/// <summary>
/// After an import: waits until Tracking has taken in all that Requests had sealed, so that the next figures are the right
/// ones. What went in is safe either way; so trouble here is a note, never a failed import.
/// </summary>
sealed class TrackingCatchUp(Session session, TimeSpan patience)
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    readonly long started = session.Time.GetTimestamp();

    public async Task Wait()
    {
        try
        {
            var goal = await Reach("sealing", Sealed);
            if (goal is null || await Reach("taking into the figures", () => TakenIn(goal.Value)) is null)
                session.Note("Tracking has not taken in everything yet, so figures may still move; `exchange status` shows how far it is.");
        }
        catch (ServiceCallException failure)
        {
            session.Note($"{failure.Service} did not say how far it is; `exchange status` shows it. The register is in.");
        }
    }

    async Task<long?> Reach(string what, Func<Task<(long? Reached, string State)>> look)
    {
        for (var noted = ""; ;)
        {
            var (reached, state) = await look();
            if (reached is not null)
                return reached;
            if (session.Time.GetElapsedTime(started) > patience)
                return null;
            if (noted != what)
                session.Note($"{noted = what}: {state}");
            await Task.Delay(Pause, session.Time, session.Stop);
        }
    }

    async Task<(long? Reached, string State)> Sealed()
    {
        var requests = await session.Services.Requests.Call(async client => await client.GetStatusAsync(new(), session.CallOptions()));
        return (requests.Unsealed == 0 ? requests.SealedNo : null, $"{TextFormat.Thousands(requests.Unsealed)} to go");
    }

    async Task<(long? Reached, string State)> TakenIn(long goal)
    {
        var tracking = await session.Services.Tracking.Call(async client => await client.GetStatusAsync(new(), session.CallOptions()));
        return (tracking.SealedNo >= goal ? tracking.SealedNo : null, $"{TextFormat.Thousands(goal - tracking.SealedNo)} to go");
    }
}
