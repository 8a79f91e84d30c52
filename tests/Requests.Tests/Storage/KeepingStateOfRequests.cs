using Exchange.Platform;
using Exchange.Requests.V1;
using Exchange.Testing;
using Google.Protobuf.WellKnownTypes;

namespace Exchange.Requests.Tests;

/// <summary>
/// The rows of requests and cases are what their journal says, at every step of a life; and whichever column of whichever state table
/// somebody changes, the service goes on with what was written.
/// </summary>
public sealed class KeepingStateOfRequests : IAsyncLifetime
{
    LifecycleFixture fixture = null!;

    public async ValueTask InitializeAsync() => fixture = await LifecycleFixture.Open();

    public async ValueTask DisposeAsync() => await fixture.DisposeAsync();

    [Fact]
    public async Task Rows_made_anew_from_the_journal_are_those_that_were_written()
    {
        var (request, _) = await Lived();
        await KeepCase();
        await ReadIdentities(request);

        var rebuild = new StateRebuild();
        foreach (var table in RequestStore.Tables)
            foreach (var row in await fixture.States.Query(table, "", [], row => row, default))
            {
                var entries = await fixture.Journal.OfAggregate(row.Id, default);
                rebuild.Keeps(entries[0].Entry).ShouldBeTrue();
                Canonical(table, rebuild.Rebuild(entries).Values).ShouldBe(Canonical(table, row.Values));
            }
        (await fixture.Journal.OfAggregate(request, default)).Count.ShouldBeGreaterThan(6);
    }

    [Fact]
    public async Task Whatever_column_is_changed_the_answer_stays_as_it_was_signed()
    {
        var (request, _) = await Lived();
        await KeepCase();
        await ReadIdentities(request);
        foreach (var table in RequestStore.Tables)
        {
            var before = await Everything(table);
            before.ShouldNotBeEmpty();
            var columns = await fixture.Administrator.Query(
                "SELECT attname::text, format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 "
                + "AND NOT attisdropped AND attname <> 'id'", [table.Name], row => (row.GetString(0), row.GetString(1)), default);
            columns.Count.ShouldBe(table.Columns.Count + 3);
            foreach (var (column, type) in columns)
            {
                (await fixture.Administrator.Execute($"UPDATE {table.Name} SET {column} = {Another(column, type)}", [], default))
                    .ShouldBe(before.Count, column);

                (await Everything(table)).ShouldBe(before, column);
                // And again, from the rows that were made anew.
                (await Everything(table)).ShouldBe(before, column);
            }
            (await fixture.Administrator.Query(
                "SELECT count(*) FROM findings WHERE subject LIKE $1 || '/%' AND times = $2 AND ended_at IS NOT NULL",
                [table.Name, columns.Count], row => row.GetInt64(0), default)).ShouldBe([before.Count]);
        }
    }

    async Task<(Guid Request, RequestState State)> Lived()
    {
        var draft = await fixture.Draft();
        var named = await fixture.Take(draft.Id, LifecycleFixture.Investigator, act => act.NameSubjects = new()
        {
            Add =
            {
                new NewSubject { Kind = SubjectKind.Person, Role = SubjectRole.Victim, Identity = new() { Names = { "Ala Testowa" } } },
                new NewSubject { Kind = SubjectKind.Person, Role = SubjectRole.Witness, Identity = new() { Names = { "Jan Testowy" } } },
            },
        });
        await fixture.Take(draft.Id, LifecycleFixture.Investigator, act => act.NameSubjects = new()
        {
            // Both, for the letter says that it names nobody.
            Withdraw = { named.Subjects.Subjects.Select(one => $"{RequestId.NameOf(draft.Id)}/subjects/{one.SubjectId}") },
        });
        var submitted = await fixture.Take(draft.Id, LifecycleFixture.Investigator, act => act.Submit = new());
        var hash = LifecycleFixture.Hash(submitted);
        await fixture.Take(draft.Id, LifecycleFixture.Prosecutor, act => act.Approve = new() { LetterHash = hash });
        await fixture.Take(draft.Id, LifecycleFixture.Prosecutor,
            act => act.Transmit = new() { LetterHash = hash, Channel = Channel.OnExchange });
        await fixture.Take(draft.Id, LifecycleFixture.Liaison, act => act.Acknowledge = new());
        return (draft.Id, await fixture.Take(draft.Id, LifecycleFixture.Liaison,
            act => act.Answer = new() { Outcome = Outcome.Refused, Ground = "ne_bis_in_idem", Text = "judged here" }));
    }

    async Task KeepCase()
    {
        var id = Guid.CreateVersion7();
        var kept = await fixture.RestrictedCase(id, "BY-1");
        var entry = new JournalEntry
        {
            Aggregate = $"cases/{id}", Version = 1, CommandId = Officer.NewId(),
            Actor = RequestState.ActorOf(LifecycleFixture.Prosecutor.Caller), Steps = { new Step { CaseKept = kept } },
        };
        (await fixture.Ledger.Append(new(id, 1, Guid.Parse(entry.CommandId), [], EntryBytes.Of(entry),
            fixture.Clock.GetUtcNow(), CaseStore.Row(kept, entry.Actor.Identity), null), default)).ShouldBe(AppendOutcome.Appended);
    }

    async Task ReadIdentities(Guid request)
    {
        var id = Guid.CreateVersion7();
        var entry = new JournalEntry
        {
            Aggregate = $"reads/{id}", Version = 1, CommandId = $"{id}", RecordedAt = fixture.Clock.GetUtcNow().ToTimestamp(),
            Actor = RequestState.ActorOf(LifecycleFixture.Prosecutor.Caller),
            Steps = { new Step { IdentitiesRead = new() { Requests = { RequestId.NameOf(request) } } } },
        };
        (await fixture.Ledger.Append(new(id, 1, id, [], EntryBytes.Of(entry), fixture.Clock.GetUtcNow(), ReadingStore.Row(entry), null),
            default)).ShouldBe(AppendOutcome.Appended);
    }

    async Task<List<string>> Everything(StateTable table) => await fixture.States.Query(table, "ORDER BY id", [],
        row => $"{row.Id} {row.Version} {Convert.ToHexString(row.HeadHash)} {Canonical(table, row.Values)}", default);

    static string Canonical(StateTable table, object?[] values) => string.Join(' ', table.Columns.Zip(values, (column, value) =>
        $"{column.Name}={(value is byte[] bytes ? Convert.ToHexString(bytes) : value ?? "null")}"));

    static string Another(string column, string type) => type switch
    {
        "text" => $"coalesce({column}, '') || 'x'",
        "bytea" => $"coalesce({column}, '') || '\\x00'::bytea",
        "smallint" or "integer" => $"{column} + 1",
        "date" => $"coalesce({column}, 'epoch') + 1",
        "boolean" => $"NOT {column}",
        "uuid" => "gen_random_uuid()",
        "timestamp with time zone" => $"coalesce({column}, 'epoch') + interval '1 second'",
        _ => throw new NotSupportedException(type),
    };
}
