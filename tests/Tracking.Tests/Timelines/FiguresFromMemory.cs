using Exchange.Platform;
using Exchange.Reference;
using Exchange.Requests.V1;
using Exchange.Testing;
using Exchange.Tracking.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Exchange.Tracking.Tests;

/// <summary>Memory follows the database: every answer is what the facts in it say, whoever wrote them and whenever he committed.</summary>
public sealed class FiguresFromMemory
{
    readonly FakeTimeProvider clock = new(new(2021, 6, 1, 12, 0, 0, TimeSpan.Zero));
    readonly RandomLetters random = new(5);

    [Fact]
    public async Task Are_those_of_the_facts_after_every_batch_of_updates_and_corrections_on_two_replicas()
    {
        await using var database = await FactsDatabase.Create(clock);
        using var early = Follow(database);
        using var late = Follow(database);
        foreach (var batch in random.Shuffled(random.Histories(300).ConvertAll(known => known.Facts())).Chunk(60))
        {
            await database.Store.Apply(batch, default);
            await ShouldSayWhatTheFactsSay(early, database);
            if (random.Chance(0.4))
                await ShouldSayWhatTheFactsSay(late, database);
        }
        await ShouldSayWhatTheFactsSay(late, database);

        using var restarted = Follow(database);
        await ShouldSayWhatTheFactsSay(restarted, database);
    }

    [Fact]
    public async Task Leave_out_no_change_whose_writer_took_his_number_first_and_committed_last()
    {
        await using var database = await FactsDatabase.Create(clock);
        using var columns = Follow(database);
        await database.Store.Apply([Sent("BY", "PL"), Sent("BY", "RU")], default);
        await ShouldSayWhatTheFactsSay(columns, database);

        await using var slow = await database.Database.Open(default);
        await using var open = await slow.BeginTransactionAsync();
        var tx = new Transaction(slow, default);
        await tx.Execute(
            "UPDATE facts SET change_no = NULL, course = NULL, body = $1, transmitted_on = '2020-01-01' WHERE requested_state = 'RU'",
            [Sent("BY", "UA").ToByteArray()]);
        await tx.Execute("SELECT number_facts_changes()", []);
        var quick = database.Store.Apply([Sent("BY", "LT")], default);
        // Without the guard the quick one is through here, with a number above one that nobody sees yet.
        await Eventually.Holds(async () => (quick.IsCompleted || await SomebodyWaits(database)).ShouldBeTrue());
        await columns.CatchUp(default);
        await open.CommitAsync();
        await quick;

        await ShouldSayWhatTheFactsSay(columns, database);
        (await Groups(columns)).ShouldBe(["LT", "PL", "UA"]);
    }

