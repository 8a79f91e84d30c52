using Exchange.Platform;
using Npgsql;
using NpgsqlTypes;

namespace Exchange.Correlation;

/// <summary>One identifier of one subject, as it is stored.</summary>
/// <param name="State">The requesting state, ISO 3166-1 alpha-2.</param>
/// <param name="CaseHash">Of the case the request belongs to, by <see cref="IdentifierKey.HashOfCase"/>.</param>
/// <param name="Kind">An <c>IdentifierKind</c>.</param>
/// <param name="Hash">By <see cref="IdentifierKey"/>.</param>
sealed record IndexedIdentifier(Guid RequestId, Guid SubjectId, string State, byte[] CaseHash, short Kind, byte[] Hash)
{
    /// <summary>What two identifiers are compared by: all that is stored but the request, with the bytes of the hashes by value.</summary>
    public (Guid, string, string, short, string) Key => (SubjectId, State, Convert.ToHexString(CaseHash), Kind, Convert.ToHexString(Hash));
}

/// <summary>All identifiers of a request as of a version.</summary>
sealed record IndexedRequest(Guid Id, int Version, IReadOnlyList<IndexedIdentifier> Identifiers);

/// <summary>
/// Writes the tables <c>indexed</c>, at which version the subjects of each request were read, and <c>identifiers</c>, the keyed hashes.
/// </summary>
sealed class IdentifierStore(Database database)
{
    /// <summary>The requests whose subjects have not been read at the version given or a newer one.</summary>
    public Task<List<Guid>> Outdated(IReadOnlyDictionary<Guid, int> versions, CancellationToken ct) => database.Query(
        """
        SELECT n.id FROM unnest($1::uuid[], $2::int[]) AS n (id, version)
        LEFT JOIN indexed i ON i.request_id = n.id
        WHERE n.version > coalesce(i.version, 0)
        ORDER BY n.id
        """, [versions.Keys.ToArray(), versions.Values.ToArray()], row => row.GetGuid(0), ct);

    /// <summary>Replaces all identifiers of each request whose version is newer than the one stored; the others stay.</summary>
    public Task<int> Replace(IReadOnlyList<IndexedRequest> requests, CancellationToken ct) =>
        database.InTransaction(tx => Replace(tx, requests, evenIfNotNewer: false), ct);

    /// <summary>Replaces all identifiers of each request, whatever version is stored.</summary>
    public Task<int> Reset(IReadOnlyList<IndexedRequest> requests, CancellationToken ct) =>
        database.InTransaction(tx => Replace(tx, requests, evenIfNotNewer: true), ct);

    /// <summary>
    /// Compares what was just read with what is stored, under the locks that events take, and unless it is a check replaces what differs.
    /// What was read at a newer version meanwhile is left alone.
    /// </summary>
    /// <param name="needed">The version at which each must have been read, and its newest as far as the comparison goes.</param>
    /// <returns>How many rows are stored, and the requests that differed though nothing had changed.</returns>
    public Task<(int Kept, List<(Guid Id, bool Missing)> Differed)> Compare(
        IReadOnlyList<IndexedRequest> read, IReadOnlyDictionary<Guid, (int Needed, int Newest)> needed, bool check, CancellationToken ct) =>
        database.InTransaction(async tx =>
        {
            var ids = read.Select(r => r.Id).ToArray();
            var versions = (await tx.Query(
                "SELECT request_id, version FROM indexed WHERE request_id = ANY($1) ORDER BY request_id FOR UPDATE", [ids],
                row => (Id: row.GetGuid(0), Version: row.GetInt32(1)))).ToDictionary(row => row.Id, row => row.Version);
            var kept = (await tx.Query(
                """
                SELECT request_id, subject_id, requesting_state, case_hash, kind, hash FROM identifiers
                WHERE request_id = ANY($1) AND key_version = $2
                """,
                [ids, IdentifierKey.Version], row =>
                    new IndexedIdentifier(row.GetGuid(0), row.GetGuid(1), row.GetString(2), row.GetFieldValue<byte[]>(3), row.GetInt16(4),
                    row.GetFieldValue<byte[]>(5)))).ToLookup(row => row.RequestId, row => row.Key);
            List<IndexedRequest> wrong = [];
            List<(Guid, bool)> differed = [];
            foreach (var one in read)
            {
                var known = versions.TryGetValue(one.Id, out var version);
                var current = known && version >= needed[one.Id].Needed;
                if (version > one.Version || (current && kept[one.Id].ToHashSet().SetEquals(one.Identifiers.Select(i => i.Key))))
                    continue;
                wrong.Add(one);
                // A subject that was named while we read is no difference.
                if (one.Version == needed[one.Id].Newest || !known)
                    differed.Add((one.Id, !known));
            }
            if (!check)
                await Replace(tx, wrong, evenIfNotNewer: true);
            return (kept.Sum(g => g.Count()) + versions.Count, differed);
        }, ct);

    /// <summary>Deletes what is stored of these requests, or of all requests where null is given.</summary>
    public Task<int> Remove(Guid[]? requests, CancellationToken ct) => database.InTransaction(async tx =>
    {
        var which = new NpgsqlParameter
        {
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid,
            Value = (object?)requests ?? DBNull.Value,
        };
        await tx.Execute("DELETE FROM identifiers WHERE $1 IS NULL OR request_id = ANY($1)", [which]);
        return await tx.Execute("DELETE FROM indexed WHERE $1 IS NULL OR request_id = ANY($1)", [which.Clone()]);
    }, ct);

    static async Task<int> Replace(Transaction tx, IReadOnlyList<IndexedRequest> requests, bool evenIfNotNewer)
    {
        // Ordered, so that two replicas with the same requests wait for each other instead of deadlocking.
        var newer = (await tx.Query(
            """
            INSERT INTO indexed AS i (request_id, version)
            SELECT * FROM unnest($1::uuid[], $2::int[]) AS n (id, version) ORDER BY id
            ON CONFLICT (request_id) DO UPDATE SET version = excluded.version WHERE i.version < excluded.version OR $3
            RETURNING request_id
            """, [requests.Select(r => r.Id).ToArray(), requests.Select(r => r.Version).ToArray(), evenIfNotNewer],
            row => row.GetGuid(0))).ToHashSet();
        await tx.Execute("DELETE FROM identifiers WHERE request_id = ANY($1)", [newer.ToArray()]);
        var rows = requests.Where(r => newer.Contains(r.Id)).SelectMany(r => r.Identifiers).ToList();
        return await tx.Execute(
            """
            INSERT INTO identifiers (request_id, subject_id, requesting_state, case_hash, kind, key_version, hash)
            SELECT request_id, subject_id, state, case_hash, kind, $7, hash
            FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::bytea[], $5::smallint[], $6::bytea[])
              AS n (request_id, subject_id, state, case_hash, kind, hash)
            ON CONFLICT DO NOTHING
            """,
            [
                rows.Select(r => r.RequestId).ToArray(), rows.Select(r => r.SubjectId).ToArray(), rows.Select(r => r.State).ToArray(),
                rows.Select(r => r.CaseHash).ToArray(), rows.Select(r => r.Kind).ToArray(), rows.Select(r => r.Hash).ToArray(),
                IdentifierKey.Version,
            ]);
    }

    /// <summary>How many identifiers are stored.</summary>
    public async Task<long> Count(CancellationToken ct) =>
        (await database.Query("SELECT count(*) FROM identifiers", [], row => row.GetInt64(0), ct)).Single();
}
