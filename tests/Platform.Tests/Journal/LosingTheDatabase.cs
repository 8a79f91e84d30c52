using Exchange.Testing;
using Npgsql;

namespace Exchange.Platform.Tests;

/// <summary>A connection lost in the middle of a write: the caller hears Appended exactly when the row is there.</summary>
public sealed class LosingTheDatabase : IAsyncLifetime
{
    Workbench bench = null!;
    CuttingProxy proxy = null!;
    NpgsqlDataSource behindProxy = null!;

    public async ValueTask InitializeAsync()
    {
        bench = await Workbench.Create();
        var address = new NpgsqlConnectionStringBuilder(bench.ConnectionString);
        proxy = CuttingProxy.Before(address.Host!, address.Port);
        (address.Host, address.Port) = ("127.0.0.1", proxy.Port);
        behindProxy = NpgsqlDataSource.Create(address);
    }

    public async ValueTask DisposeAsync()
    {
        await bench.DisposeAsync();
        await behindProxy.DisposeAsync();
        await proxy.DisposeAsync();
    }

    [Fact]
    public async Task A_session_killed_before_its_commit_is_written_again()
    {
        await bench.Run("CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_advisory_xact_lock_shared(42); "
            + "RETURN NEW; END'");
        await bench.Run("CREATE TRIGGER hold AFTER INSERT ON items FOR EACH ROW EXECUTE FUNCTION hold()");
        var ledger = await bench.Start(bench.Ledger());
        await using var holder = await bench.Source.OpenConnectionAsync();
        await new Transaction(holder, CancellationToken.None).Execute("SELECT pg_advisory_lock(42)", []);
        var append = ledger.Append(Workbench.Item(Guid.CreateVersion7(), 1), CancellationToken.None);

        await Eventually.Holds(async () => (await bench.One<long>(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() "
            + "AND wait_event = 'advisory'")).ShouldBe(1));
        append.IsCompleted.ShouldBeFalse();
        await new Transaction(holder, CancellationToken.None).Execute("SELECT pg_advisory_unlock(42)", []);

        (await append).ShouldBe(AppendOutcome.Appended);
        (await bench.Rows()).ShouldBe((1, 1, 1, 1));
    }

    [Fact]
    public async Task An_answer_lost_after_the_commit_is_found_out()
    {
        var ledger = await bench.Start(bench.Ledger(source: behindProxy));
        await ledger.Append(Workbench.Item(Guid.CreateVersion7(), 1), CancellationToken.None);

        proxy.CutAnswer(1);
        var append = Workbench.Item(Guid.CreateVersion7(), 1);
        (await ledger.Append(append, CancellationToken.None)).ShouldBe(AppendOutcome.Appended);

        (await bench.Rows()).ShouldBe((2, 2, 2, 2));
        (await ledger.Append(append, CancellationToken.None)).ShouldBe(AppendOutcome.Repeated);
    }

    [Fact]
    public async Task Writes_wait_for_a_database_that_comes_back()
    {
        var ledger = await bench.Start(bench.Ledger(new() { PauseWhenAway = TimeSpan.FromMilliseconds(20) }, behindProxy));
        await ledger.Append(Workbench.Item(Guid.CreateVersion7(), 1), CancellationToken.None);

        proxy.GoAway();
        var append = ledger.Append(Workbench.Item(Guid.CreateVersion7(), 1), CancellationToken.None);
        proxy.ComeBack();

        (await append).ShouldBe(AppendOutcome.Appended);
        (await bench.Rows()).ShouldBe((2, 2, 2, 2));
    }

    [Fact]
    public async Task Callers_are_told_when_it_does_not_come_back()
    {
        var ledger = bench.Ledger(new() { DatabaseAwayLimit = TimeSpan.Zero }, behindProxy);
        var all = Enumerable.Range(0, 4).Select(_ => ledger.Append(Workbench.Item(Guid.CreateVersion7(), 1), CancellationToken.None))
            .ToArray();

        proxy.GoAway();
        await bench.Start(ledger);

        foreach (var append in all)
            (await Should.ThrowAsync<NpgsqlException>(() => append)).IsTransient.ShouldBeTrue();
        proxy.ComeBack();
        (await ledger.Append(Workbench.Item(Guid.CreateVersion7(), 1), CancellationToken.None)).ShouldBe(AppendOutcome.Appended);
    }

    [Fact]
    public async Task A_group_is_not_split_because_the_database_is_away()
    {
        await bench.Run("CREATE SEQUENCE tries");
        await bench.Run("CREATE FUNCTION away() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN PERFORM nextval('tries'); "
            + "RAISE EXCEPTION 'starting' USING ERRCODE = '57P03'; END$$");
        await bench.Run("CREATE TRIGGER away BEFORE INSERT ON journal FOR EACH STATEMENT EXECUTE FUNCTION away()");
        var ledger = bench.Ledger(new() { DatabaseAwayLimit = TimeSpan.Zero });
        var all = Enumerable.Range(0, 8).Select(_ => ledger.Append(Workbench.Item(Guid.CreateVersion7(), 1), CancellationToken.None))
            .ToArray();

        await bench.Start(ledger);

        foreach (var append in all)
            (await Should.ThrowAsync<PostgresException>(() => append)).SqlState.ShouldBe("57P03");
        (await bench.One<long>("SELECT last_value FROM tries")).ShouldBe(1);
    }

    [Fact]
    public async Task A_winner_is_told_so_although_the_loser_s_explanation_was_lost()
    {
        var ledger = await bench.Start(bench.Ledger(source: behindProxy));
        var known = Guid.CreateVersion7();
        Task<AppendOutcome>[] Group() =>
        [
            ledger.Append(Workbench.Item(Guid.CreateVersion7(), 1), CancellationToken.None),
            ledger.Append(Workbench.Item(known, 1), CancellationToken.None),
        ];
        await Task.WhenAll(Group());
        await bench.Run("CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_advisory_xact_lock_shared(42); "
            + "RETURN NULL; END'");
        await bench.Run("CREATE TRIGGER hold AFTER INSERT ON journal FOR EACH STATEMENT EXECUTE FUNCTION hold()");
        await using var holder = await bench.Source.OpenConnectionAsync();
        var session = new Transaction(holder, CancellationToken.None);
        await session.Execute("SELECT pg_advisory_lock(42)", []);

        // While the first is held up, the next two come together and make a group of two.
        var first = ledger.Append(Workbench.Item(Guid.CreateVersion7(), 1), CancellationToken.None);
        await Eventually.Holds(async () => (await bench.One<long>(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'")).ShouldBe(1));
        var group = Group();
        proxy.CutAnswer(3);
        await session.Execute("SELECT pg_advisory_unlock(42)", []);

        (await Task.WhenAll(group)).ShouldBe([AppendOutcome.Appended, AppendOutcome.Conflict]);
        (await first).ShouldBe(AppendOutcome.Appended);
        (await bench.Rows()).ShouldBe((4, 4, 4, 4));
    }
}
