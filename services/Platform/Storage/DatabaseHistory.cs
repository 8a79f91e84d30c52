using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Exchange.Platform;

/// <summary>What a service does when its database turns out to be a copy: numbers told to others must never be given again.</summary>
public interface IRestoreHandler
{
    /// <summary>
    /// Moves the numbers beyond all that may have been given after the copy was made. Once per copy, in the transaction that
    /// notes it.
    /// </summary>
    Task HandleRestore(Transaction tx);
}

/// <summary>
/// Whether this database, or a journal that it follows, was restored from an older copy. A copy is recognised at start by
/// its identity (cluster and database), which a dump takes along and a new database does not have. Until it was compared
/// with the other services nothing is appended to its journal: versions and numbers could be given a second time.
/// </summary>
public sealed partial class DatabaseHistory(Database database, IEnumerable<IRestoreHandler> handlers, TimeProvider time,
    ILogger<DatabaseHistory> log)
{
    /// <summary>How far numbers told to others move on with each restore: more than are given between two backups.</summary>
    public const long Gap = 1_000_000_000;

    readonly ConcurrentDictionary<string, string> damages = new();

    /// <summary>What an operator must see to, as of the last look.</summary>
    public IReadOnlyList<string> Attention { get; private set; } = [];

    /// <summary>When it was last found to be a copy; null when never.</summary>
    public DateTimeOffset? RestoredAt { get; private set; }

    /// <summary>It was restored and has not been compared with the others, or nobody has looked yet.</summary>
    public bool Closed { get; private set; } = true;

    /// <summary>A followed journal went back, as of the last look.</summary>
    public bool WentBack { get; private set; }

    /// <summary>Notes that this is a copy, if it is; before anything is served.</summary>
    public async Task Recognise(CancellationToken ct)
    {
        if (await database.InTransaction(async tx =>
        {
            var copy = await tx.Execute(
                """
                UPDATE provenance SET identity = this_database(), restores = restores + 1, restored_at = $1, reconciled_at = NULL
                WHERE identity <> this_database()
                """,
                [time.GetUtcNow()]) > 0;
            foreach (var handler in copy ? handlers : [])
                await handler.HandleRestore(tx);
            return copy;
        }, ct))
            IsACopy();
        await Look(ct);
    }

    /// <summary>For a copy that keeps its identity, such as one of the files: the next start takes it for what it is.</summary>
    public Task MarkAsCopy(CancellationToken ct) => database.Execute("UPDATE provenance SET identity = ''", [], ct);

    /// <summary>It was compared with the others; from now on it is written to.</summary>
    public async Task Reconcile(CancellationToken ct)
    {
        if (await database.Execute("UPDATE provenance SET reconciled_at = $1 WHERE restored_at IS NOT NULL AND reconciled_at IS NULL",
            [time.GetUtcNow()], ct) > 0)
            Reconciled();
        await Look(ct);
    }

    /// <summary>Looks anew, for another replica may have noted something.</summary>
    public async Task Look(CancellationToken ct)
    {
        // A copy that nobody has recognised yet is closed like one that was.
        var (restoredAt, unreconciled, unrecognised) = (await database.Query(
            "SELECT restored_at, restored_at IS NOT NULL AND reconciled_at IS NULL, identity <> this_database() FROM provenance", [],
            row => (row.IsDBNull(0) ? (DateTimeOffset?)null : row.GetFieldValue<DateTimeOffset>(0), row.GetBoolean(1), row.GetBoolean(2)),
            ct)).Single();
        var retreats = await database.Query(
            "SELECT source, sealed_no, found_at FROM retreats WHERE ended_at IS NULL ORDER BY source", [],
            row => RetreatOf(row.GetString(0), row.GetInt64(1), row.GetFieldValue<DateTimeOffset>(2)), ct);
        Attention =
        [
            .. Ask(unrecognised,
                "This database is a copy, and the service was not started on it yet; nothing is written until it is restarted."),
            .. Ask(unreconciled && !unrecognised,
                $"Restored from a copy (found {restoredAt:u}) and not yet compared with the other services; nothing is written: "
                + "exchange restore check"),
            .. retreats, .. damages.OrderBy(one => one.Key).Select(one => one.Value),
        ];
        (RestoredAt, Closed, WentBack) = (restoredAt, unreconciled || unrecognised, retreats.Count > 0);

        static string RetreatOf(string source, long read, DateTimeOffset foundAt) =>
            $"The journal of {source} went back (found {foundAt:u}): it was read up to {read}, and ends before that or holds something "
            + "else. Nothing more is taken in: exchange restore check";

        static string[] Ask(bool needed, string what) => needed ? [what] : [];
    }

    /// <summary>Returns where the database may be written to: one that was restored would give versions and numbers again.</summary>
    /// <exception cref="Refusal">Unavailable: it is <see cref="Closed"/>.</exception>
    public void EnsureOpen()
    {
        if (Closed)
        {
            throw new Refusal(RefusalKind.Unavailable, "RESTORED",
                "The database was restored from an older copy and is not yet compared with the other services, so nothing is written. "
                + "An operator does it: exchange restore check.");
        }
    }

    /// <summary>
    /// Notes that a followed journal no longer holds what was read in it; nothing more is read of it until
    /// <see cref="EndRetreat"/>.
    /// </summary>
    /// <param name="read">The right edge of the tree over what was read.</param>
    internal async Task Retreat(string source, MerkleFrontier read, CancellationToken ct)
    {
        if (await database.Execute(
            "INSERT INTO retreats (source, found_at, sealed_no, root) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
            [source, time.GetUtcNow(), read.Size, read.Root], ct) > 0)
            JournalWentBack(source, read.Size);
        await Look(ct);
    }

    /// <summary>Notes that an entry of a followed journal is not what was sealed, for as long as that is so.</summary>
    /// <param name="what">Which entry, and what to do; null when it is no longer so.</param>
    internal void NoteDamage(string source, string? what)
    {
        if (what is null)
            damages.TryRemove(source, out _);
        else
            damages[source] = what;
    }

    /// <summary>The journal stands as it is: an operator accepted it, or it holds again what was read.</summary>
    public async Task EndRetreat(string source, CancellationToken ct)
    {
        await database.Execute("UPDATE retreats SET ended_at = $2 WHERE source = $1 AND ended_at IS NULL", [source, time.GetUtcNow()], ct);
        await Look(ct);
    }

    [LoggerMessage(1070, LogLevel.Error,
        "This database was restored from a copy; nothing is written until it was compared with the other services")]
    partial void IsACopy();

    [LoggerMessage(1071, LogLevel.Warning, "The restored database was compared with the other services and is written to again")]
    partial void Reconciled();

    [LoggerMessage(1072, LogLevel.Error,
        "The journal of {Source} went back: it was read up to {SealedNo}, and ends before that or holds something else")]
    partial void JournalWentBack(string source, long sealedNo);
}
