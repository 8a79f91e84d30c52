using Exchange.Testing;

namespace Exchange.Platform.Tests;

public sealed class FollowingAJournal : IAsyncLifetime
{
    Workbench bench = null!;
    TestBroker broker = null!;

    public async ValueTask InitializeAsync()
    {
        (bench, broker) = (await Workbench.Create(), await TestBroker.Create());
        await bench.Run("CREATE TABLE theirs (sealed_no bigint PRIMARY KEY, id uuid, version int, forged bytea, leaf bytea NOT NULL "
            + "DEFAULT sha256(gen_random_uuid()::text::bytea))");
        await bench.Run("CREATE TABLE taken (id uuid PRIMARY KEY, version int CHECK (version >= 0))");
        await bench.Run("CREATE TABLE weather (is_bad boolean)");
    }

    public async ValueTask DisposeAsync()
    {
        await broker.DisposeAsync();
        await bench.DisposeAsync();
    }

    [Fact]
    public async Task What_the_broker_lost_is_taken_in_and_the_position_says_so()
    {
        await bench.Run("INSERT INTO theirs SELECT no, gen_random_uuid(), 1 FROM generate_series(1, 10) no");
        await bench.Run("INSERT INTO taken SELECT id, version FROM theirs WHERE sealed_no NOT IN (4, 10)");

        await using var bus = await Start();

        await Eventually.Holds(async () => (await Position()).ShouldBe(10));
        (await bench.One<long>("SELECT count(*) FROM theirs JOIN taken USING (id, version)")).ShouldBe(10);
    }

    [Fact]
    public async Task Entries_that_say_nothing_to_this_service_are_passed_over()
    {
        await bench.Run("INSERT INTO theirs SELECT no, CASE WHEN no = 2 THEN gen_random_uuid() END, 1 FROM generate_series(1, 7) no");

        await using var bus = await Start();

        await Eventually.Holds(async () => (await Position()).ShouldBe(7));
        (await bench.One<long>("SELECT count(*) FROM taken")).ShouldBe(1);
    }

    [Fact]
    public async Task It_goes_on_where_it_was_after_a_restart()
    {
        await bench.Run("INSERT INTO theirs SELECT no, gen_random_uuid(), 1 FROM generate_series(1, 5) no");
        await using (await Start())
            await Eventually.Holds(async () => (await Position()).ShouldBe(5));
        await bench.Run("DELETE FROM taken");
        await bench.Run("INSERT INTO theirs SELECT no, gen_random_uuid(), 1 FROM generate_series(6, 9) no");

        await using var bus = await Start();

        await Eventually.Holds(async () => (await Position()).ShouldBe(9));
        (await bench.One<long>("SELECT count(*) FROM taken")).ShouldBe(4);
    }

    [Fact]
    public async Task While_a_batch_fails_for_what_is_away_the_position_stays_and_then_goes_on()
    {
        await bench.Run("INSERT INTO theirs SELECT no, gen_random_uuid(), 1 FROM generate_series(1, 10) no");
        await bench.Run("INSERT INTO weather VALUES (true)");
        await using var bus = await Start();
        await Eventually.Holds(async () => (await bench.One<long>("SELECT last_value FROM tries")).ShouldBeGreaterThan(1));
        (await Position()).ShouldBe(0);

        await bench.Run("DELETE FROM weather");

        await Eventually.Holds(async () => (await Position()).ShouldBe(10));
        (await bench.One<long>("SELECT count(*) FROM parked")).ShouldBe(0);
    }

    [Fact]
    public async Task A_poisonous_entry_is_parked_and_what_follows_is_taken_in()
    {
        await bench.Run("INSERT INTO theirs SELECT no, gen_random_uuid(), CASE WHEN no = 5 THEN -1 ELSE 1 END "
            + "FROM generate_series(1, 10) no");

        await using var bus = await Start();

        await Eventually.Holds(async () => (await Position()).ShouldBe(10));
        (await bench.One<long>("SELECT count(*) FROM taken")).ShouldBe(9);
        (await bench.One<string>("SELECT cause FROM parked")).ShouldContain("taken_version_check");
        (await bench.One<string>("SELECT convert_from(body, 'UTF8') FROM parked")).ShouldContain("theirs 5");
    }

    [Fact]
    public async Task A_journal_that_went_back_is_recorded_and_followed_no_further()
    {
        await bench.Run("INSERT INTO theirs SELECT no, gen_random_uuid(), 1 FROM generate_series(1, 10) no");
        await using var bus = await Start();
        await Eventually.Holds(async () => (await Position()).ShouldBe(10));

        await bench.Run("DELETE FROM theirs WHERE sealed_no > 6");

        await Eventually.Holds(async () =>
            (await bench.One<long>("SELECT count(*) FROM retreats WHERE ended_at IS NULL AND sealed_no = 10")).ShouldBe(1));
        // It grows past what was read, with other entries: the tree still tells.
        await bench.Run("INSERT INTO theirs SELECT no, gen_random_uuid(), 1 FROM generate_series(7, 20) no");
        var looked = await bench.One<long>("SELECT last_value FROM looks");
        await Eventually.Holds(async () => (await bench.One<long>("SELECT last_value FROM looks")).ShouldBeGreaterThan(looked + 2));
        (await Position()).ShouldBe(10);
        (await bench.One<long>("SELECT count(*) FROM taken")).ShouldBe(10);
    }

