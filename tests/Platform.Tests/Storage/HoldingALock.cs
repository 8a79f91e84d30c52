using Exchange.Testing;
using Npgsql;

namespace Exchange.Platform.Tests;

/// <summary>One holds a lock, whichever way he names it, until he lets go or his session ends.</summary>
public sealed class HoldingALock : IAsyncLifetime
{
    Workbench bench = null!;

    public async ValueTask InitializeAsync() => bench = await Workbench.Create();

    public async ValueTask DisposeAsync() => await bench.DisposeAsync();

    [Fact]
    public async Task A_second_does_not_get_it_until_the_first_lets_go()
    {
        foreach (var key in (AdvisoryLockKey[])["a name", 42L])
        {
            await using (var first = await TryAcquire(key))
            {
                first.ShouldNotBeNull();
                (await TryAcquire(key)).ShouldBeNull();
                await using var other = await TryAcquire("another name");
                other.ShouldNotBeNull();
            }
            await using var second = await TryAcquire(key);
            second.ShouldNotBeNull();
        }
    }

    [Fact]
    public async Task Who_waits_gets_it_then()
    {
        var first = await TryAcquire("a name");

        var second = AdvisoryLock.Acquire(bench.Database, "a name", CancellationToken.None);
        await Eventually.Holds(async () => (await Locks("NOT granted")).ShouldBe(1));
        await first!.DisposeAsync();

        await (await second).DisposeAsync();
        (await Locks("true")).ShouldBe(0);
    }

    [Fact]
    public async Task A_lost_session_is_noticed_and_so_is_the_lock()
    {
        await using var held = await TryAcquire("a name");
        await held!.EnsureHeld(CancellationToken.None);

        await bench.Run("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid "
            + "FROM pg_database WHERE datname = current_database())");

        await Should.ThrowAsync<NpgsqlException>(() => held.EnsureHeld(CancellationToken.None));
        await using var next = await AdvisoryLock.Acquire(bench.Database, "a name", CancellationToken.None);
        await next.EnsureHeld(CancellationToken.None);
    }

    [Fact]
    public async Task Who_cannot_let_go_loses_his_session_and_with_it_the_lock()
    {
        var held = await TryAcquire("a name");
        await held!.Session.Execute("BEGIN", []);
        await Should.ThrowAsync<PostgresException>(() => held.Session.Execute("SELECT 1 / 0", []));

        // In a transaction that has failed the server executes nothing, an unlock neither.
        await Should.ThrowAsync<PostgresException>(async () => await held.DisposeAsync());

        await Eventually.Holds(async () => (await Locks("true")).ShouldBe(0));
    }

    Task<AdvisoryLock?> TryAcquire(AdvisoryLockKey key) => AdvisoryLock.TryAcquire(bench.Database, key, CancellationToken.None);

    Task<long> Locks(string which) => bench.One<long>(
        $"SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND {which} AND database = (SELECT oid FROM pg_database "
        + "WHERE datname = current_database())");
}
