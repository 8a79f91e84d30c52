using System.Collections.Concurrent;

namespace Exchange.Platform.Tests;

/// <summary>Whoever shares a transaction is told his own outcome, and no other's.</summary>
public sealed class AppendingInGroups : IAsyncLifetime
{
    Workbench bench = null!;

    public async ValueTask InitializeAsync() => bench = await Workbench.Create();

    public async ValueTask DisposeAsync() => await bench.DisposeAsync();

    [Fact]
    public async Task Five_hundred_at_once_by_two_ledgers_write_each_version_once_and_all_hear_the_truth()
    {
        Ledger[] ledgers = [await bench.Start(bench.Ledger(new() { Writers = 2 })), await bench.Start(bench.Ledger())];
        var aggregates = Enumerable.Range(0, 100).Select(_ => Guid.CreateVersion7()).ToArray();
        var told = new ConcurrentDictionary<Guid, (Guid Aggregate, int Version)>();

        await Task.WhenAll(Enumerable.Range(0, 500).Select(async caller =>
        {
            var (aggregate, command) = (aggregates[caller % 100], Guid.CreateVersion7());
            for (var version = 1; ; version++)
            {
                var outcome = await ledgers[caller % 2].Append(
                    Workbench.Item(aggregate, version, command.ToString(), command), CancellationToken.None);
                if (outcome is not AppendOutcome.Conflict)
                {
                    outcome.ShouldBe(AppendOutcome.Appended);
                    told[command] = (aggregate, version);
                    return;
                }
            }
        }));

        var written = await bench.Database.Query("SELECT command_id, aggregate_id, version FROM journal", [],
            row => (Command: row.GetGuid(0), (row.GetGuid(1), row.GetInt32(2))), CancellationToken.None);
        written.ToDictionary(row => row.Command, row => row.Item2).ShouldBe(told, ignoreOrder: true);
        told.Values.ToHashSet().SetEquals(aggregates.SelectMany(id => Enumerable.Range(1, 5).Select(v => (id, v)))).ShouldBeTrue();
        (await bench.Rows()).ShouldBe((500, 500, 500, 100));
        (await bench.One<long>(
            "SELECT count(*) FROM items JOIN journal j ON (j.aggregate_id, j.version) = (items.id, 5) WHERE items.version = 5 AND "
            + "name = command_id::text AND head_hash = hash"))
            .ShouldBe(100);
    }

    [Fact]
    public async Task One_that_breaks_a_unique_key_fails_alone()
    {
        await bench.Run("INSERT INTO items VALUES ($1, 1, '', '', 'taken', 0)", Guid.CreateVersion7());
        var ledger = bench.Ledger();
        var good = Enumerable.Range(0, 255).Select(_ => ledger.Append(Workbench.Item(Guid.CreateVersion7(), 1), CancellationToken.None))
            .ToArray();
        var bad = ledger.Append(Workbench.Item(Guid.CreateVersion7(), 1, "taken"), CancellationToken.None);

        await bench.Start(ledger);

        (await bad).ShouldBe(AppendOutcome.Conflict);
        (await Task.WhenAll(good)).ShouldAllBe(outcome => outcome == AppendOutcome.Appended);
        (await bench.Rows()).ShouldBe((255, 255, 255, 256));
    }

    [Fact]
    public async Task One_that_cannot_even_be_sent_fails_alone()
    {
        var ledger = bench.Ledger();
        var good = Enumerable.Range(0, 7).Select(_ => ledger.Append(Workbench.Item(Guid.CreateVersion7(), 1), CancellationToken.None))
            .ToArray();
        var faulty = Workbench.Item(Guid.CreateVersion7(), 1) with { State = new(Workbench.Items, ["a name", "not a number"]) };
        var bad = ledger.Append(faulty, CancellationToken.None);

        await bench.Start(ledger);

        (await Task.WhenAll(good)).ShouldAllBe(outcome => outcome == AppendOutcome.Appended);
        await Should.ThrowAsync<NotSupportedException>(() => bad);
        (await bench.Rows()).ShouldBe((7, 7, 7, 7));
    }

    [Fact]
    public async Task The_same_command_twice_in_one_group_is_written_once()
    {
        var ledger = bench.Ledger();
        var command = Guid.CreateVersion7();
        var both = Enumerable.Range(0, 2).Select(n =>
            ledger.Append(Workbench.Item(Guid.CreateVersion7(), 1, null, command, $"try {n}"), CancellationToken.None)).ToArray();

        await bench.Start(ledger);

        (await Task.WhenAll(both)).ShouldBe([AppendOutcome.Appended, AppendOutcome.Repeated], ignoreOrder: true);
        (await bench.Rows()).ShouldBe((1, 1, 1, 1));
    }