    [Fact]
    public async Task Another_entry_at_the_position_is_noticed_though_the_journal_is_longer()
    {
        await bench.Run("INSERT INTO theirs SELECT no, gen_random_uuid(), 1 FROM generate_series(1, 5) no");
        await using (await Start())
            await Eventually.Holds(async () => (await Position()).ShouldBe(5));
        await bench.Run("UPDATE theirs SET leaf = sha256('other') WHERE sealed_no = 5");
        await bench.Run("INSERT INTO theirs SELECT no, gen_random_uuid(), 1 FROM generate_series(6, 9) no");

        await using var bus = await Start();

        await Eventually.Holds(async () => (await bench.One<long>("SELECT count(*) FROM retreats WHERE ended_at IS NULL")).ShouldBe(1));
        (await Position()).ShouldBe(5);
    }

    [Fact]
    public async Task A_journal_that_holds_again_what_was_read_is_followed_again()
    {
        await bench.Run("INSERT INTO theirs SELECT no, gen_random_uuid(), 1 FROM generate_series(1, 5) no");
        await using var bus = await Start();
        await Eventually.Holds(async () => (await Position()).ShouldBe(5));
        await bench.Run("CREATE TABLE kept AS SELECT * FROM theirs WHERE sealed_no > 3");
        await bench.Run("DELETE FROM theirs WHERE sealed_no > 3");
        await Eventually.Holds(async () => (await bench.One<long>("SELECT count(*) FROM retreats WHERE ended_at IS NULL")).ShouldBe(1));

        await bench.Run("INSERT INTO theirs SELECT * FROM kept");
        await bench.Run("INSERT INTO theirs SELECT no, gen_random_uuid(), 1 FROM generate_series(6, 9) no");

        await Eventually.Holds(async () => (await Position()).ShouldBe(9));
        await Eventually.Holds(async () => (await bench.One<long>("SELECT count(*) FROM retreats WHERE ended_at IS NULL")).ShouldBe(0));
    }

    [Fact]
    public async Task An_entry_that_is_not_what_was_sealed_stops_the_reading_and_is_named()
    {
        await bench.Run("INSERT INTO theirs SELECT no, gen_random_uuid(), 1 FROM generate_series(1, 9) no");
        await bench.Run("UPDATE theirs SET forged = sha256('another') WHERE sealed_no = 7");
        await using var bus = await Start();

        await Eventually.Holds(async () =>
        {
            await bus.History.Look(CancellationToken.None);
            bus.History.Attention.ShouldHaveSingleItem().ShouldStartWith("Entry 7 of the journal of theirs is not what was sealed.");
        });
        // The pages before were proved, and stand.
        (await bench.One<long>("SELECT count(*) FROM taken")).ShouldBe(6);

        await bench.Run("UPDATE theirs SET forged = NULL");

        await Eventually.Holds(async () => (await Position()).ShouldBe(9));
        await bus.History.Look(CancellationToken.None);
        bus.History.Attention.ShouldBeEmpty();
    }

    async Task<BusHost> Start()
    {
        await bench.Run("CREATE SEQUENCE IF NOT EXISTS tries");
        await bench.Run("CREATE SEQUENCE IF NOT EXISTS looks");
        return await BusHost.Start(broker, bench, contracts =>
            contracts.Consume<ItemChanged, TakenTable>(owner: Workbench.ServiceName).Follow<ItemChanged, TheirTable>());
    }

    Task<long> Position() => new Positions(bench.Database).Of("theirs", CancellationToken.None);

    sealed class TheirTable(Database database) : IFollowedJournal<ItemChanged>
    {
        public string Name => "theirs";

        public async Task<JournalHead> Head(long known, CancellationToken ct)
        {
            await database.Query("SELECT nextval('looks')", [], row => row.GetInt64(0), ct);
            var leaves = await Leaves(ct);
            var log = new TestLog(leaves);
            return new(leaves.Count, log.Root(leaves.Count), known > leaves.Count ? [] : log.Consistency(known, leaves.Count));
        }

        public async Task<IReadOnlyList<byte[]>> ProveConsistency(long older, long newer, CancellationToken ct) =>
            new TestLog(await Leaves(ct)).Consistency(older, newer);

        public async Task<IReadOnlyList<byte[]>> ProveInclusion(long sealedNo, long size, CancellationToken ct) =>
            new TestLog(await Leaves(ct)).Inclusion(sealedNo, size);

        public async IAsyncEnumerable<FollowedEntry<ItemChanged>> Read(
            long from, long to, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
        {
            foreach (var entry in await database.Query(
                "SELECT sealed_no, coalesce(forged, leaf), id, version FROM theirs WHERE sealed_no BETWEEN $1 AND $2 ORDER BY 1",
                [from, to],
                row => new FollowedEntry<ItemChanged>(row.GetInt64(0), row.GetFieldValue<byte[]>(1),
                    row.IsDBNull(2) ? null : new ItemChanged(row.GetGuid(2), row.GetInt32(3)), null), ct))
                yield return entry;
        }

        Task<List<byte[]>> Leaves(CancellationToken ct) =>
            database.Query("SELECT leaf FROM theirs ORDER BY sealed_no", [], row => row.GetFieldValue<byte[]>(0), ct);
    }

    sealed class TakenTable(Database database) : IBatchConsumer<ItemChanged>
    {
        public async Task Consume(IReadOnlyList<ItemChanged> batch, CancellationToken ct)
        {
            await database.Query("SELECT nextval('tries')", [], row => row.GetInt64(0), ct);
            if ((await database.Query("SELECT 1 FROM weather", [], row => row.GetInt32(0), ct)).Count > 0)
                throw new TimeoutException("bad weather");
            await database.InTransaction(async transaction =>
            {
                foreach (var item in batch)
                    await transaction.Execute("INSERT INTO taken VALUES ($1, $2) ON CONFLICT DO NOTHING", [item.Id, item.Version]);
                return true;
            }, ct);
        }
    }
}
