using System.Security.Cryptography;
using Exchange.Platform;
using Exchange.Requests.V1;
using Exchange.Testing;
using Exchange.Tracking.V1;

namespace Exchange.System.Tests.Faults;

/// <summary>
/// Compares what was intended and heard with what is there: the requests, the journal and its seal, and what each consumer made of
/// it. Looks into the databases, for a service must not be asked whether it lost something.
/// </summary>
sealed class Checker(RunningExchange exchange, RecordingClient client)
{
    readonly List<string> faults = [];

    /// <summary>Everything that is lost, twice or wrong; empty when all is well.</summary>
    public async Task<IReadOnlyList<string>> Faults()
    {
        faults.Clear();
        faults.AddRange(client.Surprises.Distinct().Select(surprise => "a caller was told " + surprise));
        var journal = await Rows.Journal(exchange.Databases["requests"]);
        CheckOperations(journal);
        await CheckRequests(journal);
        await CheckSeal();
        await CheckConsumers();
        await CheckFigures();
        foreach (var service in new[] { "requests", "tracking", "correlation" })
        {
            await Count(service, "SELECT count(*) FROM outbox", 0, "messages that were never published");
            await Count(service, "SELECT count(*) FROM parked", 0, "messages that could not be taken in");
        }
        return faults;
    }

    void CheckOperations(IReadOnlyList<Entry> journal)
    {
        var byCommand = journal.ToDictionary(entry => entry.Command);
        var given = client.Operations.SelectMany(operation => operation.Commands).ToHashSet();
        foreach (var operation in client.Operations)
        {
            var entries = operation.Commands.Where(byCommand.ContainsKey).Select(command => byCommand[command]).ToList();
            var (least, most) = operation.Known switch { Known.Ok => (1, 1), Known.Fail => (0, 0), _ => (0, 1) };
            if (entries.Count < least)
                faults.Add($"{operation.Step} was answered and is not in the journal");
            if (entries.Count > most)
                faults.Add($"{operation.Step} ended as {operation.Known} and is {entries.Count} times in the journal");
            if (operation.Known is Known.Ok && entries is [var one] && (one.Request, one.Version) != (operation.Request, operation.Version))
                faults.Add($"{operation.Step} was answered as version {operation.Version} and is version {one.Version}");
        }
        var named = client.Operations.Select(operation => operation.Request).ToHashSet();
        foreach (var entry in journal.Where(entry => named.Contains(entry.Request) && !given.Contains(entry.Command)))
            faults.Add($"version {entry.Version} of {entry.Request} was given by nobody");
    }

    async Task CheckRequests(IReadOnlyList<Entry> journal)
    {
        var newest = journal.GroupBy(entry => entry.Request)
            .ToDictionary(entries => entries.Key, entries => entries.OrderBy(entry => entry.Version).ToList());
        var requests = await Rows.Read(exchange.Databases["requests"], "SELECT id, version, head_hash, reference FROM requests",
            row => (Request: $"requests/{row.GetGuid(0)}", Version: row.GetInt32(1), Hash: row.GetFieldValue<byte[]>(2),
                Reference: row.GetString(3)));
        foreach (var request in requests)
        {
            var entries = newest.GetValueOrDefault(request.Request, []);
            if (!entries.Select(entry => entry.Version).SequenceEqual(Enumerable.Range(1, entries.Count)) || entries.Count == 0)
                faults.Add($"{request.Request} has a journal with versions {string.Join(' ', entries.Select(entry => entry.Version))}");
            else if (entries[^1].Version != request.Version || !entries[^1].Hash.AsSpan().SequenceEqual(request.Hash))
                faults.Add($"{request.Request} is at version {request.Version} and its journal at {entries[^1].Version}");
        }
        foreach (var twice in requests.CountBy(request => request.Reference).Where(reference => reference.Value > 1))
            faults.Add($"the reference {twice.Key} was given {twice.Value} times");
    }

