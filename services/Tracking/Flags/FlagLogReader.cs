using System.Data;
using Exchange.Platform;
using Exchange.Reference;
using Exchange.Requests.V1;
using Exchange.Tracking.V1;
using Google.Protobuf.WellKnownTypes;
using Npgsql;
using NpgsqlTypes;

namespace Exchange.Tracking;

/// <summary>
/// The position of the last flag of a page: the number of its change; or, with number 0, the flag of a register, of which the log has
/// no change. It is written into page tokens, by the names of its properties.
/// </summary>
/// <param name="StandsOn">The last number given when the first page was read; a watch from there tells what has changed since.</param>
/// <param name="ChangeNo">The number of the last change of the flag; 0 for a flag of a register.</param>
sealed record FlagPosition(long StandsOn, long ChangeNo, DateTimeOffset RaisedAt = default, Guid Request = default, int Kind = 0);

/// <summary>Which flags are asked for.</summary>
/// <param name="Viewer">The requesting state, ISO 3166-1 alpha-2.</param>
/// <param name="Standing">Only flags that are not cleared.</param>
/// <param name="Partners">Only requests to these states; to any state where empty.</param>
/// <param name="Kind">Only limits of this kind; of any kind where unspecified.</param>
/// <param name="Closed">Requests that are closed to the caller, and left out.</param>
sealed record FlagQuery(string Viewer, bool Standing, string[] Partners, LimitKind Kind, Guid[] Closed);

/// <summary>Reads the log of flags, and the flags of registers, which are not in it.</summary>
sealed class FlagLogReader(Database database, ReferenceData reference, TimeProvider time)
{
    const string Head = "SELECT last_no FROM flag_change_counter";

    // Each flag with its last change, the newest change first.
    const string Logged =
        """
        SELECT c.body, f.body FROM flag_changes c LEFT JOIN facts f USING (request_id)
        WHERE c.is_last AND c.requesting_state = $1 AND NOT ($2 AND c.event = 2)
          AND (cardinality($3) = 0 OR c.requested_state = ANY($3))
          AND ($4 = 0 OR c.limit_kind = $4) AND NOT (c.request_id = ANY($5)) AND c.change_no < $6
        ORDER BY c.change_no DESC LIMIT $7
        """;

    // The flags of registers, the one raised last first.
    const string Observed =
        """
        SELECT g.raised_at, g.limit_kind, g.due_on, g.cleared_on, f.body FROM flags g JOIN facts f USING (request_id)
        WHERE g.origin = 2 AND f.requesting_state = $1 AND NOT ($2 AND g.cleared_on IS NOT NULL)
          AND (cardinality($3) = 0 OR f.requested_state = ANY($3)) AND ($4 = 0 OR g.limit_kind = $4) AND NOT (g.request_id = ANY($5))
          AND ($6::timestamptz IS NULL OR (g.raised_at, g.request_id, g.limit_kind) < ($6, $7::uuid, $8::int))
        ORDER BY g.raised_at DESC, g.request_id DESC, g.limit_kind DESC LIMIT $9
        """;

