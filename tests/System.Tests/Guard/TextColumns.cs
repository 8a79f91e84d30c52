using Exchange.Testing;
using Npgsql;

namespace Exchange.System.Tests;

/// <summary>
/// A column that holds text holds codes, keyed indices, names in the exchange's own alphabet or what the software says itself. One that
/// is new must be looked at: words of people are ciphertext, and that is <c>bytea</c>.
/// </summary>
public sealed class TextColumns
{
    const string OfEveryService = "checkpoints.note findings.kind findings.subject journal.trace_parent migrations.name "
        + "outbox.trace_parent outbox.type parked.cause parked.queue parked.type positions.source provenance.identity retreats.source ";

    [Theory]
    [InlineData("requests", OfEveryService + "cases.admitted cases.number_index cases.opened_by cases.state inbox.actor "
        + "inbox.addressee inbox_marks.officer readings.state reference_blocks.state requests.assigned_by_requested "
        + "requests.assigned_by_requesting requests.case_index requests.reference requests.requested_state requests.requesting_state "
        + "requests.told_case_index")]
    [InlineData("tracking", OfEveryService + "facts.requested_state facts.requesting_state facts_versions.requested_state "
        + "facts_versions.requesting_state flag_changes.requested_state flag_changes.requesting_state keyring.name "
        + "lost_facts.requested_state lost_facts.requesting_state rungs.partner rungs.requesting_state rungs.requests")]
    [InlineData("correlation", OfEveryService + "identifiers.requesting_state keyring.name")]
    [InlineData("keys", "keyring.name migrations.name")]
    public async Task Hold_no_words_of_anybody(string name, string columns)
    {
        await using var database = await TestDatabase.CreateFor(name);
        await using var source = NpgsqlDataSource.Create(database.ConnectionString + ";Pooling=false");
        await using var reader = await source.CreateCommand(
            """
            SELECT relname || '.' || attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
            WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped
              AND (SELECT typcategory FROM pg_type WHERE oid = coalesce(nullif((SELECT typelem FROM pg_type WHERE oid = atttypid
                AND typcategory = 'A'), 0), atttypid)) NOT IN ('B', 'D', 'N', 'T')
              AND atttypid NOT IN ('bytea'::regtype, 'uuid'::regtype)
            """).ExecuteReaderAsync();
        List<string> found = [];
        while (await reader.ReadAsync())
            found.Add(reader.GetString(0));

        found.Order(StringComparer.Ordinal).ShouldBe(columns.Split(' ').Order(StringComparer.Ordinal));
    }
}
