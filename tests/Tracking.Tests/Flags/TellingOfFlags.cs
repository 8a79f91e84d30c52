using Exchange.Reference;
using Exchange.Requests.V1;
using Exchange.Tracking.V1;
using Microsoft.Extensions.Time.Testing;
using static Exchange.Tracking.Tests.OneLetter;

namespace Exchange.Tracking.Tests;

/// <summary>The log of flags: what changed, once each, under numbers without gaps.</summary>
public sealed class TellingOfFlags : IAsyncLifetime
{
    readonly FakeTimeProvider clock = new(new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero));
    readonly OneLetter letter = new();
    FactsDatabase database = null!;

    public async ValueTask InitializeAsync()
    {
        database = await FactsDatabase.Create(clock);
        await database.Store.Apply([letter.Sent().Facts()], default);
    }

    public async ValueTask DisposeAsync() => await database.DisposeAsync();

    [Fact]
    public async Task Says_all_of_a_flag_when_it_is_raised()
    {
        await Raise(Passes);

        (await database.Told()).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            c => (c.ChangeNo, c.Event, c.LimitKind, c.Origin).ShouldBe((1L, FlagEvent.Raised, LimitKind.Policy, Origin.OnTheExchange)),
            c => (c.Request, c.Reference, c.CaseNumber).ShouldBe(($"requests/{letter.Id}", "BY-2026-000001", "")),
            c => (c.RequestingState, c.RequestedState).ShouldBe(("BY", "PL")),
            c => (c.DueOn, c.ClearedOn, c.ReplacesDueOn).ShouldBe(("2026-03-12", "", "")),
            c => (c.RaisedAt.ToDateTimeOffset(), c.RecordedAt.ToDateTimeOffset()).ShouldBe((Passes, Passes)),
            c => (c.WaitingOnUs, c.Silent).ShouldBe((false, true)));
    }

    [Fact]
    public async Task Says_that_it_waits_on_us_when_the_partner_has_asked()
    {
        var asked = letter.Sent().Letter with { Questions = [new(Due.AddDays(-1), null)] };
        await database.Store.Apply([(letter.Sent() with { Version = 2, RecordedAt = Passes.AddDays(-1), Letter = asked }).Facts()],
            default);
        await Raise(Passes);

        (await database.Told()).Select(c => (c.Event, c.WaitingOnUs, c.Silent)).ShouldBe([(FlagEvent.Raised, true, false)]);
    }

    [Fact]
    public async Task Tells_once_whoever_raises_or_delivers_and_however_often()
    {
        clock.SetUtcNow(Passes);
        await Task.WhenAll(Enumerable.Range(0, 4).SelectMany(_ => new Task[]
        {
            database.Replica(clock).RaiseFlags(10, default), database.Replica(clock).Apply([letter.Sent().Facts()], default),
        }));

        (await database.Told()).Select(c => c.Event).ShouldBe([FlagEvent.Raised]);
    }

    [Fact]
    public async Task Tells_of_a_clearing_and_of_a_correction_that_takes_the_answer_back()
    {
        await Raise(Passes.AddDays(1));
        var answered = letter.Answered(2, Due.AddDays(2), Passes.AddDays(2));
        await Apply(Passes.AddDays(2), answered);
        await Apply(Passes.AddDays(8), answered with { Version = 3, RecordedAt = Passes.AddDays(8), Letter = letter.Sent().Letter });
        await Apply(Passes.AddDays(9), answered with { Version = 4, RecordedAt = Passes.AddDays(9) });

        (await Story()).ShouldBe(
        [
            "1 Raised 2026-03-12", "2 Cleared 2026-03-12 on 2026-03-14", "3 RaisedAgain 2026-03-12 replaces 2026-03-12",
                "4 Cleared 2026-03-12 on 2026-03-14",
        ]);
    }

    [Fact]
    public async Task Links_a_flag_to_the_one_that_a_correction_took_away()
    {
        await Raise(Passes.AddDays(1));
        await Apply(Passes.AddDays(2), letter.Moved(2, Due.AddDays(30), Passes.AddDays(2)));
        await Raise(Passes.AddDays(30));

        (await Story()).ShouldBe(["1 Raised 2026-03-12", "2 Cleared 2026-03-12 on 2026-03-15",
            "3 RaisedAgain 2026-04-11 replaces 2026-03-12"]);
    }

    [Fact]
    public async Task Tells_the_clearing_first_where_a_correction_moved_the_limit_to_another_day_that_has_passed()
    {
        await Raise(Passes.AddDays(1));
        await Apply(Passes.AddDays(9), letter.Moved(2, Due.AddDays(3), Passes.AddDays(9)));

        (await Story()).ShouldBe(["1 Raised 2026-03-12", "2 Cleared 2026-03-12 on 2026-03-22",
            "3 RaisedAgain 2026-03-15 replaces 2026-03-12"]);
    }

    [Fact]
    public async Task Takes_back_what_the_news_of_a_timely_answer_shows_never_to_have_been_due()
    {
        await Raise(Passes.AddDays(3));
        await Apply(Passes.AddDays(4), letter.Answered(2, Due, Passes.AddHours(-2)));
        (await database.Flags()).ShouldBeEmpty();
        (await Story()).ShouldBe(["1 Raised 2026-03-12", "2 Cleared 2026-03-12 on 2026-03-12"]);

        await Apply(Passes.AddDays(8), letter.Sent() with { Version = 3, RecordedAt = Passes.AddDays(8) });
        (await Story())[^1].ShouldBe("3 RaisedAgain 2026-03-12 replaces 2026-03-12");
    }

    [Fact]
    public async Task Tells_both_where_a_flag_was_raised_and_cleared_before_anybody_here_heard_of_either()
    {
        clock.SetUtcNow(Passes.AddDays(9));
        await database.Store.Apply([letter.Answered(2, Due.AddDays(2), Passes.AddDays(2)).Facts()], default);

        (await Story()).ShouldBe(["1 Raised 2026-03-12", "2 Cleared 2026-03-12 on 2026-03-14"]);
    }

    [Fact]
    public async Task Tells_nothing_of_a_register_until_an_officer_adopts_the_request()
    {
        var other = new OneLetter();
        var observed = other.Imported(observedUntil: Due, requested: Due.AddDays(1));
        clock.SetUtcNow(Passes.AddDays(-1));
        await database.Store.Apply([letter.Answered(2, Due.AddDays(-3), Passes.AddDays(-3)).Facts(), observed.Facts()], default);
        clock.SetUtcNow(Passes.AddDays(400));
        await database.Store.Apply([observed.Facts()], default);
        (await database.Flags()).ShouldHaveSingleItem();
        (await Story()).ShouldBeEmpty();

        await Apply(Passes.AddDays(400), observed with { Version = 2, RecordedAt = Passes.AddDays(400), Adopted = true });
        (await database.Told()).Select(c => (c.LimitKind, c.Event, c.Origin)).ShouldBe(
            [(LimitKind.Policy, FlagEvent.Raised, Origin.OnTheExchange), (LimitKind.Requested, FlagEvent.Raised, Origin.OnTheExchange)]);
    }

    [Fact]
    public async Task Numbers_without_gaps_and_shows_no_number_before_those_below_it()
    {
        var versions = new RandomLetters(23).Histories(150).ConvertAll(k => (k with { Imported = false }).Facts());
        clock.AdjustTime(new(2022, 6, 1, 0, 0, 0, TimeSpan.Zero));
        var log = new FlagLogReader(database.Database, Figures.Reference, clock);
        var writing = Task.WhenAll(new RandomLetters(24).Shuffled(versions).Chunk(11)
            .Select((batch, i) => database.Replica(clock).Apply(batch, default)));

        List<long> heard = [];
        var upTo = 0L;
        for (var finished = false; ;)
        {
            var (changes, last) = await log.After(upTo, "BY", () => Task.FromResult<Guid[]>([]), 7, default);
            heard.AddRange(changes.Select(c => c.ChangeNo));
            upTo = last;
            if (changes.Count < 7 && finished)
                break;
            finished = writing.IsCompleted;
        }
        await writing;

        upTo.ShouldBe(await log.Last(default));
        upTo.ShouldBe((await database.Database.Query("SELECT count(*) FROM flag_changes", [], row => row.GetInt64(0), default)).Single());
        heard.ShouldBe((await database.Told()).Select(c => c.ChangeNo));
        heard.Count.ShouldBeGreaterThan(50);
    }

    [Fact]
    public async Task Says_in_the_end_of_every_flag_what_the_table_says()
    {
        var versions = new RandomLetters(29).Histories(150).ConvertAll(k => (k with { Imported = false }).Facts());
        clock.AdjustTime(new(2022, 6, 1, 0, 0, 0, TimeSpan.Zero));
        foreach (var batch in new RandomLetters(30).Shuffled(versions).Chunk(13))
            await database.Store.Apply(batch, default);

        var standing = await database.Database.Query(
            """
            SELECT g.request_id, g.limit_kind, g.due_on FROM flags g JOIN facts f USING (request_id)
            WHERE cleared_on IS NULL AND f.requesting_state = 'BY'
            """, [],
            row => $"requests/{row.GetGuid(0)} {(LimitKind)row.GetInt32(1)} {row.GetFieldValue<DateOnly>(2).ToIso()}", default);
        var told = (await database.Told()).GroupBy(c => $"{c.Request} {c.LimitKind} {c.DueOn}").ToList();
        told.Where(g => g.Last().Event != FlagEvent.Cleared).Select(g => g.Key).ShouldBe(standing, ignoreOrder: true);
        foreach (var story in told)
            story.Select((c, i) => (c.Event == FlagEvent.Cleared, i % 2 == 1)).ShouldAllBe(pair => pair.Item1 == pair.Item2);
    }

    async Task Raise(DateTimeOffset at)
    {
        clock.SetUtcNow(at);
        await database.Store.RaiseFlags(10, default);
    }

    async Task Apply(DateTimeOffset at, Known known)
    {
        clock.SetUtcNow(at);
        await database.Store.Apply([known.Facts()], default);
    }

    async Task<List<string>> Story() => (await database.Told()).ConvertAll(c => $"{c.ChangeNo} {c.Event} {c.DueOn}"
        + (c.ClearedOn.Length > 0 ? $" on {c.ClearedOn}" : "") + (c.ReplacesDueOn.Length > 0 ? $" replaces {c.ReplacesDueOn}" : ""));
}