    /// <summary>A page of the list: flags with a change in the log, then those of registers.</summary>
    /// <param name="size">Flags on the page, at most.</param>
    /// <param name="after">The position of the last flag of the page before; null for the first page.</param>
    /// <returns>
    /// Each flag with its last change and as its request stands now; the number the list stands on; and the position after which the next
    /// page begins, null on the last page.
    /// </returns>
    public async Task<(List<FlagChange> Flags, long ChangeNo, FlagPosition? Next)> List(
        FlagQuery asked, int size, FlagPosition? after, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        var tx = new Transaction(connection, ct);
        var standsOn = after?.StandsOn ?? (await tx.Query(Head, [], row => row.GetInt64(0))).Single();
        object?[] which = [asked.Viewer, asked.Standing, asked.Partners, (int)asked.Kind, asked.Closed];
        var now = time.GetUtcNow();

        List<FlagChange> flags = [];
        if (after is null or { ChangeNo: > 0 })
            flags = await tx.Query(Logged, [.. which, after?.ChangeNo ?? long.MaxValue, size + 1], row => ReadLogged(row, now));
        if (flags.Count <= size)
        {
            var observedAfter = after is { ChangeNo: 0 } ? after : null;
            flags.AddRange(await tx.Query(Observed,
                [
                    .. which,
                    new NpgsqlParameter
                    {
                        NpgsqlDbType = NpgsqlDbType.TimestampTz,
                        Value = (object?)observedAfter?.RaisedAt.ToUniversalTime() ?? DBNull.Value,
                    },
                    observedAfter?.Request ?? Guid.Empty, observedAfter?.Kind ?? 0, size + 1 - flags.Count,
                ], row => ReadObserved(row, now)));
        }
        if (flags.Count <= size)
            return (flags, standsOn, null);
        flags.RemoveAt(size);
        var last = flags[^1];
        return (flags, standsOn, last.ChangeNo > 0 ? new(standsOn, last.ChangeNo)
            : new(standsOn, 0, last.RaisedAt.ToDateTimeOffset(), RequestId.Parse(last.Request), (int)last.LimitKind));
    }

    /// <summary>
    /// The changes after a number that this state may see, in order, and the number up to which these are all. That number is read
    /// first: a number becomes visible only together with all below it, so no change up to it can appear later.
    /// </summary>
    /// <param name="closed">Reads which requests are closed to the caller; asked only where there is a change.</param>
    public async Task<(List<FlagChange> Changes, long UpTo)> After(
        long changeNo, string viewer, Func<Task<Guid[]>> closed, int atMost, CancellationToken ct)
    {
        var head = await Last(ct);
        if (head == changeNo)
            return ([], head);
        var changes = await database.Query(
            """
            SELECT body FROM flag_changes WHERE requesting_state = $1 AND change_no > $2 AND change_no <= $3 AND NOT (request_id = ANY($4))
            ORDER BY change_no LIMIT $5
            """,
            [viewer, changeNo, head, await closed(), atMost], row => FlagChange.Parser.ParseFrom(row.GetFieldValue<byte[]>(0)), ct);
        return (changes, changes.Count == atMost ? changes[^1].ChangeNo : head);
    }

    /// <summary>The last number given.</summary>
    public async Task<long> Last(CancellationToken ct) => (await database.Query(Head, [], row => row.GetInt64(0), ct)).Single();

    FlagChange ReadLogged(NpgsqlDataReader row, DateTimeOffset now)
    {
        var change = FlagChange.Parser.ParseFrom(row.GetFieldValue<byte[]>(0));
        if (!row.IsDBNull(1))
            change.SetStanding(RequestFacts.Parser.ParseFrom(row.GetFieldValue<byte[]>(1)), now, reference);
        return change;
    }

    FlagChange ReadObserved(NpgsqlDataReader row, DateTimeOffset now)
    {
        var facts = RequestFacts.Parser.ParseFrom(row.GetFieldValue<byte[]>(4));
        var change = new FlagChange
        {
            Request = facts.Request,
            Reference = facts.Reference,
            RequestingState = facts.RequestingState,
            RequestedState = facts.RequestedState,
            LimitKind = (LimitKind)row.GetInt32(1),
            DueOn = row.GetFieldValue<DateOnly>(2).ToIso(),
            Event = row.IsDBNull(3) ? FlagEvent.Raised : FlagEvent.Cleared,
            RaisedAt = row.GetFieldValue<DateTimeOffset>(0).ToTimestamp(),
            ClearedOn = row.IsDBNull(3) ? "" : row.GetFieldValue<DateOnly>(3).ToIso(),
            Origin = Origin.Imported,
            RecordedAt = facts.RecordedAt,
        };
        change.SetStanding(facts, now, reference);
        return change;
    }
}
