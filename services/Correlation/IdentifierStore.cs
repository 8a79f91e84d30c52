using Exchange.Platform;

namespace Exchange.Correlation;

/// <summary>One identifier of one subject, as it is kept.</summary>
sealed record IndexedIdentifier(Guid RequestId, Guid SubjectId, string State, string CaseNumber, short Kind, byte[] Hash);

/// <summary>What a request's identifiers were as of a version.</summary>
sealed record IndexedRequest(Guid Id, int Version, IReadOnlyList<IndexedIdentifier> Identifiers);

/// <summary>All writing to the tables <c>indexed</c> and <c>identifiers</c>.</summary>
sealed class IdentifierStore(Database database)
{
    /// <summary>Those whose subjects have not been read at this version or a newer one.</summary>
    public Task<List<Guid>> Outdated(IReadOnlyDictionary<Guid, int> versions, CancellationToken ct) => database.Query(
        """
        SELECT n.id FROM unnest($1::uuid[], $2::int[]) AS n (id, version)
        LEFT JOIN indexed i ON i.request_id = n.id
        WHERE n.version > coalesce(i.version, 0)
        ORDER BY n.id
        """, [versions.Keys.ToArray(), versions.Values.ToArray()], row => row.GetGuid(0), ct);

    /// <summary>Replaces all identifiers of each request whose version is newer than what is kept; the others stay.</summary>
    public Task<int> Replace(IReadOnlyList<IndexedRequest> requests, CancellationToken ct) => database.InTransaction(async tx =>
    {
        // Ordered, so that two replicas with the same requests wait for each other instead of deadlocking.
        var newer = (await tx.Query(
            """
            INSERT INTO indexed AS i (request_id, version)
            SELECT * FROM unnest($1::uuid[], $2::int[]) AS n (id, version) ORDER BY id
            ON CONFLICT (request_id) DO UPDATE SET version = excluded.version WHERE i.version < excluded.version
            RETURNING request_id
            """, [requests.Select(r => r.Id).ToArray(), requests.Select(r => r.Version).ToArray()], row => row.GetGuid(0))).ToHashSet();
        await tx.Execute("DELETE FROM identifiers WHERE request_id = ANY($1)", [newer.ToArray()]);
        var rows = requests.Where(r => newer.Contains(r.Id)).SelectMany(r => r.Identifiers).ToList();
        return await tx.Execute(
            """
            INSERT INTO identifiers (request_id, subject_id, requesting_state, case_number, kind, key_version, hash)
            SELECT request_id, subject_id, state, case_number, kind, $7, hash
            FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::smallint[], $6::bytea[])
              AS n (request_id, subject_id, state, case_number, kind, hash)
            ON CONFLICT DO NOTHING
            """,
            [
                rows.Select(r => r.RequestId).ToArray(), rows.Select(r => r.SubjectId).ToArray(), rows.Select(r => r.State).ToArray(),
                rows.Select(r => r.CaseNumber).ToArray(), rows.Select(r => r.Kind).ToArray(), rows.Select(r => r.Hash).ToArray(),
                IdentifierKey.Version,
            ]);
    }, ct);

    /// <summary>How many identifiers are kept.</summary>
    public async Task<long> Count(CancellationToken ct) =>
        (await database.Query("SELECT count(*) FROM identifiers", [], row => row.GetInt64(0), ct)).Single();
}
