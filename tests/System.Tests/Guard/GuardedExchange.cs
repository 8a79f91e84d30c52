using System.Text;
using Exchange.Requests.V1;
using Exchange.Testing;
using Npgsql;

namespace Exchange.System.Tests;

/// <summary>The tests that try to get in what must stay out, or out what must stay in, share one exchange.</summary>
[CollectionDefinition(Name)]
public sealed class Guarded : ICollectionFixture<GuardedExchange>
{
    public const string Name = "One exchange under guard";
}

/// <summary>An exchange of BY with partners PL and LT, and somebody who listens at the broker from the start.</summary>
public sealed class GuardedExchange : IAsyncLifetime
{
    /// <summary>The last day every register here was kept.</summary>
    public const string ObservedUntil = "2012-12-31";

    int folders;

    public RunningExchange Exchange { get; private set; } = null!;

    internal Eavesdropper Eavesdropper { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Exchange = await RunningExchange.Start("BY", ["PL", "LT"]);
        Eavesdropper = await Eavesdropper.At(Exchange.Broker);
    }

    public async ValueTask DisposeAsync()
    {
        await Eavesdropper.DisposeAsync();
        await Exchange.DisposeAsync();
    }

    /// <summary>A folder with these files, written as bytes so that they may be as wrong as wanted.</summary>
    public string Folder(byte[]? requests, byte[]? subjects = null)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Exchange.Home, $"register-{++folders}")).FullName;
        if (requests is not null)
            File.WriteAllBytes(Path.Combine(folder, "requests.csv"), requests);
        if (subjects is not null)
            File.WriteAllBytes(Path.Combine(folder, "subjects.csv"), subjects);
        return folder;
    }

    /// <summary>Imports through the command line, as a prosecutor unless another is named.</summary>
    public Task<(int ExitCode, string Output, string Errors)> Import(string requests, string? subjects = null, params string[] more) =>
        ImportFrom(Folder(Encoding.UTF8.GetBytes(requests), subjects is null ? null : Encoding.UTF8.GetBytes(subjects)), more);

    /// <inheritdoc cref="Import" />
    public Task<(int ExitCode, string Output, string Errors)> ImportFrom(string folder, params string[] more) =>
        Exchange.Try(
            ["register", "import", folder, .. more.Contains("--observed-until") ? more : [.. more, "--observed-until", ObservedUntil]]);

    /// <summary>A client of the system of record with a persona's certificate; it lives as long as the exchange.</summary>
    public RequestRegistry.RequestRegistryClient As(string persona) => new(Exchange.Connect(Exchange.Requests, persona));

    /// <summary>What is stored where a register leaves its traces, once everything has come to rest.</summary>
    public async Task<Stored> Stored()
    {
        await Exchange.Settled();
        return new(await Count("requests", "requests"), await Count("requests", "journal"), await Count("requests", "outbox"),
            await Count("keys", "subject_keys"), await Count("tracking", "facts_versions"), await Count("correlation", "indexed"));
    }

    /// <summary>One value out of a database.</summary>
    public async Task<T> Ask<T>(string database, string sql, params object[] arguments)
    {
        await using var source = NpgsqlDataSource.Create(Exchange.Databases[database]);
        await using var command = source.CreateCommand(sql);
        foreach (var argument in arguments)
            command.Parameters.Add(new() { Value = argument });
        return (T)(await command.ExecuteScalarAsync())!;
    }

    Task<long> Count(string database, string table) => Ask<long>(database, $"SELECT count(*) FROM {table}");
}

/// <summary>Rows in every table that a register reaches.</summary>
public sealed record Stored(long Requests, long Journal, long Outbox, long SubjectKeys, long FactsVersions, long Indexed);
