namespace Exchange.Testing;

/// <summary>
/// A clock that stands still until a test moves it. Timers fire on the way, in order of their time, and each sees its own.
/// </summary>
public sealed class FakeClock(DateTimeOffset start) : TimeProvider
{
    readonly Lock gate = new();
    readonly List<FakeTimer> timers = [];
    DateTimeOffset now = start.ToUniversalTime();

    /// <inheritdoc />
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc />
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc />
    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
            return now;
    }

    /// <inheritdoc />
    public override long GetTimestamp() => GetUtcNow().Ticks;

    /// <summary>Moves the clock on and fires what falls due; returns when every callback has.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        var target = GetUtcNow() + by;
        while (NextDue(target) is { } timer)
            timer.Fire();
        lock (gate)
            now = target;
    }

    /// <summary>Sets the clock, back as well, as an administrator would; timers fire only on the way forward.</summary>
    public void Set(DateTimeOffset instant)
    {
        var by = instant - GetUtcNow();
        if (by > TimeSpan.Zero)
        {
            Advance(by);
            return;
        }

        lock (gate)
            now = instant.ToUniversalTime();
    }

    /// <inheritdoc />
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FakeTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    FakeTimer? NextDue(DateTimeOffset target)
    {
        lock (gate)
        {
            var timer = timers.Where(t => t.Due <= target).MinBy(t => t.Due);
            if (timer is null)
                return null;

            now = timer.Due > now ? timer.Due : now;
            timer.Due += timer.Period;
            if (timer.Period <= TimeSpan.Zero)
                timers.Remove(timer);
            return timer;
        }
    }

    sealed class FakeTimer(FakeClock clock, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset Due { get; set; }

        public TimeSpan Period { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            bool atOnce;
            lock (clock.gate)
            {
                clock.timers.Remove(this);
                // Without a period it is infinite, which .NET writes as minus one millisecond.
                Period = period > TimeSpan.Zero ? period : TimeSpan.Zero;
                Due = clock.now + dueTime;
                atOnce = dueTime == TimeSpan.Zero;
                if (dueTime > TimeSpan.Zero || (atOnce && Period > TimeSpan.Zero))
                    clock.timers.Add(this);
                if (atOnce)
                    Due += Period;
            }

            if (atOnce)
                Fire();
            return true;
        }

        public void Dispose()
        {
            lock (clock.gate)
                clock.timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
