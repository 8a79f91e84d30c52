using Exchange.Testing;
using Npgsql;

namespace Exchange.System.Tests;

/// <summary>deploy/local/backup and restore, on a small installation made by the functions that deploy/local/up is made of.</summary>
public sealed class BackupOnThisMachine(WithASmallInstallation small) : IClassFixture<WithASmallInstallation>
{
    readonly string home = small.Home;

    [Fact]
    public async Task A_backup_is_made_while_it_runs_and_a_restore_says_what_is_missing()
    {
        var reference = await Draft();
        await Settled();
        var old = Directory.CreateDirectory(Path.Combine(home, "backups-keys", "20200101T000000Z"));
        Directory.SetLastWriteTimeUtc(old.FullName, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        var told = await Program("backup");

        told.ShouldContain("Deleted the keys of 20200101T000000Z");
        var backup = Directory.GetDirectories(Path.Combine(home, "backups")).ShouldHaveSingleItem();
        Directory.GetFiles(backup).Select(Path.GetFileName).Order(StringComparer.Ordinal).ShouldBe(
            ["SHA256SUMS", "correlation.checkpoint.json", "correlation.dump", "manifest.json", "requests.checkpoint.json", "requests.dump",
                "tracking.checkpoint.json", "tracking.dump"]);
        (await File.ReadAllTextAsync(Path.Combine(backup, "requests.checkpoint.json"))).ShouldContain("seal_hash");
        Directory.GetDirectories(Path.Combine(home, "backups-keys")).Select(Path.GetFileName).ShouldBe([Path.GetFileName(backup)]);

        var lost = await Draft();
        await Settled();
        var restored = await Program("restore", backup, "--only", "requests");
        restored.ShouldContain($"requests: restored from {backup}");
        restored.ShouldContain(lost);
        restored.ShouldNotContain(reference);
        await Program("exchange", "restore", "accept", "--yes", "--as", "operator");
        (await Draft()).ShouldNotBe(lost);

        // The service's letters open with the keys that never left, and all three together need no accepting but of Requests.
        (await Program("exchange", "request", "letter", reference, "--as", "investigator")).ShouldContain(reference);
        (await Program("restore", backup)).ShouldContain("Nothing is known to be missing");
        await Program("exchange", "restore", "accept", "--yes", "--as", "operator");
        await Draft();
    }

    [Fact]
    public async Task New_service_keys_open_what_the_old_ones_opened()
    {
        var reference = await Draft();
        var before = await File.ReadAllTextAsync(Path.Combine(home, "keys", "service.key"));

        (await Program("rotate-keys")).ShouldContain("The old ones are deleted");

        (await File.ReadAllTextAsync(Path.Combine(home, "keys", "service.key"))).ShouldNotBe(before);
        Directory.GetFiles(Path.Combine(home, "keys")).Select(Path.GetFileName)
            .ShouldBe(["service.key", "tracking.key"], ignoreOrder: true);
        (await Program("exchange", "request", "letter", reference, "--as", "investigator")).ShouldContain(reference);
        (await Draft()).ShouldNotBe(reference);
    }

    [Fact]
    public async Task A_damaged_backup_changes_nothing()
    {
        await Draft();
        await Program("backup", Path.Combine(home, "elsewhere"));
        var backup = Directory.GetDirectories(Path.Combine(home, "elsewhere")).ShouldHaveSingleItem();
        await using (var file = File.OpenWrite(Path.Combine(backup, "tracking.dump")))
        {
            file.Seek(-1, SeekOrigin.End);
            file.WriteByte(42);
        }

        var (exitCode, _, errors) = await Command.Try(Repository.PathOf("deploy/local/restore"), [backup], small.Environment());

        exitCode.ShouldBe(1);
        errors.ShouldContain("is not a whole backup");
        await Draft();
    }

    async Task<string> Draft() =>
        (await Program("exchange", "request", "draft", Repository.PathOf("contracts/examples/letter.json"), "--as", "investigator"))
            .Split(' ')[0];

    /// <summary>Until Tracking has taken in what was written.</summary>
    async Task Settled() => await Eventually.Holds(async () => (await Number("exchange_tracking", "SELECT sealed_no FROM positions"))
        .ShouldBe(await Number("exchange_requests", "SELECT count(*) FROM journal")));

    async Task<long> Number(string database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(small.Postgres) { Database = database, Pooling = false }.ConnectionString);
        await using var command = source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync() ?? 0L);
    }

    Task<string> Program(string name, params string[] arguments) =>
        Command.Run(Repository.PathOf($"deploy/local/{name}"), arguments, small.Environment());
}

/// <summary>
/// An installation without a register, on servers of its own, because its databases have the names of every installation.
/// </summary>
public sealed class WithASmallInstallation : IAsyncLifetime
{
    public string Home { get; } = Path.Combine(Path.GetTempPath(), $"exchange-{Guid.CreateVersion7():N}");

    PrivateServers servers = null!;

    public string Postgres => servers.Addresses.Postgres;

    public async ValueTask InitializeAsync()
    {
        servers = await PrivateServers.Start();
        Directory.CreateDirectory(Path.Combine(Home, "run"));
        await Script("create_identities && create_databases && choose_ports && migrate_services && start_services");
    }

    public async ValueTask DisposeAsync()
    {
        await Script("stop_services");
        await servers.DisposeAsync();
        Directory.Delete(Home, recursive: true);
    }

    public Dictionary<string, string?> Environment() => new()
    {
        ["EXCHANGE_HOME"] = Home, ["NO_COLOR"] = "1", ["EXCHANGE_POSTGRES"] = servers.Addresses.Postgres,
        ["EXCHANGE_BROKER"] = servers.Addresses.Broker.ToString(),
    };

    Task<string> Script(string functions) =>
        Command.Run(
            "bash", ["-c", $"set -euo pipefail; . '{Repository.PathOf("deploy/local/installation.sh")}'; {functions}"], Environment());
}
