using Exchange.Testing;
using Npgsql;

namespace Exchange.System.Tests;

/// <summary>kill -9 of any service while a register goes in: the client repeats, every row is there once, the figures are right.</summary>
public sealed class ServicesKilledDuringImport : IAsyncLifetime
{
    const string ObservedUntil = WithTheDemonstrationRegister.ObservedUntil;
    const int SomeRows = 300;

    RunningExchange exchange = null!;

    public async ValueTask InitializeAsync() => exchange = await RunningExchange.Start();

    public async ValueTask DisposeAsync() => await exchange.DisposeAsync();

    [Theory]
    [InlineData("requests", "requests")]
    [InlineData("tracking", "facts")]
    [InlineData("correlation", "indexed")]
    public async Task Ends_with_every_row_once_and_the_right_figures(string victim, string itsTable)
    {
        var import = exchange.Run("register", "import", WithTheDemonstrationRegister.Folder, "--observed-until", ObservedUntil);
        await Eventually.Holds(async () => (await Count(victim, $"SELECT count(*) FROM {itsTable}")).ShouldBeGreaterThan(SomeRows),
            TimeSpan.FromMinutes(1));

        var service = victim switch { "requests" => exchange.Requests, "tracking" => exchange.Tracking, _ => exchange.Correlation };
        await service.Kill();
        await service.Restart();
        await import;
        await exchange.Settled();

        (await Count("requests", "SELECT count(*) FROM requests")).ShouldBe(5_000);
        (await Count("requests", "SELECT count(*) FROM journal j JOIN requests r ON r.id = j.aggregate_id WHERE j.version <> 1"))
            .ShouldBe(0);
        await exchange.ShouldShow(ObservedUntil, Expected("turnaround"), Expected("rates"), Expected("unanswered-eu"));
    }

    static IReadOnlyList<IReadOnlyDictionary<string, string>> Expected(string table) =>
        Csv.Read(Repository.PathOf($"tests/System.Tests/Expected/expected-{table}.csv"));

    async Task<long> Count(string database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(exchange.Databases[database]);
        await using var command = source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