    [Fact]
    public async Task Versions_of_one_aggregate_that_wait_together_are_written_in_their_order()
    {
        var ledger = bench.Ledger();
        var id = Guid.CreateVersion7();
        var all = Enumerable.Range(1, 20).Select(version => ledger.Append(Workbench.Item(id, version), CancellationToken.None)).ToArray();

        await bench.Start(ledger);

        (await Task.WhenAll(all)).ShouldAllBe(outcome => outcome == AppendOutcome.Appended);
        (await bench.One<int>("SELECT version FROM items")).ShouldBe(20);
    }

    [Fact]
    public async Task More_than_the_queue_holds_is_refused_and_never_written()
    {
        var ledger = bench.Ledger(new() { QueueLength = 2 });
        var accepted = Enumerable.Range(0, 2).Select(_ => ledger.Append(Workbench.Item(Guid.CreateVersion7(), 1), CancellationToken.None))
            .ToArray();

        var refusal = await Should.ThrowAsync<Refusal>(() =>
            ledger.Append(Workbench.Item(Guid.CreateVersion7(), 1), CancellationToken.None));

        (refusal.Kind, refusal.Reason).ShouldBe((RefusalKind.Exhausted, "LEDGER_FULL"));
        await bench.Start(ledger);
        await Task.WhenAll(accepted);
        (await bench.Rows()).Journal.ShouldBe(2);
    }

    [Fact]
    public async Task A_caller_who_gives_up_takes_nobody_with_him()
    {
        var ledger = bench.Ledger();
        using var impatient = new CancellationTokenSource();
        var all = Enumerable.Range(0, 5).Select(n => ledger.Append(
            Workbench.Item(Guid.CreateVersion7(), 1), n == 2 ? impatient.Token : CancellationToken.None)).ToArray();

        await impatient.CancelAsync();
        await bench.Start(ledger);

        (await Task.WhenAll(all)).ShouldAllBe(outcome => outcome == AppendOutcome.Appended);
        (await bench.Rows()).Journal.ShouldBe(5);
    }

    [Fact]
    public async Task A_caller_who_has_given_up_before_writes_nothing()
    {
        var ledger = await bench.Start(bench.Ledger());

        await Should.ThrowAsync<OperationCanceledException>(() =>
            ledger.Append(Workbench.Item(Guid.CreateVersion7(), 1), new(canceled: true)));

        (await bench.Rows()).Journal.ShouldBe(0);
    }

    [Fact]
    public async Task What_was_accepted_is_written_before_the_service_stops()
    {
        var ledger = bench.Ledger(new() { GroupSize = 10 });
        var accepted = Enumerable.Range(0, 300)
            .Select(_ => ledger.Append(Workbench.Item(Guid.CreateVersion7(), 1), CancellationToken.None)).ToArray();

        await ledger.StartAsync(CancellationToken.None);
        await ledger.StopAsync(CancellationToken.None);

        (await Task.WhenAll(accepted)).ShouldAllBe(outcome => outcome == AppendOutcome.Appended);
        (await bench.Rows()).ShouldBe((300, 300, 300, 300));
        var refusal = await Should.ThrowAsync<Refusal>(() =>
            ledger.Append(Workbench.Item(Guid.CreateVersion7(), 1), CancellationToken.None));
        (refusal.Kind, refusal.Reason).ShouldBe((RefusalKind.Unavailable, "STOPPING"));
    }

    [Fact]
    public async Task A_group_holds_no_more_bytes_than_it_may_and_what_is_larger_goes_alone()
    {
        var ledger = bench.Ledger(new() { GroupBytes = 4_000 });
        var sizes = Enumerable.Repeat(1_500, 10).Append(9_000);
        var all = sizes.Select(size =>
            ledger.Append(Workbench.Item(Guid.CreateVersion7(), 1, content: new('x', size)), CancellationToken.None)).ToArray();

        await bench.Start(ledger);

        (await Task.WhenAll(all)).ShouldAllBe(outcome => outcome == AppendOutcome.Appended);
        (await bench.One<long>("SELECT count(DISTINCT xmin::text) FROM journal")).ShouldBe(6);
        (await bench.One<long>(
            "SELECT max(bytes) FROM (SELECT sum(length(entry)) AS bytes FROM journal WHERE length(entry) < 9000 "
            + "GROUP BY xmin::text) AS groups")).ShouldBeLessThanOrEqualTo(4_000);
    }
}
