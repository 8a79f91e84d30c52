using System.Reflection;
using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Exchange.Benchmarks;

/// <summary>
/// Durable appends by the ledger itself, on a database with the migrations of Requests. Sealer and dispatcher do not run:
/// the raw ways have neither.
/// </summary>
sealed class AppendSection : IAsyncDisposable
{
    /// <summary>Connections that the raw ways share, as many as a pool of Npgsql holds unless told otherwise.</summary>
    const int RawConnections = 100;

    const int Copied = 10_000;

    readonly TestDatabase database;
    readonly NpgsqlDataSource source;
    readonly NpgsqlDataSource rawSource;
    readonly RawWrites raw;
    readonly Keyring keyring;
    readonly Ledger ledger;

    AppendSection(TestDatabase database)
    {
        this.database = database;
        (source, rawSource) = (Source(database, 10), Source(database, RawConnections));
        raw = new(rawSource);
        keyring = new(TestKeys.NewServiceKey(), source, [EntryMac.Key, new(StateMac.Purpose)]);
        ledger = new(source, [Filing.State], new(keyring), new(keyring), new(ContractJson.Options, typeof(RequestChanged)),
            ServiceIdentities.AnySigner("requests"), new(TimeProvider.System), new(TimeProvider.System),
            new(new(source), [], TimeProvider.System, NullLogger<DatabaseHistory>.Instance),
            Options.Create(new LedgerOptions()), Failpoints.None, TimeProvider.System, NullLogger<Ledger>.Instance);
    }

    public static async Task<IReadOnlyList<Line>> Measure(BenchOptions options)
    {
        await using var section = new AppendSection(await TestDatabase.Create());
        await new Migrations(section.source, NullLogger<Migrations>.Instance).Apply(
            [typeof(Ledger).Assembly, Assembly.LoadFrom(Repository.AssemblyOf("Exchange.Requests", "Exchange.Requests"))],
            ["Migrations", "KeyMigrations"], CancellationToken.None);
        await section.keyring.Load(CancellationToken.None);
        await section.ledger.StartAsync(CancellationToken.None);
        return [.. await section.Latency(options), .. await section.Rates(options, 32), .. await section.Rates(options, 256)];
    }

    async Task<IReadOnlyList<Line>> Latency(BenchOptions options)
    {
        options.Say("one caller's latency");
        Func<Task<double>> Way(Func<Task> once) => async () =>
        {
            await Empty();
            return Rounds.Quantile((await Rounds.Callers(1, TimeSpan.FromSeconds(options.Full ? 3 : 1), _ => once())).Latencies, 0.5);
        };
        var medians = await Rounds.Medians(options.Full ? 7 : 5, Way(Append), Way(raw.InATransaction), Way(raw.InOneRoundTrip));
        return
        [
            new("durable append, 1 caller, p50", medians[0], medians[1], "ms", "BEGIN, a command a table, COMMIT", "at most 1.3 times"),
            new("durable append, 1 caller, p50", medians[0], medians[2], "ms", "the same in one round trip"),
        ];
    }

    async Task<IReadOnlyList<Line>> Rates(BenchOptions options, int callers)
    {
        options.Say($"{callers} callers");
        Func<Task<double>> Way(Func<Task> once) => async () =>
        {
            await Empty();
            return (await Rounds.Callers(callers, TimeSpan.FromSeconds(options.Full ? 5 : 2), _ => once())).PerSecond;
        };
        async Task<double> Copy()
        {
            await Empty();
            var rows = Enumerable.Range(0, Copied).Select(_ => RawWrites.Rows()).ToList();
            var began = TimeProvider.System.GetTimestamp();
            await raw.Copy(rows);
            return Copied / TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        }

        var medians = await Rounds.Medians(options.Full ? 7 : 5, Way(Append), Way(raw.InATransaction), Way(raw.InOneRoundTrip), Copy);
        var what = $"durable appends, {callers} callers";
        string[] goals = callers == 256 ? ["at least 5 times", "at least 3 times", "at least 0.35 times"] : ["", "", ""];
        return
        [
            new(what, medians[0], medians[1], "1/s",
                $"BEGIN, a command a table, COMMIT; {callers} callers, {Math.Min(callers, RawConnections)} connections", goals[0]),
            new(what, medians[0], medians[2], "1/s",
                $"one round trip each; {callers} callers, {Math.Min(callers, RawConnections)} connections", goals[1]),
            new(what, medians[0], medians[3], "1/s", $"COPY of {Copied:N0} appends into all tables, one transaction", goals[2]),
        ];
    }

    async Task Append()
    {
        if (await ledger.Append(Filing.Append(TimeProvider.System.GetUtcNow()), CancellationToken.None) is not AppendOutcome.Appended)
            throw new InvalidOperationException("An append was not taken.");
    }

    /// <summary>Also writes out what the way before left, or the next would pay for it.</summary>
    async Task Empty()
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var command = new NpgsqlCommand("TRUNCATE journal, unsealed, outbox, requests", connection);
        await command.ExecuteNonQueryAsync();
        command.CommandText = "CHECKPOINT";
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>As a service has it.</summary>
    static NpgsqlDataSource Source(TestDatabase database, int connections) => NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(database.ConnectionString)
        {
            MaxAutoPrepare = 50, AutoPrepareMinUsages = 2, MaxPoolSize = connections,
        }.ConnectionString);

    public async ValueTask DisposeAsync()
    {
        await ledger.StopAsync(CancellationToken.None);
        ledger.Dispose();
        await source.DisposeAsync();
        await rawSource.DisposeAsync();
        await database.DisposeAsync();
    }
}
