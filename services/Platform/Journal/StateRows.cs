using Npgsql;

namespace Exchange.Platform;

/// <summary>How a service makes the rows of its state tables from its journal.</summary>
public interface IStateRebuild
{
    /// <summary>Whether the aggregate of this entry has a row in a state table.</summary>
    /// <param name="entry">Canonical bytes of one of its entries.</param>
    bool Keeps(byte[] entry);

    /// <summary>The row as the entries leave it.</summary>
    /// <param name="entries">Every entry of one aggregate that <see cref="Keeps"/> names, the oldest first.</param>
    StateRow Rebuild(IReadOnlyList<SealedRow> entries);
}

/// <summary>
/// The one way in which state tables are read. A row is given out only where its code is right and it stands at the newest entry of its
/// aggregate. One that somebody changed, or put back to what it was before, is made anew from the journal; where the journal does not
/// hold together either, it is refused. Both are noted as findings, see <see cref="RecordFindings"/>.
/// </summary>
/// <param name="rebuild">Null for a service that keeps no state.</param>
public sealed class StateRows(Database database, Journal journal, StateMac mac, RecordFindings findings, IStateRebuild? rebuild = null)
{
    /// <summary>Reads rows of a table.</summary>
    /// <param name="rest">What follows <c>FROM table</c>: joins, conditions, order. Constant text.</param>
    /// <param name="withoutDamaged">
    /// Leaves out rows that were changed outside the service and cannot be made anew: for whoever goes through many, and must not stop at
    /// one. They are findings like all others.
    /// </param>
    /// <exception cref="Refusal">Damaged: a row was changed outside the service and cannot be made anew.</exception>
    public async Task<List<T>> Query<T>(
        StateTable table, string rest, object?[] args, Func<StateRecord, T> read, CancellationToken ct, bool withoutDamaged = false)
    {
        var rows = await Read(null, table, rest, args, ct);
        if (rows.Exists(row => !row.IsSound))
        {
            foreach (var row in rows.Where(row => !row.IsSound))
                await Mend(table, row.Record.Id, withoutDamaged, ct);
            // What a row says decides whether it is asked for, so all is read again.
            rows = await Read(null, table, rest, args, ct);
            if (!withoutDamaged && rows.Find(row => !row.IsSound) is { } still)
                throw Damaged(table, still.Record.Id);
        }
        return [.. rows.Where(row => row.IsSound).Select(row => read(row.Record))];
    }

    async Task Mend(StateTable table, Guid id, bool orLeave, CancellationToken ct)
    {
        try
        {
            await Mend(table, id, ct);
        }
        catch (Refusal e) when (orLeave && e.Kind is RefusalKind.Damaged)
        {
            // Noted.
        }
    }

    /// <summary>A page of a table, for the audit.</summary>
    /// <param name="after">The id before the first.</param>
    /// <returns>The ids of the rows that are not sound, and after which the next page begins; none after the last page.</returns>
    internal async Task<(List<Guid> Unsound, Guid Last)> Unsound(StateTable table, Guid after, int count, CancellationToken ct)
    {
        var rows = await Read(null, table, "WHERE id > $1 ORDER BY id LIMIT $2", [after, count], ct);
        return ([.. rows.Where(row => !row.IsSound).Select(row => row.Record.Id)], rows.Count == count ? rows[^1].Record.Id : default);
    }

    /// <summary>Makes the row of an aggregate anew from its journal, unless it is sound by now.</summary>
    /// <exception cref="Refusal">Damaged: the journal does not hold together, or gives no row.</exception>
    internal async Task Mend(StateTable table, Guid id, CancellationToken ct)
    {
        try
        {
            await Note(await MendTogether(table, [id], ct));
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            // Another row that was changed holds what this one had.
            await Note(await MendTogether(table, await Unsound(table, ct), ct));
        }
        catch (Refusal e) when (e.Kind is RefusalKind.Damaged)
        {
            await findings.Note(RecordFindings.Row, $"{table.Name}/{id}", mended: false, ct);
            throw;
        }

        async Task Note(List<Guid> mended)
        {
            foreach (var one in mended)
                await findings.Note(RecordFindings.Row, $"{table.Name}/{one}", mended: true, ct);
        }
    }

    // Under the rows' locks: the ledger writes an entry and the row in one statement, which waits for us, and then its row is newer.
    Task<List<Guid>> MendTogether(StateTable table, IReadOnlyCollection<Guid> ids, CancellationToken ct) =>
        database.InTransaction(async tx =>
    {
        await tx.Query($"SELECT 1 FROM {table.Name} WHERE id = ANY($1) ORDER BY id FOR UPDATE", [ids.ToArray()], _ => 0);
        // After the lock, in a statement of its own: a row that was waited for is newer than what was seen before.
        var sound = (await Read(tx, table, "WHERE id = ANY($1)", [ids.ToArray()], ct))
            .Where(row => row.IsSound).Select(row => row.Record.Id);
        List<(SealedRow Newest, StateRow Row)> anew = [];
        foreach (var id in ids.Except(sound))
        {
            var entries = await journal.OfAggregate(id, ct);
            if (entries.Count == 0 || !await Holds(entries, ct) || Rebuild(entries) is not { } row || row.Table != table)
                throw Damaged(table, id);
            anew.Add((entries[^1], row));
        }
        await tx.Execute($"DELETE FROM {table.Name} WHERE id = ANY($1)", [anew.Select(one => one.Newest.AggregateId).ToArray()]);
        foreach (var (newest, row) in anew)
            await Insert(tx, newest, row);
        return anew.ConvertAll(one => one.Newest.AggregateId);
    }, ct);

