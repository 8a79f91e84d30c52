using System.Runtime.CompilerServices;
using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Requests.V1;
using Microsoft.Extensions.Logging;

namespace Exchange.Client;

/// <summary>What a rebuild of a service compares and repairs, in the course that <see cref="JournalRebuild"/> gives it.</summary>
public interface IRebuild
{
    /// <summary>
    /// Whether an operator who accepts the journal as it stands has the service compare up to its head and go on from there. Otherwise it
    /// compares up to its position only, and the follower reads the rest.
    /// </summary>
    bool AcceptsUpToHead { get; }

    /// <summary>Called before the head of the journal is read, and only where an operator accepts it as it stands.</summary>
    Task BeforeAccepting(CancellationToken ct) => Task.CompletedTask;

    /// <summary>Compares, and unless it is a check repairs; reports through <see cref="RebuildRun.Findings"/>.</summary>
    /// <returns>Completes the last message of progress, which says that the rebuild is done.</returns>
    Task<Action<RebuildProgress>> Compare(RebuildRun run, CancellationToken ct);
}

/// <summary>One rebuild on its way.</summary>
/// <param name="Session">A connection of its own, for temporary tables; it also holds the lock.</param>
/// <param name="Asked">As an operator asked for it.</param>
/// <param name="Journal">Reads the journal from its beginning.</param>
/// <param name="Head">The head of the journal.</param>
/// <param name="Position">Everything up to this number of the journal has been taken in here.</param>
/// <param name="WentBack">Whether the journal no longer holds what was read in it.</param>
/// <param name="To">The last number that is compared.</param>
/// <param name="Findings">What has been found so far.</param>
public sealed record RebuildRun(
    Transaction Session, RebuildRequest Asked, JournalReader<RequestChanged> Journal, JournalHead Head, long Position, bool WentBack,
    long To, RebuildFindings Findings);

/// <summary>
/// Runs a rebuild: what a service has made of the journal of Requests is compared with that journal from its beginning, and repaired
/// while the service goes on working. One runs at a time, whichever replica it is on. It ends with its caller, and leaves nothing behind
/// when it dies: what it has seen is in temporary tables, and it can be started again.
/// </summary>
public sealed partial class JournalRebuild(
    RequestsJournal journal, Database database, Positions positions, DatabaseHistory history, TimeProvider time,
    ILogger<JournalRebuild> log)
{
    const string Lock = "rebuild";

    // What was just committed in Requests is sealed within this time, unless its sealing stalls.
    const int LooksForSeal = 5;
    static readonly TimeSpan PauseForSeal = TimeSpan.FromMilliseconds(500);

    /// <summary>Runs one, and reports its progress.</summary>
    /// <exception cref="Refusal">
    /// NotAllowedNow: another one runs (REBUILD_RUNS), or the journal went back and the caller neither checks nor accepts it
    /// (JOURNAL_WENT_BACK).
    /// </exception>
    public async Task Run(RebuildRequest asked, IRebuild rebuild, Func<RebuildProgress, Task> report, CancellationToken ct)
    {
        await using var sole = await AdvisoryLock.TryAcquire(database, Lock, ct) ?? throw new Refusal(
            RefusalKind.NotAllowedNow, "REBUILD_RUNS", "A rebuild is running already; wait for its end or stop it.");
        if (asked.Accept)
            await rebuild.BeforeAccepting(ct);
        var edge = await positions.Edge(RequestsJournal.Source, ct);
        // That the journal no longer holds what was read, its follower may not have noticed yet: what lies beyond such a journal was lost
        // by it, and is no stranger's.
        var holdsWhatWasRead = await new JournalReader<RequestChanged>(journal, edge).Head(ct) is not null;
        var reader = new JournalReader<RequestChanged>(journal, new());
        // A journal always covers what an empty one holds.
        var head = (await reader.Head(ct))!;
        var position = edge.Size;
        await history.Look(ct);
        var wentBack = history.WentBack || !holdsWhatWasRead;
        // To repair from a journal that lost entries would lose them here too.
        if (wentBack && !asked.Check && !asked.Accept)
            throw new Refusal(RefusalKind.NotAllowedNow, "JOURNAL_WENT_BACK",
                "Requests was restored from an older copy: its journal no longer holds what was read in it. exchange restore check tells "
                + "what is missing; exchange restore accept takes the journal as it stands.");

        // What is newer than the position may be on its way here, and is compared another time.
        var to = asked.Accept && rebuild.AcceptsUpToHead ? head.SealedNo : Math.Min(position, head.SealedNo);
        var findings = new RebuildFindings(to, report);
        Started(to, asked.Check, asked.Accept);
        var complete = await rebuild.Compare(new(sole.Session, asked, reader, head, position, wentBack, to, findings), ct);
        Ended(to, findings.Differed, findings.BeyondCount);
        await findings.Tell(complete);
    }

    /// <summary>Reads what was sealed since, up to the head of now.</summary>
    /// <exception cref="Refusal">Damaged: the journal no longer holds what was read in it, or an entry is not what was sealed.</exception>
    public static async IAsyncEnumerable<IReadOnlyList<FollowedEntry<RequestChanged>>> ReadToHead(
        RebuildRun run, int pageSize, [EnumeratorCancellation] CancellationToken ct)
    {
        var head = await run.Journal.Head(ct) ?? throw new Refusal(
            RefusalKind.Damaged, "JOURNAL_DAMAGED", "The journal of Requests was changed while it was read; run the rebuild again.");
        await foreach (var page in run.Journal.ReadOn(head, head.SealedNo, pageSize, ct))
            yield return page;
    }

    /// <summary>
    /// Finds what is stored here and is not in the journal, once what was just committed there has been sealed. What takes longer to be
    /// sealed comes again from the journal, should it be taken for what lies beyond it.
    /// </summary>
    /// <param name="find">
    /// Gives what the part of the journal that was read so far does not hold; from the second time on only of what it gave the first time,
    /// for while steps are taken there is always something that is not sealed yet.
    /// </param>
    /// <param name="readOn">Reads the part of the journal that has been sealed since.</param>
    public async Task<List<T>> FindBeyond<T>(Func<Task<List<T>>> find, Func<Task> readOn, CancellationToken ct)
    {
        for (var looks = 0; ; looks++)
        {
            var beyond = await find();
            if (beyond.Count == 0 || looks == LooksForSeal)
                return beyond;
            await Task.Delay(PauseForSeal, time, ct);
            await readOn();
        }
    }

    [LoggerMessage(4010, LogLevel.Information,
        "Comparing with the journal of Requests up to {SealedNo}; only a check: {Check}, accepting it as it stands: {Accept}")]
    partial void Started(long sealedNo, bool check, bool accept);

    [LoggerMessage(4011, LogLevel.Information,
        "Compared with the journal of Requests up to {SealedNo}: {Differed} differences, {Beyond} versions beyond it")]
    partial void Ended(long sealedNo, long differed, long beyond);
}
