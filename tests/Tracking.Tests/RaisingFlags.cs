using Exchange.Testing;

namespace Exchange.Tracking.Tests;

public sealed class RaisingFlags
{
    static readonly DateOnly Transmitted = new(2026, 3, 2);
    static readonly DateOnly Due = new(2026, 3, 12);

    // 2026-03-12 24:00 in Minsk, three hours ahead of UTC all year.
    static readonly DateTimeOffset Passes = new(2026, 3, 12, 21, 0, 0, TimeSpan.Zero);

    readonly FakeClock clock = new(new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero));
    readonly Guid id = Guid.CreateVersion7();

    [Fact]
    public async Task Happens_at_midnight_after_the_due_day_in_the_requesting_state_and_once()
    {
        await using var database = await FactsDatabase.Create(clock);
        await database.Store.Apply([Sent().Facts()], default);

        clock.Set(Passes.AddMilliseconds(-1));
        (await database.Store.RaiseFlags(10, default)).ShouldBe(0);
        (await database.Flags()).ShouldBeEmpty();

        clock.Set(Passes);
        (await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => database.Store.RaiseFlags(10, default)))).Sum().ShouldBe(1);
        (await database.Store.RaiseFlags(10, default)).ShouldBe(0);
        (await database.Flags()).ShouldBe(["1 2026-03-12 raised 2026-03-12 21:00 origin 1 cleared "]);
    }

    [Fact]
    public async Task Goes_on_to_the_next_limit_of_the_same_request()
    {
        await using var database = await FactsDatabase.Create(clock);
        await database.Store.Apply([Sent(requested: Due.AddDays(5), benchmark: Due.AddDays(1)).Facts()], default);

        clock.Set(Passes);
        await database.Store.RaiseFlags(10, default);
        clock.Set(Passes.AddDays(30));
        (await database.Store.RaiseFlags(10, default)).ShouldBe(1);

        (await database.Flags()).ShouldBe(
            ["1 2026-03-12 raised 2026-03-12 21:00 origin 1 cleared ", "2 2026-03-17 raised 2026-03-17 21:00 origin 1 cleared "]);
    }

    [Fact]
    public async Task Is_undone_by_a_late_answer_that_leaves_the_flag_on_record()
    {
        await using var database = await FactsDatabase.Create(clock);
        await database.Store.Apply([Sent().Facts()], default);
        clock.Set(Passes.AddDays(3));
        await database.Store.RaiseFlags(10, default);
        await database.Store.Apply([Answered(2, Due.AddDays(3), Passes.AddDays(3)).Facts()], default);

        (await database.Flags()).ShouldBe(["1 2026-03-12 raised 2026-03-12 21:00 origin 1 cleared 2026-03-15"]);
    }

    [Fact]
    public async Task Never_happens_where_the_answer_was_recorded_in_time_even_when_the_news_of_it_comes_late()
    {
        await using var database = await FactsDatabase.Create(clock);
        await database.Store.Apply([Sent().Facts()], default);
        clock.Set(Passes.AddDays(3));
        await database.Store.RaiseFlags(10, default);
        await database.Store.Apply([Answered(2, Due, Passes.AddHours(-2)).Facts()], default);

        (await database.Flags()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Follows_a_correction_that_takes_the_answer_back()
    {
        await using var database = await FactsDatabase.Create(clock);
        clock.Set(Passes.AddDays(9));
        var answered = Answered(2, Due.AddDays(3), Passes.AddDays(3));
        await database.Store.Apply([Sent().Facts(), answered.Facts()], default);
        await database.Store.Apply([(answered with { Version = 3, RecordedAt = Passes.AddDays(8), Letter = Sent().Letter }).Facts()], default);

        (await database.Flags()).ShouldBe(["1 2026-03-12 raised 2026-03-12 21:00 origin 1 cleared "]);
    }

    [Fact]
    public async Task Clears_the_flag_of_a_limit_that_a_correction_moved()
    {
        await using var database = await FactsDatabase.Create(clock);
        clock.Set(Passes.AddDays(2));
        var moved = Sent().Letter with { Due = new Dictionary<string, DateOnly> { ["policy"] = Due.AddDays(30) } };
        await database.Store.Apply([Sent().Facts(), (Sent() with { Version = 2, RecordedAt = Passes.AddDays(1), Letter = moved }).Facts()], default);

        (await database.Flags()).ShouldBe(["1 2026-03-12 raised 2026-03-12 21:00 origin 1 cleared 2026-03-14"]);
    }

    [Fact]
    public async Task Takes_from_a_register_what_it_observed_and_nothing_after()
    {
        await using var database = await FactsDatabase.Create(clock);
        clock.Set(Passes.AddDays(400));
        var observed = Imported(observedUntil: Due, requested: Due.AddDays(1));
        for (var delivery = 0; delivery < 3; delivery++)
            await database.Store.Apply([observed.Facts()], default);
        (await database.Store.RaiseFlags(10, default)).ShouldBe(0);

        (await database.Flags()).ShouldBe(["1 2026-03-12 raised 2026-03-12 21:00 origin 2 cleared "]);
    }

    [Fact]
    public async Task Becomes_our_own_when_an_officer_adopts_the_request()
    {
        await using var database = await FactsDatabase.Create(clock);
        clock.Set(Passes.AddDays(400));
        var observed = Imported(observedUntil: Due, requested: Due.AddDays(1));
        await database.Store.Apply([observed.Facts(), (observed with { Version = 2, RecordedAt = Passes.AddDays(399), Adopted = true }).Facts()], default);

        (await database.Flags()).ShouldBe(
            ["1 2026-03-12 raised 2026-03-12 21:00 origin 1 cleared ", "2 2026-03-13 raised 2026-03-13 21:00 origin 1 cleared "]);
    }

    Known Sent(DateOnly? requested = null, DateOnly? benchmark = null)
    {
        var due = new Dictionary<string, DateOnly> { ["policy"] = Due };
        if (requested is { } asked)
            due["requested"] = asked;
        if (benchmark is { } day)
            due["benchmark"] = day;
        return new(id, 1, new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero), new()
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

    Known Imported(DateOnly observedUntil, DateOnly requested)
    {
        var sent = Sent(requested);
        return sent with { Imported = true, Letter = sent.Letter with { ObservedUntil = observedUntil } };
    }

    Known Answered(int version, DateOnly on, DateTimeOffset recordedAt)
    {
        var sent = Sent();
        return sent with { Version = version, RecordedAt = recordedAt, Letter = sent.Letter with { Answers = [new(on, "executed", true, "requested_side")] } };
    }
}
