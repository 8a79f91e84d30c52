using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Exchange.Platform;

/// <summary>
/// Numbered SQL files, forward only, applied under an advisory lock and checksummed. They are applied by the argument <c>migrate</c>, as
/// the role that owns the database; a service only looks whether its database is as it knows it. A migration keeps the previous version
/// running.
/// </summary>
public sealed partial class Migrations(NpgsqlDataSource source, ILogger<Migrations> log)
{
    const long Lock = 0x45584348_4D494752; // "EXCHMIGR"

    /// <summary>Applies what the platform and the service bring and the database lacks.</summary>
    /// <param name="servingRole">Who serves on the database and is given what it needs for that; null where nobody is.</param>
    /// <exception cref="InvalidOperationException">An applied file has changed, or the database is newer than this version.</exception>
    public async Task Apply(
        IEnumerable<Assembly> assemblies, IReadOnlyList<string> folders, CancellationToken ct, string? servingRole = null)
    {
        await using var sole = await AdvisoryLock.Acquire(new(source), Lock, ct);
        await sole.Session.Execute(
            """
            CREATE TABLE IF NOT EXISTS migrations (
              name text PRIMARY KEY, sha256 bytea NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())
            """, []);
        var applied = await ReadApplied(sole.Session);
        var known = Files(assemblies, folders);
        EnsureKnown(applied, known);
        foreach (var (name, sql) in known)
            await ApplyOne(sole, applied, name, sql, ct);
        if (servingRole is not null)
            await Grants.Set(sole, servingRole, ct);
    }

    /// <summary>Returns where the database holds just the migrations that this version knows.</summary>
    /// <exception cref="InvalidOperationException">It is older or newer; says what to run.</exception>
    public async Task EnsureApplied(IEnumerable<Assembly> assemblies, IReadOnlyList<string> folders, CancellationToken ct)
    {
        var known = Files(assemblies, folders);
        Dictionary<string, byte[]> applied;
        try
        {
            await using var connection = await source.OpenConnectionAsync(ct);
            applied = await ReadApplied(new(connection, ct));
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new InvalidOperationException(
                $"The database was never migrated for the role that serves on it. {MigrateFirst}", e);
        }
        EnsureKnown(applied, known);
        foreach (var (name, sql) in known)
            EnsureUnchanged(applied, name, Checksum(sql));
        if (known.Select(file => file.Name).Where(name => !applied.ContainsKey(name)).ToList() is { Count: > 0 } missing)
            throw new InvalidOperationException(
                $"The database is older than this version of the service: it lacks {string.Join(", ", missing)}. {MigrateFirst}");
    }

    const string MigrateFirst = "Run this version of the service with the argument migrate first.";

    static void EnsureKnown(Dictionary<string, byte[]> applied, IReadOnlyList<(string Name, string Sql)> known)
    {
        if (applied.Keys.Except(known.Select(file => file.Name)).Order(StringComparer.Ordinal).ToList() is { Count: > 0 } unknown)
            throw new InvalidOperationException(
                $"The database is newer than this version of the service: it holds {string.Join(", ", unknown)}. "
                + "Run the newer version, or restore a backup from before its argument migrate was run.");
    }

    /// <returns>Whether it is applied.</returns>
    static bool EnsureUnchanged(Dictionary<string, byte[]> applied, string name, byte[] sha256) =>
        applied.TryGetValue(name, out var known) && (known.AsSpan().SequenceEqual(sha256) ? true : throw new InvalidOperationException(
            $"Migration {name} was changed after it was applied; restore the file and add a new one."));

    /// <exception cref="InvalidOperationException">The database holds entries of the format 0x01.</exception>
    static async Task<Dictionary<string, byte[]>> ReadApplied(Transaction session)
    {
        // Entries of the format 0x01 were in a journal that was no tree. Nothing of it could be proved by what this version verifies.
        if ((await session.Query("SELECT to_regclass('journal') IS NOT NULL AND to_regclass('tree') IS NULL", [], row => row.GetBoolean(0)))
            .Single())
        {
            throw new InvalidOperationException(
                "The database holds entries of the format 0x01, which this version does not read. Keep it as it is and run it with the "
                + "version that made it; give this version an empty database for each service, run migrate, and import the registers again "
                + "(on one machine: deploy/local/up --reset).");
        }
        return (await session.Query(
            "SELECT name, sha256 FROM migrations", [], row => (Name: row.GetString(0), Sha256: row.GetFieldValue<byte[]>(1))))
            .ToDictionary(m => m.Name, m => m.Sha256);
    }

    async Task ApplyOne(AdvisoryLock sole, Dictionary<string, byte[]> applied, string name, string sql, CancellationToken ct)
    {
        var sha256 = Checksum(sql);
        if (EnsureUnchanged(applied, name, sha256))
            return;
        await using var transaction = await sole.Connection.BeginTransactionAsync(ct);
        await sole.Session.ExecuteWithoutTimeout(sql, []);
        await sole.Session.Execute("INSERT INTO migrations (name, sha256) VALUES ($1, $2)", [name, sha256]);
        await transaction.CommitAsync(ct);
        Applied(name);
    }

    static byte[] Checksum(string sql) => SHA256.HashData(Encoding.UTF8.GetBytes(sql));

    static List<(string Name, string Sql)> Files(IEnumerable<Assembly> assemblies, IReadOnlyList<string> folders) =>
    [
        .. from assembly in assemblies
           from folder in folders
           from resource in assembly.GetManifestResourceNames().Order(StringComparer.Ordinal)
           where resource.StartsWith(folder + "/", StringComparison.Ordinal)
           select ($"{assembly.GetName().Name}/{resource}", Read(assembly, resource)),
    ];

    static string Read(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }

    [LoggerMessage(1010, LogLevel.Information, "Migration {Name} applied")]
    partial void Applied(string name);
}
