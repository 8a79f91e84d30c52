namespace Exchange.Testing;

/// <summary>Waits for what another thread, process or server will do. The bound is only for giving up: no test measures time.</summary>
public static class Eventually
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    /// <summary>Repeats the assertion until it holds.</summary>
    /// <param name="assertion">Throws while it does not hold yet.</param>
    /// <param name="atMost">When to give up; 90 seconds unless told otherwise.</param>
    /// <exception cref="TimeoutException">It never held; the message is that of its last failure.</exception>
    public static async Task Holds(Func<Task> assertion, TimeSpan? atMost = null)
    {
        var started = TimeProvider.System.GetTimestamp();
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            try
            {
                await assertion();
                return;
            }
            catch (Exception failure) when (TimeProvider.System.GetElapsedTime(started) >= (atMost ?? Patience))
            {
                throw new TimeoutException($"Did not hold within {atMost ?? Patience}: {failure.Message}", failure);
            }
#pragma warning disable CA1031 // Every failure of an assertion means "not yet".
            catch (Exception)
#pragma warning restore CA1031
            {
                await pause.WaitForNextTickAsync();
            }
        }
    }

    /// <inheritdoc cref="Holds(Func{Task}, TimeSpan?)" />
    public static Task Holds(Action assertion, TimeSpan? atMost = null) => Holds(() =>
    {
        assertion();
        return Task.CompletedTask;
    }, atMost);
}
