using System.Diagnostics;
using Npgsql;
using NpgsqlTypes;

namespace Exchange.Platform;

/// <summary>
/// The statement that writes a group: journal first, and state, seal queue and outbox from the rows that won, so a loser
/// writes nothing. One round trip, its own transaction.
/// </summary>
sealed class LedgerStatement(IReadOnlyList<StateTable> tables, EntryMac entryMac, StateMac mac)
{
    readonly string sql = Compose(tables);

    /// <summary>Writes the group and returns the aggregates whose append won. At most one append per aggregate.</summary>
    /// <param name="messages">Of those appends of the group that have one, signed.</param>
    public async Task<HashSet<Guid>> Run(
        NpgsqlConnection connection, IReadOnlyList<PreparedAppend> group, IReadOnlyList<(Guid Aggregate, OutboxMessage Message)> messages,
        DateTimeOffset leasedUntil)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        void Column<T>(NpgsqlDbType type, IEnumerable<T> values) =>
            command.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.Array | type, Value = values.ToArray() });

        Column(NpgsqlDbType.Uuid, group.Select(p => p.Append.AggregateId));
        Column(NpgsqlDbType.Integer, group.Select(p => p.Append.Version));
        Column(NpgsqlDbType.Uuid, group.Select(p => p.Append.CommandId));
        Column(NpgsqlDbType.Bytea, group.Select(p => p.Append.CommandDigest));
        Column(NpgsqlDbType.Bytea, group.Select(p => p.Append.Entry));
        Column(NpgsqlDbType.Bytea, group.Select(p => p.Hash));
        Column(NpgsqlDbType.Bytea, group.Select(p => entryMac.Of(p.Append.AggregateId, p.Append.Version, p.Hash)));
        Column(NpgsqlDbType.TimestampTz, group.Select(p => p.Append.RecordedAt.ToUniversalTime()));
        Column(NpgsqlDbType.Text, group.Select(p => p.TraceParent));

        Column(NpgsqlDbType.Uuid, messages.Select(m => m.Aggregate));
        Column(NpgsqlDbType.Uuid, messages.Select(m => m.Message.Id));
        Column(NpgsqlDbType.Text, messages.Select(m => m.Message.Type));
        Column(NpgsqlDbType.Bytea, messages.Select(m => m.Message.Body));
        Column(NpgsqlDbType.Text, messages.Select(m => m.Message.TraceParent));
        Column(NpgsqlDbType.Bytea, messages.Select(m => m.Message.Proof!.Bytes));
        void Single(NpgsqlDbType type, object? value) =>
            command.Parameters.Add(new() { NpgsqlDbType = type, Value = value ?? DBNull.Value });
        var proof = messages.Count == 0 ? null : messages[0].Message.Proof;
        Single(NpgsqlDbType.Bytea, proof?.CertificateId);
        Single(NpgsqlDbType.Bytea, proof?.Certificate);
        Single(NpgsqlDbType.TimestampTz, leasedUntil.ToUniversalTime());

        foreach (var table in tables)
        {
            var stateful = group.Where(p => p.Append.State?.Table == table).ToArray();
            Column(NpgsqlDbType.Uuid, stateful.Select(p => p.Append.AggregateId));
            Column(NpgsqlDbType.Bytea, stateful.Select(p =>
                mac.Of(table, p.Append.AggregateId, p.Append.Version, p.Hash, p.Append.State!.Values)));
            for (var i = 0; i < table.Columns.Count; i++)
            {
                var column = i;
                Column(table.Columns[i].Type, stateful.Select(p => p.Append.State!.Values[column]));
            }
        }

        // A caller's deadline never reaches the shared transaction: no token here.
        HashSet<Guid> won = [];
        await using var reader = await command.ExecuteReaderAsync(CancellationToken.None);
        while (await reader.ReadAsync(CancellationToken.None))
            won.Add(reader.GetGuid(0));
        return won;
    }

    // Every parameter but $16 to $18 is an array, a column of the group: $1 to $9 are the entries; $10 to $15 the messages, each with the
    // aggregate of its entry; $16 and $17 the certificate that the group was signed with, null where there is no message; $18 until when
    // they are leased. Then each state table has an array of ids, one of codes and one for each of its columns, with as many elements as
    // the group has rows for the table. Rows are inserted in the order of their keys, so that two writers wait for each other and never
    // block each other for good.
    static string Compose(IReadOnlyList<StateTable> tables)
    {
        const string head =
            """
            WITH input AS (
              SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9)
                AS t(aggregate_id, version, command_id, command_digest, entry, hash, mac, recorded_at, trace_parent)),
            won AS (
              INSERT INTO journal (aggregate_id, version, command_id, command_digest, entry, hash, mac, recorded_at, trace_parent)
              SELECT * FROM input ORDER BY aggregate_id
              ON CONFLICT DO NOTHING
              RETURNING aggregate_id, version, hash),
            queued AS (
              INSERT INTO unsealed (aggregate_id, version, hash) SELECT aggregate_id, version, hash FROM won ORDER BY aggregate_id),
            signed_with AS (
              INSERT INTO message_certificates (id, certificate) SELECT $16, $17 WHERE $16 IS NOT NULL ON CONFLICT DO NOTHING),
            told AS (
              INSERT INTO outbox (id, type, body, trace_parent, proof, certificate_id, leased_until)
              SELECT m.id, m.type, m.body, m.trace_parent, m.proof, $16, $18
              FROM unnest($10, $11, $12, $13, $14, $15) AS m(aggregate_id, id, type, body, trace_parent, proof)
              JOIN won USING (aggregate_id)
              ORDER BY m.id)
            """;
        var parameter = 19;
        List<string> kept = [];
        foreach (var table in tables)
        {
            kept.Add(",\n" + ComposeState(table, parameter));
            parameter += 2 + table.Columns.Count;
        }
        return head + string.Concat(kept) + "\nSELECT aggregate_id FROM won";
    }

    static string ComposeState(StateTable table, int firstParameter)
    {
        var names = table.Columns.Select(c => c.Name).ToArray();
        var columns = string.Join(", ", names);
        var parameters = string.Join(", ", Enumerable.Range(firstParameter, names.Length + 2).Select(n => "$" + n));
        return $"""
            kept_{table.Name} AS (
              INSERT INTO {table.Name} AS present (id, version, head_hash, mac, {columns})
              SELECT s.id, won.version, won.hash, s.mac, {string.Join(", ", names.Select(n => "s." + n))}
              FROM unnest({parameters}) AS s(id, mac, {columns}) JOIN won ON won.aggregate_id = s.id
              ORDER BY s.id
              ON CONFLICT (id) DO UPDATE SET version = excluded.version, head_hash = excluded.head_hash, mac = excluded.mac,
                {string.Join(", ", names.Select(n => $"{n} = excluded.{n}"))}
              WHERE present.version < excluded.version)
            """;
    }
}

/// <summary>An append as it goes to the database, and the call it belongs to.</summary>
/// <param name="leaf">The message's leaf in the tree that its group is signed by; null where it has no message.</param>
sealed class PreparedAppend(Append append, OutboxMessage? message, byte[]? leaf)
{
    public Append Append { get; } = append;

    public OutboxMessage? Message { get; } = message;

    public byte[]? Leaf { get; } = leaf;

    /// <summary>The call it belongs to; a writer has no call of its own.</summary>
    public ActivityContext Call { get; } = Activity.Current?.Context ?? default;

    /// <summary>Kept beside the entry, so that its trace can be found; null where none is sent.</summary>
    public string? TraceParent { get; } = BackgroundWork.IsTraced && Activity.Current is { Recorded: true, Id: { } id } ? id : null;

    /// <summary>About what it takes on its way to the database, columns of fixed length left out.</summary>
    public long Bytes { get; } = append.Entry.Length + (message?.Body.Length ?? 0)
        + (append.State?.Values.Sum(value => value is byte[] bytes ? bytes.Length : 0L) ?? 0L);

    /// <inheritdoc cref="EntryBytes.HashOf"/>
    public byte[] Hash { get; } = EntryBytes.HashOf(append.Entry);
}