    async Task CheckSeal()
    {
        await Count("requests", "SELECT count(*) FROM unsealed", 0, "entries that wait unsealed");
        await Count("requests",
            """
            SELECT count(*) FROM journal j
            WHERE (SELECT count(*) FROM seal s WHERE (s.aggregate_id, s.version) = (j.aggregate_id, j.version)) <> 1
            """, 0, "entries without one number in the sealed order");
        await Count("requests",
            "SELECT count(*) FROM seal a JOIN seal b USING (aggregate_id) WHERE a.version < b.version AND a.sealed_no > b.sealed_no",
            0, "entries sealed before an older one of their request");
        var edge = new MerkleFrontier();
        Dictionary<long, byte[]> roots = [];
        foreach (var (no, entry, leaf) in await Rows.Read(exchange.Databases["requests"],
            "SELECT s.sealed_no, j.entry, s.leaf FROM seal s JOIN journal j USING (aggregate_id, version) ORDER BY s.sealed_no",
            row => (row.GetInt64(0), row.GetFieldValue<byte[]>(1), row.GetFieldValue<byte[]>(2))))
        {
            if (no != edge.Size + 1 || !SHA256.HashData([0, .. entry]).AsSpan().SequenceEqual(leaf))
                faults.Add($"the seal is broken at number {no}, after {edge.Size}");
            edge.Add(leaf);
            roots[edge.Size] = edge.Root;
        }
        foreach (var (size, root) in await Rows.Read(exchange.Databases["requests"], "SELECT size, root FROM checkpoints",
            row => (row.GetInt64(0), row.GetFieldValue<byte[]>(1))))
        {
            if (!roots.TryGetValue(size, out var computed) || !computed.AsSpan().SequenceEqual(root))
                faults.Add($"the checkpoint at number {size} is not that of the entries");
        }
    }

    async Task CheckConsumers()
    {
        var requests = await Rows.Read(exchange.Databases["requests"], "SELECT id, version, facts FROM requests",
            row => (Id: row.GetGuid(0), Version: row.GetInt32(1), Facts: RequestFacts.Parser.ParseFrom(row.GetFieldValue<byte[]>(2))));
        var followed = (await Rows.Read(exchange.Databases["tracking"],
                """
                SELECT f.request_id, f.version, f.body, (SELECT count(*) FROM facts_versions v WHERE v.request_id = f.request_id)
                FROM facts f
                """,
                row => (Id: row.GetGuid(0), Version: row.GetInt32(1), Facts: RequestFacts.Parser.ParseFrom(row.GetFieldValue<byte[]>(2)),
                    Versions: row.GetInt64(3))))
            .ToDictionary(row => row.Id);
        var indexed = (await Rows.Read(exchange.Databases["correlation"],
                "SELECT request_id, version, (SELECT count(*) FROM identifiers n WHERE n.request_id = i.request_id) FROM indexed i",
                row => (Id: row.GetGuid(0), Version: row.GetInt32(1), Identifiers: row.GetInt64(2))))
            .ToDictionary(row => row.Id);
        foreach (var (id, version, facts) in requests)
        {
            if (!followed.TryGetValue(id, out var seen))
                faults.Add($"Tracking does not know requests/{id}");
            else if (seen.Version != version || !seen.Facts.Equals(facts) || seen.Versions != version)
            {
                var other = seen.Facts.Equals(facts) ? "" : " with other facts";
                faults.Add(
                    $"requests/{id} is at version {version}; Tracking has version {seen.Version}{other} and {seen.Versions} versions");
            }
            if (facts.SubjectsVersion > 0
                && (!indexed.TryGetValue(id, out var index) || index.Version < facts.SubjectsVersion || index.Identifiers != 1))
            {
                faults.Add($"Correlation has not the one identifier of requests/{id}");
            }
        }
        foreach (var id in followed.Keys.Concat(indexed.Keys).Distinct().Except(requests.Select(request => request.Id)))
            faults.Add($"a consumer knows requests/{id}, which is not there");
    }

    /// <summary>As an officer sees them: every letter counted once, each once in the partner's inbox.</summary>
    async Task CheckFigures()
    {
        using var channel = exchange.Connect(exchange.Tracking, "prosecutor");
        var figures = await new ResponseTracking.ResponseTrackingClient(channel).GetTurnaroundAsync(new());
        var (counts, sent) = (figures.Rows.Single(row => row.Group == "ALL").Counts, client.Transmitted.Count);
        var unsure = client.Operations.Count(operation => operation is { Step: "Transmit", Known: Known.Unknown });
        if (counts.Requests < sent || counts.Requests > sent + unsure)
            faults.Add($"{sent} letters were transmitted and the figures count {counts.Requests}");
        await Count("requests",
            $"""
            SELECT count(*) FROM (
              SELECT request_id FROM inbox WHERE addressee = 'PL' AND step = {(int)StepCode.Transmit} GROUP BY 1 HAVING count(*) = 1) told
            """, counts.Requests, "letters that are once in the partner's inbox");
    }

    async Task Count(string database, string sql, long expected, string what)
    {
        if (await Rows.Count(exchange.Databases[database], sql) is var count && count != expected)
            faults.Add($"{database}: {count} {what}, not {expected}");
    }
}
