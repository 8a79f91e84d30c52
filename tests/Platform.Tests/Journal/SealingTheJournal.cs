using System.Security.Cryptography;
using Exchange.Testing;

namespace Exchange.Platform.Tests;

public sealed class SealingTheJournal : IAsyncLifetime
{
    Workbench bench = null!;
    Ledger ledger = null!;

    public async ValueTask InitializeAsync()
    {
        bench = await Workbench.Create();
        ledger = await bench.Start(bench.Ledger());
    }

    public async ValueTask DisposeAsync() => await bench.DisposeAsync();

    [Fact]
    public async Task Numbers_have_no_gap_aggregates_keep_their_order_and_the_tree_can_be_recomputed()
    {
        await bench.Start(bench.Sealer(new() { SealSize = 7, SealInterval = TimeSpan.FromMilliseconds(50) }));

        await Append(aggregates: 20, versions: 15);

        await AllIsSealed(300);
    }

    [Fact]
    public async Task The_newest_checkpoint_is_of_the_head()
    {
        await Append(aggregates: 3, versions: 1);

        await bench.Start(bench.Sealer());

        var log = new TestLog([.. (await AllIsSealed(3)).Select(row => row.EntryHash)]);
        var head = (await Journal.NewestHead(CancellationToken.None))!;
        (head.Size, Convert.ToHexString(head.Root)).ShouldBe((3, Convert.ToHexString(log.Root(3))));
        head.Note.ShouldStartWith($"exchange/BY/requests\n3\n{Convert.ToBase64String(head.Root)}\n\n");
    }

    [Fact]
    public async Task Two_sealers_never_fork_though_the_sealing_one_is_killed_again_and_again()
    {
        var options = new LedgerOptions { SealSize = 5, SealInterval = TimeSpan.FromMilliseconds(50) };
        await bench.Start(bench.Sealer(options));
        await bench.Start(bench.Sealer(options));

        for (var round = 1; round <= 5; round++)
        {
            await Append(aggregates: 10, versions: 6);
            await bench.Run("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted AND database = "
                + "(SELECT oid FROM pg_database WHERE datname = current_database())");
        }

        await AllIsSealed(300);
    }

    [Fact]
    public async Task A_late_commit_gets_a_later_number_and_nothing_is_skipped()
    {
        await bench.Start(bench.Sealer());
        await using var late = await bench.Source.OpenConnectionAsync();
        await using var transaction = await late.BeginTransactionAsync();
        var entry = Workbench.Item(Guid.CreateVersion7(), 1);
        var session = new Transaction(late, CancellationToken.None);
        await session.Execute("INSERT INTO journal VALUES ($1, 1, $2, '', $3, $4, $5, now())",
            [
                entry.AggregateId, entry.CommandId, entry.Entry, EntryBytes.HashOf(entry.Entry),
                bench.EntryMac.Of(entry.AggregateId, 1, EntryBytes.HashOf(entry.Entry)),
            ]);
        await session.Execute("INSERT INTO unsealed (aggregate_id, version, hash) VALUES ($1, 1, $2)",
            [entry.AggregateId, EntryBytes.HashOf(entry.Entry)]);

        await Append(aggregates: 5, versions: 2);
        await AllIsSealed(10);
        await transaction.CommitAsync();

        (await AllIsSealed(11))[^1].AggregateId.ShouldBe(entry.AggregateId);
    }

    [Fact]
    public async Task Who_follows_the_journal_is_woken_when_entries_were_sealed_and_not_before()
    {
        await bench.Start(bench.Sealer());
        var woken = bench.Sealed.Wait(bench.Sealed.Next, TimeSpan.FromHours(1), CancellationToken.None);
        woken.IsCompleted.ShouldBeFalse();
        await Append(aggregates: 1, versions: 1);
        await woken.WaitAsync(TimeSpan.FromSeconds(30));
        (await bench.One<long>("SELECT count(*) FROM seal")).ShouldBe(1);
    }

    [Fact]
    public async Task After_a_restart_the_tree_goes_on_where_it_ended()
    {
        var first = bench.Sealer();
        await first.StartAsync(CancellationToken.None);
        await Append(aggregates: 4, versions: 1);
        await AllIsSealed(4);
        await first.StopAsync(CancellationToken.None);
        await Append(aggregates: 4, versions: 1);

        await bench.Start(bench.Sealer());

        await AllIsSealed(8);
    }

    [Fact]
    public async Task A_stopped_sealer_leaves_the_lock_to_the_next()
    {
        for (var time = 1; time <= 3; time++)
        {
            var sealer = bench.Sealer();
            await sealer.StartAsync(CancellationToken.None);
            await Append(aggregates: 1, versions: 1);
            await AllIsSealed(time);
            await sealer.StopAsync(CancellationToken.None);
            (await bench.One<long>(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database "
                + "WHERE datname = current_database())")).ShouldBe(0);
        }
    }