    Task Insert(Transaction tx, SealedRow newest, StateRow row)
    {
        var columns = row.Table.Columns;
        return tx.Execute(
            $"""
            INSERT INTO {row.Table.Name} (id, version, head_hash, mac, {string.Join(", ", columns.Select(column => column.Name))})
            VALUES ($1, $2, $3, $4, {string.Join(", ", columns.Select((_, i) => $"${i + 5}"))})
            """,
            [
                newest.AggregateId, newest.Version, newest.EntryHash,
                mac.Of(row.Table, newest.AggregateId, newest.Version, newest.EntryHash, row.Values),
                .. columns.Zip(row.Values, (column, value) =>
                    new NpgsqlParameter { NpgsqlDbType = column.Type, Value = value ?? DBNull.Value }),
            ]);
    }

    async Task<List<Guid>> Unsound(StateTable table, CancellationToken ct)
    {
        List<Guid> all = [];
        var after = Guid.Empty;
        do
        {
            (var some, after) = await Unsound(table, after, 1_000, ct);
            all.AddRange(some);
        }
        while (after != Guid.Empty);
        return all;
    }

    /// <summary>Makes the row of an aggregate that has none, where it keeps one.</summary>
    internal async Task MendMissing(Guid id, CancellationToken ct)
    {
        if (Rebuild(await journal.OfAggregate(id, ct)) is { } row)
            await Mend(row.Table, id, ct);
    }

    /// <summary>The row that the entries give; null where they are no entries of ours.</summary>
    /// <exception cref="Refusal">Damaged: they are ours, and one is not what was recorded; the text names it.</exception>
    StateRow? Rebuild(List<SealedRow> entries)
    {
        try
        {
            return rebuild is not null && rebuild.Keeps(entries[0].Entry) ? rebuild.Rebuild(entries) : null;
        }
        catch (Exception e) when (e is not OperationCanceledException and not Refusal { Kind: RefusalKind.Damaged })
        {
            return null;
        }
    }

    /// <summary>
    /// Whether an aggregate's entries hash to what is stored, have no gap, and are all sealed or wait for it: one that somebody slipped in
    /// must not get into a row.
    /// </summary>
    async Task<bool> Holds(List<SealedRow> entries, CancellationToken ct) =>
        entries.Select((entry, i) => entry.Version == i + 1 && entry.EntryHash.AsSpan().SequenceEqual(EntryBytes.HashOf(entry.Entry)))
            .All(holds => holds)
        && await journal.Unordered(
            [.. entries.Where(entry => entry.SealedNo == 0).Select(entry => (entry.AggregateId, entry.Version))], ct) is [];

    async Task<List<ReadRow>> Read(Transaction? tx, StateTable table, string rest, object?[] args, CancellationToken ct)
    {
        var columns = string.Concat(table.Columns.Select(column => $", {table.Name}.{column.Name}"));
        var sql = $"""
            SELECT {table.Name}.id, {table.Name}.version, {table.Name}.head_hash{columns}, {table.Name}.mac,
              (SELECT j.hash FROM journal j WHERE j.aggregate_id = {table.Name}.id ORDER BY j.version DESC LIMIT 1)
            FROM {table.Name} {rest}
            """;
        // A parameter belongs to one command, and what is read may be read again.
        object?[] own = [.. args.Select(arg => arg is NpgsqlParameter parameter ? parameter.Clone() : arg)];
        return tx is null ? await database.Query(sql, own, ToRow, ct) : await tx.Query(sql, own, ToRow);

        ReadRow ToRow(NpgsqlDataReader row)
        {
            var record = StateRecord.Read(table, row);
            var (macAt, newestAt) = (table.Columns.Count + 3, table.Columns.Count + 4);
            return new(record, mac.Matches(record, row.GetFieldValue<byte[]>(macAt))
                && !row.IsDBNull(newestAt) && row.GetFieldValue<byte[]>(newestAt).AsSpan().SequenceEqual(record.HeadHash));
        }
    }

    static Refusal Damaged(StateTable table, Guid id) => new(RefusalKind.Damaged, "STATE_DAMAGED",
        $"{table.Name}/{id} is not as this service wrote it, and its journal does not say how it was. An operator has to see to it: "
        + "exchange status.");

    sealed record ReadRow(StateRecord Record, bool IsSound);
}
