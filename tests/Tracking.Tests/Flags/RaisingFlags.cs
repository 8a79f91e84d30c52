using System.Diagnostics.Metrics;
using Exchange.Reference;
using Exchange.Requests.V1;
using Exchange.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using static Exchange.Tracking.Tests.OneLetter;

namespace Exchange.Tracking.Tests;

public sealed class RaisingFlags
{
    readonly FakeTimeProvider clock = new(new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero));
    readonly OneLetter letter = new();

    [Fact]
    public async Task Happens_at_midnight_after_the_due_day_in_the_requesting_state_and_once()
    {
        await using var database = await FactsDatabase.Create(clock);
        await database.Store.Apply([letter.Sent().Facts()], default);

        clock.SetUtcNow(Passes.AddMilliseconds(-1));
        (await database.Store.RaiseFlags(10, default)).ShouldBe(0);
        (await database.Flags()).ShouldBeEmpty();

        clock.SetUtcNow(Passes);
        (await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => database.Store.RaiseFlags(10, default)))).Sum().ShouldBe(1);
        (await database.Store.RaiseFlags(10, default)).ShouldBe(0);
        (await database.Flags()).ShouldBe(["1 2026-03-12 raised 2026-03-12 21:00 origin 1 cleared "]);
    }

    [Fact]
    public async Task Goes_on_to_the_next_limit_of_the_same_request()
    {
        await using var database = await FactsDatabase.Create(clock);
        await database.Store.Apply([letter.Sent(requested: Due.AddDays(5), benchmark: Due.AddDays(1)).Facts()], default);

        clock.SetUtcNow(Passes);
        await database.Store.RaiseFlags(10, default);
        clock.SetUtcNow(Passes.AddDays(30));
        (await database.Store.RaiseFlags(10, default)).ShouldBe(1);

        (await database.Flags()).ShouldBe(
            ["1 2026-03-12 raised 2026-03-12 21:00 origin 1 cleared ", "2 2026-03-17 raised 2026-03-17 21:00 origin 1 cleared "]);
    }

    [Fact]
    public async Task Is_undone_by_a_late_answer_that_leaves_the_flag_on_record()
    {
        await using var database = await FactsDatabase.Create(clock);
        await database.Store.Apply([letter.Sent().Facts()], default);
        clock.SetUtcNow(Passes.AddDays(3));
        await database.Store.RaiseFlags(10, default);
        await database.Store.Apply([letter.Answered(2, Due.AddDays(3), Passes.AddDays(3)).Facts()], default);

        (await database.Flags()).ShouldBe(["1 2026-03-12 raised 2026-03-12 21:00 origin 1 cleared 2026-03-15"]);
    }

    [Fact]
    public async Task Never_happens_where_the_answer_was_recorded_in_time_even_when_the_news_of_it_comes_late()
    {
        await using var database = await FactsDatabase.Create(clock);
        await database.Store.Apply([letter.Sent().Facts()], default);
        clock.SetUtcNow(Passes.AddDays(3));
        await database.Store.RaiseFlags(10, default);
        await database.Store.Apply([letter.Answered(2, Due, Passes.AddHours(-2)).Facts()], default);

        (await database.Flags()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Follows_a_correction_that_takes_the_answer_back()
    {
        await using var database = await FactsDatabase.Create(clock);
        clock.SetUtcNow(Passes.AddDays(9));
        var answered = letter.Answered(2, Due.AddDays(3), Passes.AddDays(3));
        await database.Store.Apply([letter.Sent().Facts(), answered.Facts()], default);
        await database.Store.Apply([(answered with { Version = 3, RecordedAt = Passes.AddDays(8), Letter = letter.Sent().Letter })
            .Facts()], default);

        (await database.Flags()).ShouldBe(["1 2026-03-12 raised 2026-03-12 21:00 origin 1 cleared "]);
    }

    [Fact]
    public async Task Clears_the_flag_of_a_limit_that_a_correction_moved()
    {
        await using var database = await FactsDatabase.Create(clock);
        clock.SetUtcNow(Passes.AddDays(2));
        var moved = letter.Sent().Letter with { Due = new Dictionary<string, DateOnly> { ["policy"] = Due.AddDays(30) } };
        await database.Store.Apply([letter.Sent().Facts(),
            (letter.Sent() with { Version = 2, RecordedAt = Passes.AddDays(1), Letter = moved }).Facts()], default);

        (await database.Flags()).ShouldBe(["1 2026-03-12 raised 2026-03-12 21:00 origin 1 cleared 2026-03-14"]);
    }

    [Fact]
    public async Task Takes_from_a_register_what_it_observed_and_nothing_after()
    {
        await using var database = await FactsDatabase.Create(clock);
        clock.SetUtcNow(Passes.AddDays(400));
        var observed = letter.Imported(observedUntil: Due, requested: Due.AddDays(1));
        for (var delivery = 0; delivery < 3; delivery++)
            await database.Store.Apply([observed.Facts()], default);
        (await database.Store.RaiseFlags(10, default)).ShouldBe(0);

        (await database.Flags()).ShouldBe(["1 2026-03-12 raised 2026-03-12 21:00 origin 2 cleared "]);
    }

    [Fact]
    public async Task Becomes_our_own_when_an_officer_adopts_the_request()
    {
        await using var database = await FactsDatabase.Create(clock);
        clock.SetUtcNow(Passes.AddDays(400));
        var observed = letter.Imported(observedUntil: Due, requested: Due.AddDays(1));
        await database.Store.Apply([observed.Facts(),
            (observed with { Version = 2, RecordedAt = Passes.AddDays(399), Adopted = true }).Facts()], default);

        (await database.Flags()).ShouldBe(
            ["1 2026-03-12 raised 2026-03-12 21:00 origin 1 cleared ", "2 2026-03-13 raised 2026-03-13 21:00 origin 1 cleared "]);
    }

    [Fact]
    public async Task Keeps_the_day_of_the_correction_that_cleared_it_whatever_is_recorded_later()
    {
        await using var database = await FactsDatabase.Create(clock);
        clock.SetUtcNow(Passes.AddDays(9));
        var moved = letter.Moved(2, Due.AddDays(30), Passes.AddDays(1));
        await database.Store.Apply([letter.Sent().Facts(), moved.Facts(),
            (moved with { Version = 3, RecordedAt = Passes.AddDays(6) }).Facts()], default);

        (await database.Flags()).ShouldBe(["1 2026-03-12 raised 2026-03-12 21:00 origin 1 cleared 2026-03-14"]);
    }

    [Fact]
    public async Task Stays_when_the_request_is_closed_without_an_answer()
    {
        await using var database = await FactsDatabase.Create(clock);
        clock.SetUtcNow(Passes.AddDays(9));
        var closed = (letter.Sent() with { Version = 2, RecordedAt = Passes.AddDays(5) }).Facts();
        (closed.Status, closed.ClosedOn) = (Status.ClosedUnanswered, Due.AddDays(5).ToIso());
        await database.Store.Apply([letter.Sent().Facts(), closed], default);

        (await database.Flags()).ShouldBe(["1 2026-03-12 raised 2026-03-12 21:00 origin 1 cleared "]);
    }

    [Fact]
    public async Task Wakes_the_worker_at_the_instant_and_also_after_a_restart()
    {
        await using var database = await FactsDatabase.Create(clock);
        await database.Store.Apply([letter.Sent(requested: Due.AddDays(5)).Facts()], default);
        using var gauge = new FlagGauge(database.Database);
        using (var worker = await Worker(database.Store, gauge))
        {
            clock.SetUtcNow(Passes.AddMilliseconds(-1));
            await Eventually.Holds(async () =>
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                (await database.Flags()).Count.ShouldBe(1);
            });
            await worker.StopAsync(default);
        }

        clock.SetUtcNow(Passes.AddDays(40));
        using var first = await Worker(database.Store, gauge);
        using var second = await Worker(database.Replica(clock), gauge);
        await Eventually.Holds(async () => (await database.Flags()).Count.ShouldBe(2));
        await Task.WhenAll(first.StopAsync(default), second.StopAsync(default));
        (await database.Told()).Select(c => $"{c.ChangeNo} {c.LimitKind} {c.Event}").ShouldBe(["1 Policy Raised", "2 Requested Raised"]);
    }

    [Fact]
    public async Task Is_counted_by_the_two_states_until_it_is_cleared()
    {
        await using var database = await FactsDatabase.Create(clock);
        using var gauge = new FlagGauge(database.Database);
        List<string> counted = [];
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Meter == gauge.Meter)
                    listening.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
            counted.Add($"{instrument.Name} {tags[0].Value}-{tags[1].Value} {value}"));
        listener.Start();

        clock.SetUtcNow(Passes.AddDays(9));
        var observed = new OneLetter().Imported(observedUntil: Due, requested: Due.AddDays(1));
        foreach (var version in (Known[])[letter.Sent(requested: Due), letter.Answered(2, Due.AddDays(2), Passes.AddDays(2)), observed])
        {
            await database.Store.Apply([version.Facts()], default);
            await gauge.Refresh(default);
            listener.RecordObservableInstruments();
        }

        counted.ShouldBe(["exchange.flags.standing BY-PL 1", "exchange.flags.standing BY-PL 0", "exchange.flags.standing BY-PL 0"]);
    }

    async Task<FlagRaiser> Worker(FactsStore store, FlagGauge gauge)
    {
        var worker = new FlagRaiser(store, gauge, Options.Create(new TrackingOptions()), clock, NullLogger<FlagRaiser>.Instance);
        await worker.StartAsync(default);
        return worker;
    }
}