    [Fact]
    public async Task What_somebody_queued_for_the_seal_gets_no_number()
    {
        await bench.Start(bench.Sealer());
        await Append(aggregates: 2, versions: 1);
        await AllIsSealed(2);

        // One that is sealed already, one that no journal holds, one with another hash, and one that another wrote into the journal.
        const string queue = "INSERT INTO unsealed (aggregate_id, version, hash) ";
        await bench.Run(queue + "SELECT aggregate_id, version, hash FROM journal LIMIT 1");
        await bench.Run(queue + "VALUES (gen_random_uuid(), 1, decode(repeat('00', 32), 'hex'))");
        await bench.Run(queue + "SELECT aggregate_id, 2, decode(repeat('01', 32), 'hex') FROM journal LIMIT 1");
        await bench.Run(
            """
            WITH forged AS (
              INSERT INTO journal (aggregate_id, version, command_id, command_digest, entry, hash, mac, recorded_at)
              SELECT aggregate_id, 2, gen_random_uuid(), '', entry || 'x'::bytea, sha256('\x00'::bytea || entry || 'x'::bytea), mac, 'epoch'
              FROM journal LIMIT 1 RETURNING aggregate_id, version, hash)
            INSERT INTO unsealed (aggregate_id, version, hash) SELECT * FROM forged
            """);
        await Append(aggregates: 3, versions: 1);

        await AllIsSealed(5);
    }

    [Fact]
    public async Task A_range_is_read_with_its_ends_and_without_entries_where_none_are_asked_for()
    {
        await bench.Start(bench.Sealer());
        await Append(aggregates: 10, versions: 1);
        await AllIsSealed(10);

        var rows = await Read(4, 6, withEntries: false);

        rows.Select(row => row.SealedNo).ShouldBe([4, 5, 6]);
        rows.ShouldAllBe(row => row.Entry.Length == 0);
    }

    [Fact]
    public async Task Reading_beyond_the_head_ends_at_the_head()
    {
        await bench.Start(bench.Sealer());
        await Append(aggregates: 600, versions: 1);
        await AllIsSealed(600);

        (await Read(1, long.MaxValue, withEntries: false)).Count.ShouldBe(600);
    }

    [Fact]
    public async Task Proofs_come_from_stored_hashes_and_are_those_of_the_whole_tree()
    {
        await bench.Start(bench.Sealer(new() { SealSize = 100, SealInterval = TimeSpan.FromMilliseconds(50) }));
        await Append(aggregates: 700, versions: 1);
        var log = new TestLog([.. (await AllIsSealed(700)).Select(row => row.EntryHash)]);

        // On both sides of what is stored: a row of the tree stands over 256 entries.
        foreach (var size in new[] { 1, 2, 255, 256, 257, 511, 512, 513, 700 })
        {
            (await Journal.ProveConsistency(size, 700, CancellationToken.None)).ShouldBe(log.Consistency(size, 700));
            (await Journal.ProveInclusion(size, 700, CancellationToken.None)).ShouldBe(log.Inclusion(size, 700));
            (await Journal.ProveInclusion(1, size, CancellationToken.None)).ShouldBe(log.Inclusion(1, size));
        }
        (await bench.One<long>("SELECT count(*) FROM tree")).ShouldBe(700 / 256);
    }

    [Theory]
    [InlineData("UPDATE journal SET entry = set_byte(entry, 9, get_byte(entry, 9)#1) WHERE version = 2", "its bytes do not give its hash")]
    [InlineData("UPDATE seal SET leaf = set_byte(leaf, 0, get_byte(leaf, 0) # 1) WHERE version = 2", "it was sealed with another hash")]
    [InlineData("DELETE FROM seal WHERE sealed_no = 2", "number 2 is missing")]
    public async Task What_was_changed_is_not_given_out(string edit, string fault)
    {
        await bench.Start(bench.Sealer());
        await Append(aggregates: 1, versions: 3);
        await AllIsSealed(3);

        await bench.Run(edit);

        var refusal = await Should.ThrowAsync<Refusal>(() => Read(1, 3, withEntries: true));
        (refusal.Kind, refusal.Reason).ShouldBe((RefusalKind.Damaged, "JOURNAL_DAMAGED"));
        refusal.Message.ShouldContain(fault);
    }

    Journal Journal => new(bench.Database, bench.EntryMac);

    async Task Append(int aggregates, int versions) => await Task.WhenAll(Enumerable.Range(0, aggregates).Select(async _ =>
    {
        var id = Guid.CreateVersion7();
        for (var version = 1; version <= versions; version++)
            (await ledger.Append(Workbench.Item(id, version), CancellationToken.None)).ShouldBe(AppendOutcome.Appended);
    }));

    async Task<List<SealedRow>> Read(long from, long to, bool withEntries)
    {
        List<SealedRow> rows = [];
        // Only so that an endless reading fails.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await foreach (var row in Journal.Read(from, to, withEntries, patience.Token))
            rows.Add(row);
        return rows;
    }

    /// <summary>Waits for the seal and checks all of it by a computation of its own.</summary>
    async Task<List<SealedRow>> AllIsSealed(int count)
    {
        await Eventually.Holds(async () => (await Journal.Head(CancellationToken.None)).ShouldBe((count, 0)));
        var rows = await Read(1, count, withEntries: true);
        rows.Select(row => row.SealedNo).ShouldBe(Enumerable.Range(1, count).Select(n => (long)n));
        foreach (var versions in rows.GroupBy(row => row.AggregateId, row => row.Version))
            versions.ShouldBe(Enumerable.Range(1, versions.Count()));
        rows.ShouldAllBe(row => row.EntryHash.SequenceEqual(SHA256.HashData(new byte[] { 0 }.Concat(row.Entry).ToArray())));
        var log = new TestLog([.. rows.Select(row => row.EntryHash)]);
        foreach (var (size, root) in await bench.Database.Query("SELECT size, root FROM checkpoints", [],
            row => (row.GetInt64(0), row.GetFieldValue<byte[]>(1)), CancellationToken.None))
            root.ShouldBe(log.Root(size), $"the root over {size} entries");
        return rows;
    }
}
