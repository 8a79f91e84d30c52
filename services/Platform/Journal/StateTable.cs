using Npgsql;
using NpgsqlTypes;

namespace Exchange.Platform;

/// <summary>
/// The table that holds the present state of a service's aggregates: <c>id, version, head_hash, mac</c> and these columns. The ledger
/// writes it and <see cref="StateRows"/> reads it, and nothing else does.
/// </summary>
/// <param name="Name">The table.</param>
/// <param name="Columns">The service's columns and their types, in the order of <see cref="StateRow.Values"/>.</param>
public sealed record StateTable(string Name, IReadOnlyList<(string Name, NpgsqlDbType Type)> Columns);

/// <summary>A row of a state table.</summary>
/// <param name="Table">One of those the service's ledger was made with.</param>
/// <param name="Values">A value for each of its columns, in their order.</param>
public sealed record StateRow(StateTable Table, object?[] Values);

/// <summary>A row of a state table as it was read, and found to be what the service wrote.</summary>
/// <param name="HeadHash">Hash of the aggregate's newest journal entry.</param>
public sealed record StateRecord(StateTable Table, Guid Id, int Version, byte[] HeadHash, object?[] Values)
{
    /// <summary>The value of a column; null where it has none.</summary>
    public T? Of<T>(string column)
    {
        for (var i = 0; i < Table.Columns.Count; i++)
            if (Table.Columns[i].Name == column)
                return (T?)Values[i];
        throw new ArgumentException($"{Table.Name} has no column {column}.", nameof(column));
    }

    /// <summary>Reads <c>id, version, head_hash</c> and the table's columns, in this order.</summary>
    internal static StateRecord Read(StateTable table, NpgsqlDataReader row)
    {
        var values = new object?[table.Columns.Count];
        for (var i = 0; i < values.Length; i++)
        {
            var at = i + 3;
            values[i] = row.IsDBNull(at) ? null : table.Columns[i].Type switch
            {
                NpgsqlDbType.Date => row.GetFieldValue<DateOnly>(at),
                NpgsqlDbType.TimestampTz => row.GetFieldValue<DateTimeOffset>(at),
                _ => row.GetValue(at),
            };
        }
        return new(table, row.GetGuid(0), row.GetInt32(1), row.GetFieldValue<byte[]>(2), values);
    }
}
