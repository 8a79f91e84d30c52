namespace Exchange.Client;

/// <summary>The pause before the next try: doubled after each one, up to a longest pause.</summary>
public sealed class Backoff(TimeSpan first, TimeSpan longest)
{
    TimeSpan? doubled;

    /// <summary>How long <see cref="Wait"/> waits next.</summary>
    public TimeSpan Pause => doubled ?? first;

    /// <summary>After something went well: the next failure is a first one again.</summary>
    public void Reset() => doubled = null;

    /// <summary>Waits for <see cref="Pause"/>, and doubles it.</summary>
    public async Task Wait(TimeProvider time, CancellationToken stop)
    {
        await Task.Delay(Pause, time, stop);
        doubled = Pause * 2 < longest ? Pause * 2 : longest;
    }
}
