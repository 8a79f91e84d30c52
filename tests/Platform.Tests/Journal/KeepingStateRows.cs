using System.Text;
using Exchange.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NpgsqlTypes;

namespace Exchange.Platform.Tests;

/// <summary>What somebody with the database's password does to a row is noticed when it is read, and undone from the journal.</summary>
public sealed class KeepingStateRows : IAsyncLifetime
{
    Workbench bench = null!;
    RecordFindings findings = null!;
    StateRows rows = null!;
    Ledger ledger = null!;

    public async ValueTask InitializeAsync()
    {
        bench = await Workbench.Create();
        findings = new(bench.Database, TimeProvider.System, NullLogger<RecordFindings>.Instance);
        rows = new(bench.Database, new(bench.Database, bench.EntryMac), new(bench.Keyring), findings, new ItemRebuild());
        ledger = await bench.Start(bench.Ledger());
    }

    public async ValueTask DisposeAsync() => await bench.DisposeAsync();

    [Theory]
    [InlineData("UPDATE items SET name = 'refused' WHERE id = $1")]
    [InlineData("UPDATE items SET name = NULL WHERE id = $1")]
    [InlineData("UPDATE items SET size = 9 WHERE id = $1")]
    [InlineData("UPDATE items SET version = 1000000 WHERE id = $1")]
    [InlineData("UPDATE items SET head_hash = sha256(head_hash) WHERE id = $1")]
    [InlineData("UPDATE items SET mac = '' WHERE id = $1")]
    [InlineData("UPDATE items SET mac = set_byte(mac, 0, 2) WHERE id = $1")]
    [InlineData("UPDATE items SET mac = set_byte(mac, 32, get_byte(mac, 32) # 1) WHERE id = $1")]
    public async Task A_row_that_was_changed_is_made_anew_and_told_of(string change)
    {
        var id = await Kept("executed", "first", "executed");
        await bench.Run(change, id);

        (await Read(id)).ShouldBe((3, "executed", 3));

        (await bench.One<string>("SELECT name FROM items WHERE id = $1", id)).ShouldBe("executed");
        findings.Attention.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            told => told.ShouldContain($"items/{id}"), told => told.ShouldContain("made anew"));
        // And it is written to as before.
        (await ledger.Append(Workbench.Item(id, 4, "closed", content: "closed"), CancellationToken.None)).ShouldBe(AppendOutcome.Appended);
        (await Read(id)).ShouldBe((4, "closed", 4));
    }

    [Fact]
    public async Task A_row_that_was_put_back_to_what_it_was_is_noticed_although_its_code_is_right()
    {
        var id = await Kept("refused");
        await bench.Run("CREATE TABLE before AS SELECT * FROM items");
        await ledger.Append(Workbench.Item(id, 2, "executed", content: "executed"), CancellationToken.None);
        await bench.Run("DELETE FROM items");
        await bench.Run("INSERT INTO items SELECT * FROM before");

        (await Read(id)).ShouldBe((2, "executed", 2));
        findings.Attention.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_row_under_the_id_of_another_is_noticed()
    {
        var (one, other) = (await Kept("one"), await Kept("other"));
        await bench.Run("CREATE TABLE before AS SELECT * FROM items");
        await bench.Run("UPDATE items SET name = id::text");
        await bench.Run(
            "UPDATE items i SET (name, mac) = (SELECT b.name, b.mac FROM before b WHERE b.id <> i.id), head_hash = "
            + "(SELECT b.head_hash FROM before b WHERE b.id <> i.id)");

        (await Read(one)).ShouldBe((1, "one", 1));
        (await Read(other)).ShouldBe((1, "other", 1));
    }

    [Theory]
    [InlineData("UPDATE journal SET entry = entry || 'forged'::bytea", "JOURNAL_DAMAGED")]
    [InlineData(
        "UPDATE journal SET entry = entry || 'forged'::bytea, hash = sha256('\\x00'::bytea || entry || 'forged'::bytea)",
        "JOURNAL_DAMAGED")]
    [InlineData("DELETE FROM journal WHERE version = 1", "JOURNAL_DAMAGED")]
    [InlineData("DELETE FROM unsealed", "STATE_DAMAGED")]
    public async Task Where_the_journal_does_not_hold_together_either_the_row_is_refused(string damage, string reason)
    {
        var id = await Kept("refused", "refused");
        await bench.Run("UPDATE items SET name = 'executed'");
        await bench.Run(damage);

        var refused = await Should.ThrowAsync<Refusal>(() => Read(id));

        (refused.Kind, refused.Reason).ShouldBe((RefusalKind.Damaged, reason));
        refused.Message.ShouldContain($"{id}");
        findings.Attention.ShouldHaveSingleItem().ShouldContain("cannot be made anew");
        (await bench.One<string>("SELECT name FROM items")).ShouldBe("executed");
    }

    [Fact]
    public async Task An_entry_that_somebody_slipped_in_gets_into_no_row()
    {
        var id = await Kept("refused");
        await bench.Run(
            """
            INSERT INTO journal (aggregate_id, version, command_id, command_digest, entry, hash, mac, recorded_at)
            SELECT
              aggregate_id, 2, gen_random_uuid(), '', entry || 'x'::bytea, sha256('\x00'::bytea || entry || 'x'::bytea), mac, recorded_at
            FROM journal
            """);

        (await Should.ThrowAsync<Refusal>(() => Read(id))).Reason.ShouldBe("JOURNAL_DAMAGED");
    }

    [Fact]
    public async Task The_audit_finds_what_nobody_reads()
    {
        var ids = new List<Guid>();
        for (var i = 0; i < 7; i++)
            ids.Add(await Kept($"item {i}"));
        await bench.Run("UPDATE items SET size = 9 WHERE id = $1", ids[5]);
        await bench.Run("DELETE FROM items WHERE id = $1", ids[6]);
        await Audit();

        await Eventually.Holds(async () => (await bench.One<string>("SELECT string_agg(name || size, ',' ORDER BY name) FROM items"))
            .ShouldBe("item 01,item 11,item 21,item 31,item 41,item 51,item 61"));
        await Eventually.Holds(() => findings.Attention.ShouldHaveSingleItem().ShouldContain("2 rows"));
    }

    [Fact]
    public async Task An_entry_that_is_neither_sealed_nor_waits_for_it_is_told_of_until_it_is_gone()
    {
        var id = await Kept("item");
        for (var i = 0; i < 5; i++)
            await Kept($"other {i}");
        await bench.Start(bench.Sealer());
        await Eventually.Holds(async () => (await bench.One<long>("SELECT count(*) FROM seal")).ShouldBe(6));
        await Audit();
        await Eventually.Holds(() => findings.Attention.ShouldBeEmpty());

        await bench.Run(
            """
            INSERT INTO journal (aggregate_id, version, command_id, command_digest, entry, hash, mac, recorded_at)
            SELECT gen_random_uuid(), 1, gen_random_uuid(), '', entry, hash, mac, 'epoch' FROM journal WHERE aggregate_id = $1
            """, id);

        await Eventually.Holds(() => findings.Attention.ShouldContain(told => told.Contains("neither sealed nor wait for it")));
        findings.Standing["entry"].ShouldBe(1);
        await bench.Run("DELETE FROM journal WHERE recorded_at = 'epoch'");
        await Eventually.Holds(() => findings.Standing.ShouldNotContainKey("entry"));
        await bench.Run("DELETE FROM seal WHERE aggregate_id = $1", id);
        await Eventually.Holds(() => findings.Attention.ShouldContain(told => told.Contains($"{id}/1")));
    }

    [Fact]
    public void Equal_values_are_the_same_bytes_whatever_they_came_from_and_others_never()
    {
        StateMac.Canonical(NpgsqlDbType.Integer, (short)7).ShouldBe(StateMac.Canonical(NpgsqlDbType.Integer, 7));
        var instant = new DateTimeOffset(2026, 3, 2, 10, 0, 0, TimeSpan.FromHours(3)).AddTicks(19);
        StateMac.Canonical(NpgsqlDbType.TimestampTz, instant).ShouldBe(StateMac.Canonical(
            NpgsqlDbType.TimestampTz, instant.AddTicks(-9).ToUniversalTime()));
        StateMac.Canonical(NpgsqlDbType.Text, "ab").ShouldNotBe(StateMac.Canonical(NpgsqlDbType.Text, "ab "));
        Should.Throw<EncoderFallbackException>(() => StateMac.Canonical(NpgsqlDbType.Text, "\ud800"));
        Should.Throw<NotSupportedException>(() => StateMac.Canonical(NpgsqlDbType.Jsonb, "{}"));
        var (mac, table) = (new StateMac(bench.Keyring), new StateTable("t", [("a", NpgsqlDbType.Text), ("b", NpgsqlDbType.Text)]));
        var codes = new object?[][] { ["ab", ""], ["a", "b"], ["", "ab"], [null, "ab"], ["ab", null], [null, null], ["", ""] }
            .Select(values => Convert.ToHexString(mac.Of(table, default, 1, [], values))).ToList();
        codes.Distinct().Count().ShouldBe(codes.Count);
    }

    async Task Audit() => await bench.Start(new RecordAudit(
        bench.Database, new(bench.Database, bench.EntryMac), rows, findings, [Workbench.Items],
        Options.Create(new LedgerOptions { AuditInterval = TimeSpan.FromMilliseconds(50), AuditSize = 2 }), TimeProvider.System,
        NullLogger<RecordAudit>.Instance));

    /// <summary>An item with a version for each name.</summary>
    async Task<Guid> Kept(params string[] names)
    {
        var id = Guid.CreateVersion7();
        foreach (var (i, name) in names.Index())
            (await ledger.Append(Workbench.Item(id, i + 1, name, content: name), CancellationToken.None)).ShouldBe(AppendOutcome.Appended);
        return id;
    }

    async Task<(int Version, string? Name, int Size)> Read(Guid id) => (await rows.Query(Workbench.Items, "WHERE id = $1", [id],
        row => (row.Version, row.Of<string>("name"), row.Of<int>("size")), CancellationToken.None)).Single();

    sealed class ItemRebuild : IStateRebuild
    {
        public bool Keeps(byte[] entry) => true;

        public StateRow Rebuild(IReadOnlyList<SealedRow> entries) =>
            new(Workbench.Items, [Encoding.UTF8.GetString(entries[^1].Entry.AsSpan(17)), entries[^1].Version]);
    }
}