    [Fact]
    public async Task Are_read_anew_when_the_generation_is_another_or_the_numbers_went_back()
    {
        await using var database = await FactsDatabase.Create(clock);
        using var columns = Follow(database);
        await database.Store.Apply([Sent("BY", "PL"), Sent("BY", "RU")], default);
        (await Groups(columns)).ShouldBe(["PL", "RU"]);

        // As a restore would leave it: other facts under numbers that were seen.
        await Change(database, "UPDATE facts SET body = $1, course = NULL WHERE requested_state = 'PL'", Sent("BY", "LT"));
        (await Groups(columns)).ShouldBe(["PL", "RU"]);
        await database.Database.Execute("SELECT renew_facts_generation()", [], default);
        (await Groups(columns)).ShouldBe(["LT", "RU"]);

        await Change(database, "UPDATE facts SET body = $1, course = NULL WHERE requested_state = 'RU'", Sent("BY", "DE"));
        await database.Database.Execute("UPDATE facts_changes SET last_no = 1", [], default);
        (await Groups(columns)).ShouldBe(["DE", "LT"]);

        await database.Database.Execute("DELETE FROM facts", [], default);
        (await Groups(columns)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Hold_what_the_version_before_this_one_wrote()
    {
        await using var database = await FactsDatabase.Create(clock);
        using var columns = Follow(database);
        var (sent, other) = (Sent("BY", "PL"), Sent("BY", "RU"));
        await database.Store.Apply([sent], default);
        (await Groups(columns)).ShouldBe(["PL"]);

        await WriteAsBefore(database, other);
        (await Groups(columns)).ShouldBe(["PL", "RU"]);
        sent.Version = 2;
        sent.RequestedState = "LT";
        await WriteAsBefore(database, sent);

        (await Groups(columns)).ShouldBe(["LT", "RU"]);
        await columns.RewriteOutdated(default);
        await Eventually.Holds(async () => (await database.Database.Query(
            "SELECT count(*) FROM facts WHERE course_version IS DISTINCT FROM version", [], row => row.GetInt64(0), default))
                .ShouldBe([0L]));
    }

    [Fact]
    public async Task Say_on_which_change_and_which_sealed_number_they_stand()
    {
        await using var database = await FactsDatabase.Create(clock);
        using var columns = Follow(database);
        await database.Store.Apply([Sent("BY", "PL"), Sent("BY", "RU")], default);
        await database.Database.Execute("INSERT INTO positions (source, sealed_no) VALUES ('requests', 41)", [], default);
        var (_, first) = await columns.Ask(_ => 0, default);
        (first.ChangeNo, first.SealedNo).ShouldBe((2, 41));

        await database.Database.Execute("UPDATE positions SET sealed_no = 42", [], default);
        var (_, second) = await columns.Ask(_ => 0, default);
        (second.ChangeNo, second.SealedNo).ShouldBe((2, 42));
    }

    [Fact]
    public async Task Are_of_one_instant_however_many_ask_while_facts_change()
    {
        await using var database = await FactsDatabase.Create(clock);
        using var columns = Follow(database);
        var sent = Enumerable.Range(0, 50).Select(_ => Sent("BY", "PL")).ToList();
        await database.Store.Apply(sent, default);
        var writing = Task.Run(async () =>
        {
            for (var version = 2; version <= 20; version++)
            {
                foreach (var facts in sent)
                    (facts.Version, facts.RequestedState) = (version, version % 2 == 0 ? "RU" : "PL");
                await database.Store.Apply(sent, default);
            }
        });
        var asking = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            do
                (await Groups(columns)).Count.ShouldBe(1);
            while (!writing.IsCompleted);
        }));
        await Task.WhenAll([writing, .. asking]);
    }

    static LiveColumnStore Follow(FactsDatabase database) =>
        new(database.Database, TimeProvider.System, NullLogger<LiveColumnStore>.Instance);

    async Task ShouldSayWhatTheFactsSay(LiveColumnStore columns, FactsDatabase database)
    {
        var facts = await database.Database.Query("SELECT body FROM facts", [], row =>
            RequestFacts.Parser.ParseFrom(row.GetFieldValue<byte[]>(0)), default);
        foreach (var grouping in System.Enum.GetValues<Grouping>().Where(g => g != Grouping.Unspecified))
        {
            var asOf = random.AnyDay();
            var (table, viewer) = (new TurnaroundTable(Query(asOf, random.Chance(0.7)), grouping, new(asOf.AddDays(-200), asOf),
                Figures.Reference), "BY");
            var expected = new ColumnStore();
            foreach (var (row, each) in facts.Index())
                expected.Put(row, each);
            (await columns.Ask(table.Rows, default)).Answer.ShouldBe(table.Rows(expected), $"{grouping} {asOf} {viewer}");
        }
    }

    static FiguresQuery Query(DateOnly asOf, bool outgoing) => new QueryReader(Figures.Reference, TimeProvider.System, "BY")
        .Read(outgoing ? Direction.Outgoing : Direction.Incoming, asOf.ToIso(), null, null, default);

    static async Task<List<string>> Groups(LiveColumnStore columns)
    {
        var asOf = new DateOnly(2021, 5, 31);
        var table = new TurnaroundTable(Query(asOf, outgoing: true), Grouping.Partner, new(asOf, asOf), Figures.Reference);
        return [.. (await columns.Ask(table.Rows, default)).Answer.Select(row => row.Group)
            .Where(group => group.Length == 2 && group != "EU")];
    }

    static RequestFacts Sent(string requesting, string requested) => new()
    {
        Request = $"requests/{Guid.CreateVersion7()}",
        Version = 1,
        RecordedAt = Timestamp.FromDateTimeOffset(new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero)),
        RequestingState = requesting,
        RequestedState = requested,
        TransmittedOn = "2020-01-01",
        Origin = Origin.OnTheExchange,
    };

    static async Task<bool> SomebodyWaits(FactsDatabase database) => (await database.Database.Query(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'", [], row =>
            row.GetInt64(0), default)).Single() > 0;

    static Task Change(FactsDatabase database, string sql, RequestFacts body) =>
        database.Database.Execute(sql, [body.ToByteArray()], default);

    /// <summary>The statement of the version before the columns were.</summary>
    static Task WriteAsBefore(FactsDatabase database, RequestFacts facts) => database.Database.Execute(
        """
        INSERT INTO facts (request_id, version, recorded_at, requesting_state, requested_state, transmitted_on, body)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (request_id) DO UPDATE SET version = excluded.version, recorded_at = excluded.recorded_at,
          requesting_state = excluded.requesting_state, requested_state = excluded.requested_state,
          transmitted_on = excluded.transmitted_on, body = excluded.body
        WHERE facts.version < excluded.version
        """,
        [
            facts.Id(), facts.Version, facts.RecordedAt.ToDateTimeOffset(), facts.RequestingState, facts.RequestedState,
            LegalDay.ParseOptional(facts.TransmittedOn), facts.ToByteArray(),
        ], default);
}
