using System.Threading.Channels;

namespace Exchange.Platform;

/// <summary>Wakes a worker at once rather than at its next look; several calls while it works count as one.</summary>
public class Signal(TimeProvider time)
{
    readonly Channel<bool> wakeUps =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>There is something to do.</summary>
    public void WakeUp() => wakeUps.Writer.TryWrite(true);

    /// <summary>Waits for a call, but not longer than <paramref name="atMost"/>: another process may have died before its call.</summary>
    public async Task Wait(TimeSpan atMost, CancellationToken stop)
    {
        using var timeout = new CancellationTokenSource(atMost, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stop);
        try
        {
            await wakeUps.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
        }
    }
}

/// <summary>Appends were committed: there is something to seal.</summary>
public sealed class SealSignal(TimeProvider time) : Signal(time);

/// <summary>This process sealed something; for the one worker that follows its own journal.</summary>
public sealed class SealedSignal(TimeProvider time) : Signal(time);
