namespace Exchange.Platform.Tests;

/// <summary>A clock that starts at the real time and then moves by hand only.</summary>
sealed class HandClock : TimeProvider
{
    readonly DateTimeOffset start = System.GetUtcNow();
    long ticks;

    public override DateTimeOffset GetUtcNow() => start.AddTicks(Interlocked.Read(ref ticks));

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref ticks);

    public void Advance(TimeSpan by) => Interlocked.Add(ref ticks, by.Ticks);
}
