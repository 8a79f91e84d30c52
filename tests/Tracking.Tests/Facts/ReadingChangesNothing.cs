using Exchange.Client;
using Exchange.Platform;
using Exchange.Requests.V1;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging.Abstractions;

namespace Exchange.Tracking.Tests;

/// <summary>What reads must not write: neither into the database that is asked, nor because of a journal that is read.</summary>
public sealed class ReadingChangesNothing
{
    // A followed journal that was restored from an older copy is noticed only while it is read: what it says must not be here by then.
    [Fact]
    public async Task In_the_journal_of_Requests_also_where_an_entry_tells_of_a_rung_that_is_not_known_here()
    {
        await using var database = await FactsDatabase.Create(TimeProvider.System);
        var reminded = new Reminded { Rung = Rung.Reminder, Taken = $"rungs/{Guid.CreateVersion7()}" };
        var entry = new JournalEntry
        {
            Aggregate = $"requests/{Guid.CreateVersion7()}", Version = 2, Actor = new() { Identity = "exchange://BY/prosecutor" },
            Steps = { new Step { OccurredOn = "2026-01-01", Reminded = reminded } },
        };
        entry.Facts = new()
        {
            Request = entry.Aggregate, Version = 2, RequestingState = "BY", RequestedState = "PL", TransmittedOn = "2025-01-01",
        };

        List<JournalEntry?> read = [];
        await foreach (var one in new RequestsJournal(new(new JournalStandIn(entry), null!, null!)).Read(1, 1, default))
            read.Add(one.Message?.Entry);

        (await Count(database.Database, "rungs_of_requests")).ShouldBe(0);
        (await Count(database.Database, "rungs")).ShouldBe(0);
        // Whoever takes the message in has the entry, and with it the rung.
        read.ShouldBe([entry]);
    }

    [Fact]
    public async Task In_what_is_asked_also_where_the_version_before_this_one_wrote_the_facts()
    {
        await using var database = await FactsDatabase.Create(TimeProvider.System);
        var sent = new RequestFacts
        {
            Request = $"requests/{Guid.CreateVersion7()}", Version = 1, RecordedAt = DateTimeOffset.UnixEpoch.ToTimestamp(),
            Reference = "BY-2020-000001",
            RequestingState = "BY", RequestedState = "PL", TransmittedOn = "2020-01-01", Origin = Origin.OnTheExchange,
            TimeLimits = { new TimeLimit { Kind = LimitKind.Policy, DueOn = "2020-06-30" } },
        };
        await database.Store.Apply([sent], default);
        await database.Database.Execute("UPDATE facts SET course_version = NULL", [], default);
        await using var source = database.Connections("-c default_transaction_read_only=on");
        var reading = new Database(source);
        using var columns = new LiveColumnStore(reading, TimeProvider.System, NullLogger<LiveColumnStore>.Instance);
        var store = new FactsStore(reading, new(TimeProvider.System), Figures.Reference, TimeProvider.System);
        var query = new QueryReader(Figures.Reference, TimeProvider.System, "BY").Read(default, "2021-01-01", null, null, default);

        (await columns.Ask(stored => stored.Count, default)).Answer.ShouldBe(1);
        (await new UnansweredList(columns, store, Figures.Reference).Page(query, 10, null, default)).Total.ShouldBe(1);
        (await new UnansweredList(columns, store, Figures.Reference)
            .Page(query with { KnownBy = TimeProvider.System.GetUtcNow() }, 10, null, default)).Total.ShouldBe(1);
        (await store.Status(default)).Requests.ShouldBe(1);
        var flags = new FlagLogReader(reading, Figures.Reference, TimeProvider.System);
        (await flags.List(new("BY", false, [], LimitKind.Unspecified, []), 10, null, default)).Flags.Count.ShouldBe(1);
        (await flags.After(0, "BY", NothingClosed, 10, default)).Changes.Count.ShouldBe(1);
        var rungs = await database.Rungs(reading);
        (await rungs.Overdue("BY", [], [], default)).Count.ShouldBe(1);
        (await rungs.List("BY", [], null, 10, default)).ShouldBeEmpty();
    }

    static Task<Guid[]> NothingClosed() => Task.FromResult<Guid[]>([]);

    static async Task<long> Count(Database database, string table) =>
        (await database.Query($"SELECT count(*) FROM {table}", [], row => row.GetInt64(0), default)).Single();
}
