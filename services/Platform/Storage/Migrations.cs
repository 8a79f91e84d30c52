using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Exchange.Platform;

/// <summary>
/// Numbered SQL files, forward only, applied under an advisory lock and checksummed. Replicas may start together; a file
/// that was changed after it was applied stops the service. A migration keeps the previous version running.
/// </summary>
public sealed partial class Migrations(NpgsqlDataSource source, ILogger<Migrations> log)
{
    const long Lock = 0x45584348_4D494752; // "EXCHMIGR"

    /// <summary>Applies what the platform and the service bring and the database lacks.</summary>
    /// <exception cref="InvalidOperationException">An applied file has changed.</exception>
    public async Task Apply(IEnumerable<Assembly> assemblies, string folder, CancellationToken ct)
    {
        await using var sole = await AdvisoryLock.Acquire(new(source), Lock, ct);
        await sole.Session.Execute(
            """
            CREATE TABLE IF NOT EXISTS migrations (
              name text PRIMARY KEY, sha256 bytea NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())
            """, []);
        var applied = (await sole.Session.Query("SELECT name, sha256 FROM migrations", [],
            row => (Name: row.GetString(0), Sha256: row.GetFieldValue<byte[]>(1)))).ToDictionary(m => m.Name, m => m.Sha256);
        foreach (var (name, sql) in assemblies.SelectMany(assembly => Files(assembly, folder)))
            await ApplyOne(sole, applied, name, sql, ct);
    }

    async Task ApplyOne(AdvisoryLock sole, Dictionary<string, byte[]> applied, string name, string sql, CancellationToken ct)
    {
        var sha256 = SHA256.HashData(Encoding.UTF8.GetBytes(sql));
        if (applied.TryGetValue(name, out var known))
        {
            if (!known.AsSpan().SequenceEqual(sha256))
                throw new InvalidOperationException(
                    $"Migration {name} was changed after it was applied; restore the file and add a new one.");
            return;
        }
        await using var transaction = await sole.Connection.BeginTransactionAsync(ct);
        await sole.Session.ExecuteWithoutTimeout(sql, []);
        await sole.Session.Execute("INSERT INTO migrations (name, sha256) VALUES ($1, $2)", [name, sha256]);
        await transaction.CommitAsync(ct);
        Applied(name);
    }

    static IEnumerable<(string Name, string Sql)> Files(Assembly assembly, string folder) =>
        from resource in assembly.GetManifestResourceNames()
        where resource.StartsWith(folder + "/", StringComparison.Ordinal)
        orderby resource
        select ($"{assembly.GetName().Name}/{resource}", Read(assembly, resource));

    static string Read(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }

    [LoggerMessage(1010, LogLevel.Information, "Migration {Name} applied")]
    partial void Applied(string name);
}
