namespace Exchange.Tracking.Tests;

/// <summary>One letter from Minsk to Warsaw and what may become of it.</summary>
sealed class OneLetter
{
    public static readonly DateOnly Transmitted = new(2026, 3, 2);
    public static readonly DateOnly Due = new(2026, 3, 12);

    /// <summary>2026-03-12 24:00 in Minsk, three hours ahead of UTC all year.</summary>
    public static readonly DateTimeOffset Passes = new(2026, 3, 12, 21, 0, 0, TimeSpan.Zero);

    public Guid Id { get; } = Guid.CreateVersion7();

    public Known Sent(DateOnly? requested = null, DateOnly? benchmark = null)
    {
        var due = new Dictionary<string, DateOnly> { ["policy"] = Due };
        if (requested is { } asked)
            due["requested"] = asked;
        if (benchmark is { } day)
            due["benchmark"] = day;
        return new(Id, 1, new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero), new()
        {
            Reference = "BY-2026-000001",
            RequestingState = "BY",
            RequestedState = "PL",
            Instrument = "UNTOC-2000",
            Offence = "kidnapping",
            Measures = [],
            Urgency = "routine",
            Transmitted = Transmitted,
            Due = due,
        }, Imported: false);
    }

    public Known Imported(DateOnly observedUntil, DateOnly requested)
    {
        var sent = Sent(requested);
        return sent with { Imported = true, Letter = sent.Letter with { ObservedUntil = observedUntil } };
    }

    public Known Answered(int version, DateOnly on, DateTimeOffset recordedAt)
    {
        var sent = Sent();
        var answered = sent.Letter with { Answers = [new(on, "executed", true, "requested_side")] };
        return sent with { Version = version, RecordedAt = recordedAt, Letter = answered };
    }

    /// <summary>A correction that moves the policy limit.</summary>
    public Known Moved(int version, DateOnly due, DateTimeOffset recordedAt)
    {
        var sent = Sent();
        var moved = sent.Letter with { Due = new Dictionary<string, DateOnly> { ["policy"] = due } };
        return sent with { Version = version, RecordedAt = recordedAt, Letter = moved };
    }
}
