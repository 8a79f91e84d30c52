using System.Globalization;
using System.Text.RegularExpressions;
using Exchange.Client;
using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Reference;
using Exchange.Requests.V1;

namespace Exchange.Tracking;

/// <summary>
/// Reads the journal of Requests from its beginning and compares every row that follows from it. What differs is repaired in short
/// transactions under the locks that events take, so answers stay right all along. The log of flags and the rungs taken are this
/// service's own knowledge and stay.
/// </summary>
sealed partial class FactsRebuild(
    JournalRebuild runner, RequestRegistry.RequestRegistryClient requests, Database database,
    FactsStore store, RungStore rungs, UnrecordedRungs unrecorded, Positions positions, DatabaseHistory history, ReferenceData reference,
    TimeProvider time) : IRebuild
{
    // Versions or requests compared at a time.
    const int BatchSize = 500;

    // How long an accepted journal is given to seal what the copy held unsealed.
    const int LooksForSeal = 20;
    static readonly TimeSpan PauseForSeal = TimeSpan.FromMilliseconds(500);

    /// <inheritdoc />
    public bool AcceptsUpToHead => true;

    /// <summary>Runs a rebuild, see <see cref="JournalRebuild.Run"/>.</summary>
    public Task Run(RebuildRequest asked, Func<RebuildProgress, Task> report, CancellationToken ct) => runner.Run(asked, this, report, ct);

    /// <summary>
    /// From now on what Requests recorded before its restore is taken in from its journal alone, and by this very run: events of that
    /// time may still be on their way, also about what was lost. Waits until what the copy held unsealed is sealed.
    /// </summary>
    public async Task BeforeAccepting(CancellationToken ct)
    {
        var status = await requests.GetStatusAsync(new(), RequestsClient.WaitingOptions(ct));
        if (status.RestoredAt is null)
            return;
        for (var looks = 0; status.Unsealed > 0 && looks < LooksForSeal; looks++)
        {
            await Task.Delay(PauseForSeal, time, ct);
            status = await requests.GetStatusAsync(new(), RequestsClient.WaitingOptions(ct));
        }
        await positions.OldUntil(RequestsJournal.Source, status.RestoredAt.ToDateTimeOffset(), ct);
    }

    /// <inheritdoc />
    public async Task<Action<RebuildProgress>> Compare(RebuildRun run, CancellationToken ct)
    {
        await run.Session.Execute("CREATE TEMP TABLE seen (id uuid, version int, PRIMARY KEY (id, version))", []);
        HashSet<(string Rung, string Request)> reminded = [];
        await CompareVersions(run, reminded, ct);
        var edge = run.Journal.Edge;
        await CompareDerivedRows(run, ct);
        var beyond = await FindBeyond(run, ct);
        foreach (var version in beyond)
            run.Findings.Beyond("facts_versions", version.ToProto());
        await run.Findings.Tell();
        if (!run.Asked.Check)
            await SetAside(beyond, lost: run.Asked.Accept, ct);
        if (!run.Asked.Accept)
            return _ => { };

        var highest = HighestReferences(await ReferencesLost(ct));
        var resent = await ResendRungs(reminded, ct);
        await positions.Reset(RequestsJournal.Source, edge, ct);
        await history.EndRetreat(RequestsJournal.Source, ct);
        await history.Reconcile(ct);
        return done =>
        {
            done.HighestReferences.Add(highest);
            done.RungsToldAgain = resent;
        };
    }

    /// <summary>
    /// Compares the versions in the journal with those stored, and collects which rungs Requests has recorded for which requests.
    /// </summary>
    async Task CompareVersions(RebuildRun run, HashSet<(string Rung, string Request)> reminded, CancellationToken ct)
    {
        await foreach (var page in run.Journal.ReadOn(run.Head, run.To, BatchSize, ct).WithCancellation(ct))
        {
            var changes = page.Select(entry => entry.Message).OfType<RequestChanged>().ToList();
            foreach (var change in changes)
                foreach (var step in change.Entry!.Steps.Where(step => step.KindCase == Step.KindOneofCase.Reminded))
                    reminded.Add((step.Reminded.Taken, change.Request));
            run.Findings.ReadUpTo(page[^1].SealedNo);
            await CompareBatch(run, [.. changes.Select(change => change.Facts)], ct);
        }
    }

    async Task CompareBatch(RebuildRun run, IReadOnlyList<RequestFacts> batch, CancellationToken ct)
    {
        List<FactsStore.Row> versions = [];
        foreach (var facts in batch)
        {
            try
            {
                versions.Add(FactsStore.Row.Of(facts));
            }
            catch (FormatException)
            {
                run.Findings.Differs("facts_versions", facts.Request, facts.Version, "unreadable");
            }
        }
        object?[] keys = [versions.Select(row => row.Id).ToArray(), versions.Select(row => row.Version).ToArray()];
        await run.Session.Execute("INSERT INTO seen SELECT * FROM unnest($1::uuid[], $2::int[]) ON CONFLICT DO NOTHING", keys);
        var stored = (await database.Query(
            $"""
            SELECT {FactsStore.ColumnNames} FROM facts_versions
            JOIN unnest($1::uuid[], $2::int[]) AS k (request_id, version) USING (request_id, version)
            """, keys, FactsStore.Row.Of, ct)).ToDictionary(row => (row.Id, row.Version));
        List<FactsStore.Row> wrong = [];
        foreach (var row in versions)
        {
            if (stored.TryGetValue((row.Id, row.Version), out var there) && row.SameAs(there))
                continue;
            run.Findings.Differs("facts_versions", RequestId.NameOf(row.Id), row.Version, there is null ? "missing" : "differs");
            wrong.Add(row);
        }
        run.Findings.Compared(versions.Count);
        if (wrong.Count > 0 && !run.Asked.Check)
            await store.Repair(wrong, [.. wrong.Select(row => row.Id).Distinct()], [], ct);
        await run.Findings.Tell();
    }

    /// <summary>Compares the newest version and the flags of each request with what its stored versions give.</summary>
    async Task CompareDerivedRows(RebuildRun run, CancellationToken ct)
    {
        for (var last = Guid.Empty; ;)
        {
            var ids = await run.Session.Query("SELECT DISTINCT id FROM seen WHERE id > $1 ORDER BY id LIMIT $2", [last, BatchSize],
                row => row.GetGuid(0));
            if (ids.Count == 0)
                return;
            var wrong = await DerivedRows.Compare(database, [.. ids], time.GetUtcNow(), reference, run.Findings, ct);
            if (wrong.Count > 0 && !run.Asked.Check)
                await store.Repair([], [.. wrong], [], ct);
            await run.Findings.Tell();
            last = ids[^1];
        }
    }

    /// <summary>Versions that are stored here and not in the journal. Whose they are, the row says: its body may say anything.</summary>
    async Task<List<BeyondVersion>> FindBeyond(RebuildRun run, CancellationToken ct)
    {
        const string unknown =
            """
            SELECT DISTINCT ON (request_id, version) request_id, version, body FROM (
              SELECT request_id, version, body FROM facts_versions UNION SELECT request_id, version, body FROM facts) v
            WHERE NOT EXISTS (SELECT FROM seen s WHERE s.id = v.request_id AND s.version = v.version) ORDER BY request_id, version
            """;
        List<BeyondVersion>? beyond = null;
        await runner.FindBeyond(
            async () => beyond ??= await run.Session.Query(unknown, [], row =>
                new BeyondVersion(row.GetGuid(0), row.GetInt32(1), FactsExtensions.TryParse(row.GetFieldValue<byte[]>(2)))),
            async () =>
            {
                await foreach (var page in JournalRebuild.ReadToHead(run, BatchSize, ct).WithCancellation(ct))
                {
                    foreach (var change in page.Select(entry => entry.Message).OfType<RequestChanged>())
                        beyond!.RemoveAll(one => one.Id == RequestId.Parse(change.Request) && one.Version == change.Version);
                }
            }, ct);
        return beyond!;
    }

    /// <summary>Takes what the journal does not hold out of the figures, and keeps it as evidence in <c>lost_facts</c>.</summary>
    /// <param name="lost">The journal held it once; otherwise nobody knows where it came from.</param>
    async Task SetAside(List<BeyondVersion> beyond, bool lost, CancellationToken ct)
    {
        foreach (var chunk in beyond.Chunk(BatchSize))
        {
            object?[] keys = [chunk.Select(one => one.Id).ToArray(), chunk.Select(one => one.Version).ToArray()];
            await database.Execute(
                $"""
                INSERT INTO lost_facts ({FactsStore.ColumnNames}, set_aside_at, lost)
                SELECT {FactsStore.ColumnNames}, $3, $4 FROM (
                  SELECT {FactsStore.ColumnNames} FROM facts_versions UNION SELECT {FactsStore.ColumnNames} FROM facts) v
                WHERE (request_id, version) IN (SELECT * FROM unnest($1::uuid[], $2::int[]))
                ON CONFLICT DO NOTHING
                """, [.. keys, time.GetUtcNow(), lost], ct);
            var left = (await database.Query(
                """
                SELECT DISTINCT request_id FROM facts_versions
                WHERE request_id = ANY($1) AND (request_id, version) NOT IN (SELECT * FROM unnest($1::uuid[], $2::int[]))
                """, keys, row => row.GetGuid(0), ct)).ToHashSet();
            var ids = chunk.Select(one => one.Id).Distinct().ToList();
            await store.Repair([], [.. ids.Where(left.Contains)],
                [.. chunk.Where(one => left.Contains(one.Id)).Select(one => (one.Id, one.Version))], ct);
            await store.Remove([.. ids.Where(id => !left.Contains(id))], ct);
        }
    }

    /// <summary>The references of everything that was ever lost: they were given once and must not be given again.</summary>
    Task<List<string>> ReferencesLost(CancellationToken ct) => database.Query("SELECT body FROM lost_facts WHERE lost", [],
        row => FactsExtensions.TryParse(row.GetFieldValue<byte[]>(0))?.Reference ?? "", ct);

    /// <summary>For each state and year, the reference with the highest number.</summary>
    static List<string> HighestReferences(IEnumerable<string> references) =>
    [
        .. references.Where(one => NumberedReference().IsMatch(one)).GroupBy(one => one[..8])
            .Select(g => g.MaxBy(one => int.Parse(one.AsSpan(8), CultureInfo.InvariantCulture))!),
    ];

    /// <summary>
    /// Has Requests told again what it has forgotten of the rungs taken (<see cref="RungResending"/>): the letters were sent, and a repeat
    /// changes nothing there. Returns how many rungs that were.
    /// </summary>
    async Task<int> ResendRungs(HashSet<(string Rung, string Request)> reminded, CancellationToken ct)
    {
        var forgotten = (await rungs.Confirmed(ct)).FindAll(rung => rung.Requests.Any(request => !reminded.Contains((rung.Name, request))));
        await unrecorded.Add([.. forgotten.SelectMany(rung => rung.Requests.Where(request => !reminded.Contains((rung.Name, request)))
            .Select(request => (RungSigning.IdOf(rung.Signature), RequestId.Parse(request))))], time.GetUtcNow(), ct);
        return forgotten.Count;
    }

    /// <summary>A version that is stored here and is not in the journal.</summary>
    /// <param name="Facts">Null where its body cannot be read.</param>
    sealed record BeyondVersion(Guid Id, int Version, RequestFacts? Facts)
    {
        public BeyondJournal ToProto() => new()
        {
            Request = RequestId.NameOf(Id),
            Version = Version,
            Reference = Facts?.Reference ?? "",
            RequestingState = Facts?.RequestingState ?? "",
            RequestedState = Facts?.RequestedState ?? "",
            Status = Facts?.Status ?? Status.Unspecified,
            RecordedAt = Facts?.RecordedAt,
        };
    }

    // BY-2026-000123: the first eight characters are the same for all numbers of a state and year.
    [GeneratedRegex(@"\A[A-Z]{2}-[0-9]{4}-[0-9]{1,8}\z")]
    private static partial Regex NumberedReference();
}
