using Exchange.Client;
using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Requests.V1;

namespace Exchange.Correlation;

/// <summary>
/// Reads the journal of Requests from its beginning, and the subjects of every request that names any, and compares the keyed hashes
/// with those stored. What differs is repaired under the locks that events take, so links stay right all along.
/// </summary>
sealed class IdentifierRebuild(
    JournalRebuild runner, SubjectReading reading, IdentifierStore store, Positions positions,
    DatabaseHistory history) : IRebuild
{
    // Requests written into the temporary table at a time.
    const int BatchSize = 500;

    const string BeyondSeen = "FROM indexed i LEFT JOIN seen s ON s.id = i.request_id WHERE i.version > coalesce(s.newest, 0)";

    /// <inheritdoc />
    public bool AcceptsUpToHead => false;

    /// <summary>Runs a rebuild, see <see cref="JournalRebuild.Run"/>.</summary>
    public Task Run(RebuildRequest asked, Func<RebuildProgress, Task> report, CancellationToken ct) => runner.Run(asked, this, report, ct);

    /// <inheritdoc />
    public async Task<Action<RebuildProgress>> Compare(RebuildRun run, CancellationToken ct)
    {
        await run.Session.Execute("CREATE TEMP TABLE seen (id uuid PRIMARY KEY, needed int NOT NULL, newest int NOT NULL)", []);
        await Note(run, run.Journal.ReadOn(run.Head, run.To, BatchSize, ct), ct);
        // Requests discloses nobody while it is closed after a restore, because it could not record the disclosure.
        if (!run.WentBack)
            await CompareHashes(run, ct);
        var beyond = await FindBeyond(run, ct);
        foreach (var version in beyond)
            run.Findings.Beyond("indexed", version);
        if (run.Asked.Accept)
            await Accept(run, ct);
        else if (!run.Asked.Check)
            await Mend(run, [.. beyond.Select(version => RequestId.Parse(version.Request))], ct);
        return _ => { };
    }

    /// <summary>
    /// Notes for every request in a part of the journal at which version its subjects are needed, and its newest version.
    /// </summary>
    static async Task Note(
        RebuildRun run, IAsyncEnumerable<IReadOnlyList<FollowedEntry<RequestChanged>>> pages, CancellationToken ct)
    {
        await foreach (var page in pages.WithCancellation(ct))
        {
            var newest = page.Select(entry => entry.Message).OfType<RequestChanged>().GroupBy(change => RequestId.Parse(change.Request))
                .Select(of => (Id: of.Key, Needed: of.Max(one => SubjectReading.NeededAt(one.Facts)), Newest: of.Max(one => one.Version)))
                .ToList();
            await run.Session.Execute(
                """
                INSERT INTO seen AS s SELECT * FROM unnest($1::uuid[], $2::int[], $3::int[])
                ON CONFLICT (id) DO UPDATE SET needed = greatest(s.needed, excluded.needed), newest = greatest(s.newest, excluded.newest)
                """,
                [newest.Select(v => v.Id).ToArray(), newest.Select(v => v.Needed).ToArray(), newest.Select(v => v.Newest).ToArray()]);
            run.Findings.ReadUpTo(page[^1].SealedNo);
            await run.Findings.Tell();
        }
    }

    async Task CompareHashes(RebuildRun run, CancellationToken ct)
    {
        for (var last = Guid.Empty; ;)
        {
            var needed = (await run.Session.Query(
                "SELECT id, needed, newest FROM seen WHERE id > $1 AND needed > 0 ORDER BY id LIMIT $2", [last, SubjectReading.MaxRequests],
                row => (Id: row.GetGuid(0), At: (Needed: row.GetInt32(1), Newest: row.GetInt32(2)))))
                    .ToDictionary(row => row.Id, row => row.At);
            if (needed.Count == 0)
                return;
            var (compared, differed) = await store.Compare(await reading.Read([.. needed.Keys], ct), needed, run.Asked.Check, ct);
            foreach (var (id, missing) in differed)
                run.Findings.Differs("identifiers", RequestId.NameOf(id), needed[id].Newest, missing ? "missing" : "differs");
            run.Findings.Compared(compared);
            await run.Findings.Tell();
            last = needed.Keys.Last();
        }
    }

    /// <summary>Requests that are stored here at a version that is not in the journal.</summary>
    Task<List<BeyondJournal>> FindBeyond(RebuildRun run, CancellationToken ct)
    {
        List<BeyondJournal>? first = null;
        return runner.FindBeyond(
            async () =>
            {
                var found = await run.Session.Query($"SELECT i.request_id, i.version {BeyondSeen} ORDER BY 1", [],
                    row => new BeyondJournal { Request = RequestId.NameOf(row.GetGuid(0)), Version = row.GetInt32(1) });
                return first = first is null ? found : [.. first.Intersect(found)];
            },
            () => Note(run, JournalRebuild.ReadToHead(run, BatchSize, ct), ct), ct);
    }

    /// <summary>
    /// Makes of requests at versions that the journal never held what it does hold: their subjects are read again, and what is no request
    /// is deleted.
    /// </summary>
    async Task Mend(RebuildRun run, Guid[] beyond, CancellationToken ct)
    {
        var known = await run.Session.Query(
            "SELECT id FROM seen WHERE id = ANY($1) AND needed > 0 ORDER BY id", [beyond], row => row.GetGuid(0));
        foreach (var ids in known.Chunk(SubjectReading.MaxRequests))
            await store.Reset(await reading.Read(ids, ct), ct);
        await store.Remove([.. beyond.Except(known)], ct);
    }

    /// <summary>
    /// Deletes what the journal does not hold. Where the journal went back and then grew past what was read in it, a version says nothing,
    /// and everything is deleted. The follower then reads anew what is missing.
    /// </summary>
    async Task Accept(RebuildRun run, CancellationToken ct)
    {
        var grewPast = run.WentBack && run.Position > 0 && run.Head.SealedNo >= run.Position;
        var beyond = await run.Session.Query($"SELECT i.request_id {BeyondSeen}", [], row => row.GetGuid(0));
        await store.Remove(grewPast ? null : [.. beyond], ct);
        if (run.WentBack && run.Position > 0)
            await positions.Reset(RequestsJournal.Source, new(), ct);
        await history.EndRetreat(RequestsJournal.Source, ct);
        await history.Reconcile(ct);
    }
}
