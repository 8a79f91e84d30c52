using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Requests.V1;

namespace Exchange.Correlation;

/// <summary>
/// Reads the journal of Requests from its beginning, and the subjects of every request that names any, and compares the keyed
/// hashes with those kept. What differs is mended under the locks of the live steps, so links stay right all along.
/// </summary>
sealed partial class IdentifierRebuild(
    RequestRegistry.RequestRegistryClient requests, SubjectReading reading, IdentifierStore store, Database database, Positions positions,
    History history, TimeProvider time, ILogger<IdentifierRebuild> log)
{
    const string Lock = "rebuild";
    const int AtOnce = 500;

    /// <summary>Compares, and unless it is a check mends; tells how far it has come.</summary>
    /// <exception cref="Refusal">Another one runs; or the journal went back, and nobody said that it is to be accepted.</exception>
    public async Task Run(RebuildRequest asked, Func<RebuildProgress, Task> tell, CancellationToken ct)
    {
        await using var sole = await SoleSession.Take(database, Lock, ct) ?? throw new Refusal(RefusalKind.NotAllowedNow, "REBUILD_RUNS",
            "A rebuild is running already; wait for its end or stop it.");
        var head = await requests.GetCheckpointAsync(new(), cancellationToken: ct);
        var taken = await positions.Of(RequestsJournal.Source, ct);
        await history.Look(ct);
        var wentBack = history.WentBack || head.SealedNo < taken;
        if (wentBack && !asked.Check && !asked.Accept)
            throw new Refusal(RefusalKind.NotAllowedNow, "JOURNAL_WENT_BACK",
                "Requests was restored from an older copy. exchange restore check tells what is missing; exchange restore accept takes its journal as it stands.");

        var to = Math.Min(taken, head.SealedNo);
        var findings = new RebuildFindings(to, tell);
        Started(to, asked.Check, asked.Accept);
        await sole.Session.Execute("CREATE TEMP TABLE seen (id uuid PRIMARY KEY, needed int NOT NULL, newest int NOT NULL)", []);
        await ReadJournal(sole.Session, 1, to, findings, ct);
        // Requests that was restored discloses nobody before it is open again, for it could not write it down.
        if (!wentBack)
            await CompareHashes(sole.Session, findings, asked.Check, ct);
        foreach (var version in await Beyond(sole.Session, to, findings, ct))
            findings.Beyond(version);
        if (asked.Accept)
            await Accept(sole.Session, head, wentBack ? taken : 0, ct);
        Ended(to, findings.Differed, findings.BeyondCount);
        await findings.Tell(_ => { });
    }

    async Task<long> ReadJournal(Transaction seen, long from, long to, RebuildFindings findings, CancellationToken ct)
    {
        Dictionary<Guid, (int Needed, int Newest)> batch = [];
        await foreach (var read in requests.ReadChanges(from, to, ct).WithCancellation(ct))
        {
            if (read.Change is { } change)
            {
                var before = batch.GetValueOrDefault(SubjectReading.IdOf(change.Request));
                batch[SubjectReading.IdOf(change.Request)] =
                    (Math.Max(before.Needed, SubjectReading.NeededAt(change.Facts)), Math.Max(before.Newest, change.Version));
            }
            from = read.SealedNo + 1;
            if (batch.Count < AtOnce)
                continue;
            await Keep();
            findings.ReadUpTo(read.SealedNo);
            await findings.Tell();
        }
        await Keep();
        findings.ReadUpTo(from - 1);
        await findings.Tell();
        return from;

        async Task Keep()
        {
            await seen.Execute(
                """
                INSERT INTO seen AS s SELECT * FROM unnest($1::uuid[], $2::int[], $3::int[])
                ON CONFLICT (id) DO UPDATE SET needed = greatest(s.needed, excluded.needed), newest = greatest(s.newest, excluded.newest)
                """, [batch.Keys.ToArray(), batch.Values.Select(v => v.Needed).ToArray(), batch.Values.Select(v => v.Newest).ToArray()]);
            batch.Clear();
        }
    }

    async Task CompareHashes(Transaction seen, RebuildFindings findings, bool check, CancellationToken ct)
    {
        for (var last = Guid.Empty; ;)
        {
            var needed = (await seen.Query("SELECT id, needed, newest FROM seen WHERE id > $1 AND needed > 0 ORDER BY id LIMIT $2", [last, SubjectReading.MostAtOnce],
                row => (Id: row.GetGuid(0), At: (row.GetInt32(1), row.GetInt32(2))))).ToDictionary(row => row.Id, row => row.At);
            if (needed.Count == 0)
                return;
            var (kept, differed) = await store.Compare(await reading.Read([.. needed.Keys], ct), needed, check, ct);
            foreach (var (id, missing) in differed)
                findings.Differs("identifiers", $"requests/{id}", needed[id].Item2, missing ? "missing" : "differs");
            findings.Compared(kept);
            await findings.Tell();
            last = needed.Keys.Last();
        }
    }

    /// <summary>What is kept here and not in the journal, once what was just committed there has been sealed.</summary>
    async Task<List<BeyondJournal>> Beyond(Transaction seen, long to, RebuildFindings findings, CancellationToken ct)
    {
        var next = to + 1;
        for (var looks = 0; ; looks++)
        {
            var beyond = await seen.Query(
                "SELECT i.request_id, i.version FROM indexed i LEFT JOIN seen s ON s.id = i.request_id WHERE i.version > coalesce(s.newest, 0) ORDER BY 1", [],
                row => new BeyondJournal { Request = $"requests/{row.GetGuid(0)}", Version = row.GetInt32(1) });
            if (beyond.Count == 0 || looks == 5)
                return beyond;
            await Task.Delay(TimeSpan.FromMilliseconds(500), time, ct);
            next = await ReadJournal(seen, next, 0, findings, ct);
        }
    }

    /// <summary>
    /// Forgets what the journal does not hold. Where the journal went back and then grew past what was read in it, a version
    /// tells nothing, and everything goes. The follower then reads anew what is missing.
    /// </summary>
    async Task Accept(Transaction seen, Checkpoint head, long taken, CancellationToken ct)
    {
        var beyond = await seen.Query("SELECT i.request_id FROM indexed i LEFT JOIN seen s ON s.id = i.request_id WHERE i.version > coalesce(s.newest, 0)", [],
            row => row.GetGuid(0));
        await store.Forget(taken > 0 && head.SealedNo >= taken ? null : [.. beyond], ct);
        if (taken > 0)
            await positions.Reset(RequestsJournal.Source, 0, [], ct);
        await history.EndRetreat(RequestsJournal.Source, ct);
        await history.Reconcile(ct);
    }

    [LoggerMessage(4010, LogLevel.Information, "Comparing with the journal of Requests up to {SealedNo}; only a check: {Check}, accepting it as it stands: {Accept}")]
    partial void Started(long sealedNo, bool check, bool accept);

    [LoggerMessage(4011, LogLevel.Information, "Compared with the journal of Requests up to {SealedNo}: {Differed} requests differed, {Beyond} are beyond it")]
    partial void Ended(long sealedNo, long differed, long beyond);
}
