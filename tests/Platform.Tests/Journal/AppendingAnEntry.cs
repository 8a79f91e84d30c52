
namespace Exchange.Platform.Tests;

public sealed class AppendingAnEntry : IAsyncLifetime
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
    public async Task It_is_in_journal_state_seal_queue_and_outbox_by_one_transaction()
    {
        var append = Workbench.Item(Guid.CreateVersion7(), 1, "first");

        (await ledger.Append(append, CancellationToken.None)).ShouldBe(AppendOutcome.Appended);

        (await bench.Rows()).ShouldBe((1, 1, 1, 1));
        (await bench.One<byte[]>("SELECT hash FROM journal")).ShouldBe(EntryBytes.HashOf(append.Entry));
        (await bench.One<byte[]>("SELECT head_hash FROM items")).ShouldBe(EntryBytes.HashOf(append.Entry));
        (await bench.One<string>("SELECT body::text FROM (SELECT convert_from(body, 'UTF8') AS body FROM outbox) o"))
            .ShouldContain(append.AggregateId.ToString());
        (await bench.One<long>(
            "SELECT count(DISTINCT t) FROM (SELECT xmin::text t FROM journal UNION ALL SELECT xmin::text FROM unsealed UNION ALL "
            + "SELECT xmin::text FROM outbox UNION ALL SELECT xmin::text FROM items) x"))
            .ShouldBe(1);
    }

    [Fact]
    public async Task The_next_version_replaces_the_state()
    {
        var id = Guid.CreateVersion7();
        await ledger.Append(Workbench.Item(id, 1, "before"), CancellationToken.None);

        (await ledger.Append(Workbench.Item(id, 2, "after"), CancellationToken.None)).ShouldBe(AppendOutcome.Appended);

        (await bench.Rows()).ShouldBe((2, 2, 2, 1));
        (await bench.One<string>("SELECT name || ' ' || version FROM items")).ShouldBe("after 2");
    }

    [Fact]
    public async Task Without_an_event_and_without_a_state_only_the_journal_and_its_seal_are_written()
    {
        await ledger.Append(Workbench.Item(Guid.CreateVersion7(), 1) with { State = null, Event = null }, CancellationToken.None);

        (await bench.Rows()).ShouldBe((1, 1, 0, 0));
    }

    [Theory]
    [InlineData("")]
    [InlineData("composed anew")]
    public async Task The_same_command_again_is_repeated_and_writes_nothing(string content)
    {
        var append = Workbench.Item(Guid.CreateVersion7(), 1, "first");
        await ledger.Append(append, CancellationToken.None);

        var again = Workbench.Item(append.AggregateId, 1, "second", append.CommandId, content);
        (await ledger.Append(again, CancellationToken.None)).ShouldBe(AppendOutcome.Repeated);

        (await bench.Rows()).ShouldBe((1, 1, 1, 1));
        (await bench.One<string>("SELECT name FROM items")).ShouldBe("first");
    }

    [Fact]
    public async Task The_same_command_upon_a_later_version_is_repeated_too()
    {
        var append = Workbench.Item(Guid.CreateVersion7(), 1, "first");
        await ledger.Append(append, CancellationToken.None);

        (await ledger.Append(append with { Version = 2 }, CancellationToken.None)).ShouldBe(AppendOutcome.Repeated);

        (await bench.Rows()).ShouldBe((1, 1, 1, 1));
    }

    [Fact]
    public async Task The_same_command_id_with_other_content_is_refused_and_writes_nothing()
    {
        var append = Workbench.Item(Guid.CreateVersion7(), 1, "first");
        await ledger.Append(append, CancellationToken.None);

        var other = Workbench.Item(Guid.CreateVersion7(), 1, "second", append.CommandId) with { CommandDigest = [9] };
        (await ledger.Append(other, CancellationToken.None)).ShouldBe(AppendOutcome.CommandReused);

        (await bench.Rows()).ShouldBe((1, 1, 1, 1));
    }

    [Fact]
    public async Task The_loser_of_a_version_writes_nothing()
    {
        var id = Guid.CreateVersion7();
        await ledger.Append(Workbench.Item(id, 1, "winner"), CancellationToken.None);

        (await ledger.Append(Workbench.Item(id, 1, "loser"), CancellationToken.None)).ShouldBe(AppendOutcome.Conflict);

        (await bench.Rows()).ShouldBe((1, 1, 1, 1));
        (await bench.One<string>("SELECT name FROM items")).ShouldBe("winner");
    }

    [Fact]
    public async Task An_event_that_the_service_did_not_name_is_refused_before_anything_is_written()
    {
        var append = Workbench.Item(Guid.CreateVersion7(), 1) with { Event = new { Unknown = true } };

        await Should.ThrowAsync<ArgumentException>(() => ledger.Append(append, CancellationToken.None));

        (await bench.Rows()).ShouldBe((0, 0, 0, 0));
    }
}
