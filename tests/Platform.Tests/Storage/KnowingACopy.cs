using Microsoft.Extensions.Logging.Abstractions;

namespace Exchange.Platform.Tests;

/// <summary>A database that was restored knows it, gives no number twice, and is opened by hand.</summary>
public sealed class KnowingACopy : IAsyncLifetime
{
    readonly Numbers numbers = new();
    Workbench bench = null!;
    DatabaseHistory history = null!;

    public async ValueTask InitializeAsync()
    {
        bench = await Workbench.Create();
        history = new(bench.Database, [numbers], TimeProvider.System, NullLogger<DatabaseHistory>.Instance);
    }

    public async ValueTask DisposeAsync() => await bench.DisposeAsync();

    [Fact]
    public async Task A_database_of_its_own_is_no_copy()
    {
        await history.Recognise(CancellationToken.None);

        history.Closed.ShouldBeFalse();
        numbers.Moved.ShouldBe(0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_copy_is_closed_until_it_was_compared_and_moves_its_numbers_once(bool fromADump)
    {
        if (fromADump)
            await bench.Run("UPDATE provenance SET identity = 'cluster/another'");
        else
            await history.MarkAsCopy(CancellationToken.None);

        await history.Recognise(CancellationToken.None);
        // Another replica, or a restart before anybody looked.
        await history.Recognise(CancellationToken.None);

        history.Closed.ShouldBeTrue();
        history.Attention.ShouldHaveSingleItem().ShouldContain("Restored from a copy");
        numbers.Moved.ShouldBe(1);
        await history.Reconcile(CancellationToken.None);
        history.Closed.ShouldBeFalse();
        history.Attention.ShouldBeEmpty();
        (await bench.One<int>("SELECT restores FROM provenance")).ShouldBe(1);
    }

    [Fact]
    public async Task Nothing_but_what_is_recovered_is_appended_while_it_is_closed()
    {
        await history.MarkAsCopy(CancellationToken.None);
        await history.Recognise(CancellationToken.None);
        var ledger = await bench.Start(bench.Ledger(history: history));
        var append = Workbench.Item(Guid.CreateVersion7(), 1);

        (await Should.ThrowAsync<Refusal>(() => ledger.Append(append, CancellationToken.None))).Reason.ShouldBe("RESTORED");
        (await ledger.Append(append, CancellationToken.None, mending: true)).ShouldBe(AppendOutcome.Appended);
        await history.Reconcile(CancellationToken.None);
        (await ledger.Append(Workbench.Item(Guid.CreateVersion7(), 1), CancellationToken.None)).ShouldBe(AppendOutcome.Appended);
    }

    [Fact]
    public async Task Nothing_is_appended_before_somebody_has_looked()
    {
        var ledger = bench.Ledger(history: history);

        (await Should.ThrowAsync<Refusal>(() => ledger.Append(Workbench.Item(Guid.CreateVersion7(), 1), CancellationToken.None)))
            .Reason.ShouldBe("RESTORED");

        await bench.Start(ledger);
        (await ledger.Append(Workbench.Item(Guid.CreateVersion7(), 1), CancellationToken.None)).ShouldBe(AppendOutcome.Appended);
    }

    [Fact]
    public async Task A_look_opens_no_copy_that_was_not_recognised_yet()
    {
        await history.MarkAsCopy(CancellationToken.None);

        await history.Look(CancellationToken.None);

        history.Closed.ShouldBeTrue();
    }

    sealed class Numbers : IRestoreHandler
    {
        public int Moved { get; private set; }

        public Task HandleRestore(Transaction tx)
        {
            Moved++;
            return Task.CompletedTask;
        }
    }
}
