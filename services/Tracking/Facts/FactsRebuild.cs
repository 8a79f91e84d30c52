using System.Text.RegularExpressions;
using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Requests.V1;

namespace Exchange.Tracking;

/// <summary>
/// Reads the journal of Requests from its beginning and compares every row that follows from it; what differs is mended in
/// short transactions under the locks of the live steps, so answers stay right all along. What was told of flags and the
/// rungs taken are this service's own knowledge and stay. Dies without a trace: what it has seen is in a temporary table.
/// </summary>
sealed partial class FactsRebuild(
    RequestRegistry.RequestRegistryClient requests, Database database, FactsStore store, RungStore rungs, Positions positions, History history,
    Outbox outbox, OutboxMessages messages, ReferenceData reference, TimeProvider time, ILogger<FactsRebuild> log)
{
    const string Lock = "rebuild";
    const int AtOnce = 500;

    /// <summary>Compares, and unless it is a check mends; tells how far it has come.</summary>
    /// <exception cref="Refusal">Another one runs; or the journal went back, and nobody said that it is to be accepted.</exception>
    public async Task Run(RebuildRequest asked, Func<RebuildProgress, Task> tell, CancellationToken ct)
    {
        await using var sole = await SoleSession.Take(database, Lock, ct) ?? throw TrackingRefusals.RebuildRuns();
        if (asked.Accept)
            await EndOldTimes(ct);
        var head = await requests.GetCheckpointAsync(new(), cancellationToken: ct);
        var taken = await positions.Of(RequestsJournal.Source, ct);
        await history.Look(ct);
        if ((history.WentBack || head.SealedNo < taken) && !asked.Check && !asked.Accept)
            throw TrackingRefusals.JournalWentBack();

        // What is newer than the position may be on its way here, and is compared another time.
        var to = asked.Accept ? head.SealedNo : Math.Min(taken, head.SealedNo);
        var findings = new RebuildFindings(to, tell);
        Started(to, asked.Check, asked.Accept);
        await sole.Session.Execute("CREATE TEMP TABLE seen (id uuid, version int, PRIMARY KEY (id, version))", []);
        HashSet<(string Rung, string Request)> reminded = [];
        await CompareVersions(sole.Session, to, findings, reminded, asked.Check, ct);
        await CompareWhatFollows(sole.Session, findings, asked.Check, ct);
        var beyond = await Beyond(sole.Session, to, ct);
        foreach (var version in beyond)
            findings.Beyond(version);
        await findings.Tell();
        var again = 0;
        List<string> highest = [];
        if (asked.Accept)
        {
            await SetAside(beyond, ct);
            highest = Highest(await Lost(ct));
            again = await TellRungsAgain(reminded, ct);
            await positions.Reset(RequestsJournal.Source, head.SealedNo, head.SealHash.ToByteArray(), ct);
            await history.EndRetreat(RequestsJournal.Source, ct);
            await history.Reconcile(ct);
        }
        Ended(to, findings.Differed, findings.BeyondCount);
        await findings.Tell(done =>
        {
            done.HighestReferences.Add(highest);
            done.RungsToldAgain = again;
        });
    }

    /// <summary>
    /// From now on what Requests recorded before its restore comes by its journal alone, and by this very run: events of that
    /// time may still be on their way, of what was lost too. Waits for the seal on what the copy held unsealed.
    /// </summary>
    async Task EndOldTimes(CancellationToken ct)
    {
        var status = await requests.GetStatusAsync(new(), cancellationToken: ct);
        if (status.RestoredAt is null)
            return;
        for (var looks = 0; status.Unsealed > 0 && looks < 20; looks++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(500), time, ct);
            status = await requests.GetStatusAsync(new(), cancellationToken: ct);
        }
        await positions.OldUntil(RequestsJournal.Source, status.RestoredAt.ToDateTimeOffset(), ct);
    }

    async Task CompareVersions(
        Transaction seen, long to, RebuildFindings findings, HashSet<(string, string)> reminded, bool check, CancellationToken ct)
    {
        List<RequestFacts> batch = [];
        await foreach (var read in requests.ReadChanges(1, to, ct).WithCancellation(ct))
        {
            foreach (var step in read.Entry.Steps.Where(step => step.KindCase == Step.KindOneofCase.Reminded))
                reminded.Add((step.Reminded.Taken, read.Entry.Facts.Request));
            if (read.Change is { } change)
                batch.Add(change.Facts);
            findings.ReadUpTo(read.SealedNo);
            if (batch.Count >= AtOnce)
                await CompareBatch(seen, batch, findings, check, ct);
        }
        await CompareBatch(seen, batch, findings, check, ct);
    }

    async Task CompareBatch(Transaction seen, List<RequestFacts> batch, RebuildFindings findings, bool check, CancellationToken ct)
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
                findings.Differs("facts_versions", facts.Request, facts.Version, "unreadable");
            }
        }
        batch.Clear();
        object?[] keys = [versions.Select(row => row.Id).ToArray(), versions.Select(row => row.Version).ToArray()];
        await seen.Execute("INSERT INTO seen SELECT * FROM unnest($1::uuid[], $2::int[]) ON CONFLICT DO NOTHING", keys);
        var kept = (await database.Query(
            $"SELECT {FactsStore.Columns} FROM facts_versions JOIN unnest($1::uuid[], $2::int[]) AS k (request_id, version) USING (request_id, version)",
            keys, FactsStore.Row.Of, ct)).ToDictionary(row => (row.Id, row.Version));
        List<FactsStore.Row> wrong = [];
        foreach (var row in versions)
        {
            if (kept.TryGetValue((row.Id, row.Version), out var there) && row.SameAs(there))
                continue;
            findings.Differs("facts_versions", $"requests/{row.Id}", row.Version, there is null ? "missing" : "differs");
            wrong.Add(row);
        }
        findings.Compared(versions.Count);
        if (wrong.Count > 0 && !check)
            await store.Mend(wrong, [.. wrong.Select(row => row.Id).Distinct()], [], ct);
        await findings.Tell();
    }

    /// <summary>The newest version and the flags, request by request, as their versions here say.</summary>
    async Task CompareWhatFollows(Transaction seen, RebuildFindings findings, bool check, CancellationToken ct)
    {
        for (var last = Guid.Empty; ;)
        {
            var ids = await seen.Query("SELECT DISTINCT id FROM seen WHERE id > $1 ORDER BY id LIMIT $2", [last, AtOnce], row => row.GetGuid(0));
            if (ids.Count == 0)
                return;
            var wrong = await FollowingRows.Compare(database, [.. ids], time.GetUtcNow(), reference, findings, ct);
            if (wrong.Count > 0 && !check)
                await store.Mend([], [.. wrong], [], ct);
            await findings.Tell();
            last = ids[^1];
        }
    }

    /// <summary>Versions that are here and not in the journal, once what was just committed there has been sealed.</summary>
    async Task<List<BeyondJournal>> Beyond(Transaction seen, long to, CancellationToken ct)
    {
        const string unknown = "SELECT body, version FROM (SELECT request_id, version, body FROM facts_versions UNION SELECT request_id, version, body FROM facts) v "
            + "WHERE NOT EXISTS (SELECT FROM seen s WHERE s.id = v.request_id AND s.version = v.version) ORDER BY request_id, version";
        var beyond = await seen.Query(unknown, [], row => (Facts: RequestFacts.Parser.ParseFrom(row.GetFieldValue<byte[]>(0)), Version: row.GetInt32(1)));
        for (var looks = 0; beyond.Count > 0 && looks < 5; looks++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(500), time, ct);
            await foreach (var read in requests.ReadChanges(to + 1, 0, ct).WithCancellation(ct))
            {
                to = read.SealedNo;
                if (read.Change is { } change)
                    beyond.RemoveAll(one => one.Facts.Request == change.Request && one.Version == change.Version);
            }
        }
        return [.. beyond.DistinctBy(one => (one.Facts.Request, one.Version)).Select(one => new BeyondJournal
        {
            Request = one.Facts.Request, Version = one.Version, Reference = one.Facts.Reference, RequestingState = one.Facts.RequestingState,
            RequestedState = one.Facts.RequestedState, Status = one.Facts.Status, RecordedAt = one.Facts.RecordedAt,
        })];
    }

    /// <summary>Takes what the journal does not hold out of the figures, and keeps it as evidence.</summary>
    async Task SetAside(List<BeyondJournal> beyond, CancellationToken ct)
    {
        foreach (var chunk in beyond.Select(one => (Id: Guid.Parse(one.Request.AsSpan("requests/".Length)), one.Version)).Chunk(AtOnce))
        {
            object?[] keys = [chunk.Select(one => one.Id).ToArray(), chunk.Select(one => one.Version).ToArray()];
            await database.Execute(
                $"""
                INSERT INTO lost_facts ({FactsStore.Columns}, set_aside_at)
                SELECT {FactsStore.Columns}, $3 FROM facts_versions WHERE (request_id, version) IN (SELECT * FROM unnest($1::uuid[], $2::int[]))
                ON CONFLICT DO NOTHING
                """, [.. keys, time.GetUtcNow()], ct);
            var left = (await database.Query(
                """
                SELECT DISTINCT request_id FROM facts_versions
                WHERE request_id = ANY($1) AND (request_id, version) NOT IN (SELECT * FROM unnest($1::uuid[], $2::int[]))
                """, keys, row => row.GetGuid(0), ct)).ToHashSet();
            var ids = chunk.Select(one => one.Id).Distinct().ToList();
            await store.Mend([], [.. ids.Where(left.Contains)], [.. chunk.Where(one => left.Contains(one.Id))], ct);
            await store.Forget([.. ids.Where(id => !left.Contains(id))], ct);
        }
    }

    Task<List<string>> Lost(CancellationToken ct) => database.Query(
        "SELECT body FROM lost_facts", [], row => RequestFacts.Parser.ParseFrom(row.GetFieldValue<byte[]>(0)).Reference, ct);

    static List<string> Highest(IEnumerable<string> references) =>
        [.. references.Where(one => Counted().IsMatch(one)).GroupBy(one => one[..8]).Select(g => g.MaxBy(one => int.Parse(one.AsSpan(8), System.Globalization.CultureInfo.InvariantCulture))!)];

    /// <summary>Rungs were taken and the letters sent; a journal that forgot them is told again, and a repeat changes nothing there.</summary>
    async Task<int> TellRungsAgain(HashSet<(string Rung, string Request)> reminded, CancellationToken ct)
    {
        var forgotten = (await rungs.Confirmed(ct)).FindAll(rung => rung.Requests.Any(request => !reminded.Contains((rung.Name, request))));
        await outbox.Add([.. forgotten.Select(messages.Compose)], time.GetUtcNow(), ct);
        return forgotten.Count;
    }

    [GeneratedRegex(@"\A[A-Z]{2}-[0-9]{4}-[0-9]{1,8}\z")]
    private static partial Regex Counted();

    [LoggerMessage(3030, LogLevel.Information, "Comparing with the journal of Requests up to {SealedNo}; only a check: {Check}, accepting it as it stands: {Accept}")]
    partial void Started(long sealedNo, bool check, bool accept);

    [LoggerMessage(3031, LogLevel.Information, "Compared with the journal of Requests up to {SealedNo}: {Differed} rows differed, {Beyond} versions are beyond it")]
    partial void Ended(long sealedNo, long differed, long beyond);
}
