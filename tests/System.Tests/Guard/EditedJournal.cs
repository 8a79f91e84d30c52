using Exchange.Platform;
using Exchange.Requests.V1;
using Exchange.System.Tests.Faults;
using Exchange.Testing;
using Google.Protobuf;
using Grpc.Core;
using Npgsql;
using Status = Exchange.Requests.V1.Status;

namespace Exchange.System.Tests;

/// <summary>
/// Somebody who may write to the database changes what was recorded, and makes every hash that he can fit again: he has no key. Whoever
/// reads it afterwards stops at that entry and names it.
/// </summary>
public sealed class EditedJournal : IAsyncLifetime
{
    RunningExchange exchange = null!;

    public async ValueTask InitializeAsync() => exchange = await RunningExchange.Start("BY", ["PL"]);

    public async ValueTask DisposeAsync() => await exchange.DisposeAsync();

    [Fact]
    public async Task A_signed_refusal_that_was_turned_into_an_execution_is_noticed_by_every_reader()
    {
        var request = await Refused();
        (await Verify()).Output.ShouldContain("is what was recorded");

        var number = await Edit(request, StepCode.Refuse, entry =>
        {
            (entry.Steps[0].PartnerActed.Status, entry.Steps[0].PartnerActed.Outcome) = (Status.Executed, Outcome.Executed);
            (entry.Facts.Status, entry.Facts.Answers[0].Outcome) = (Status.Executed, Outcome.Executed);
            entry.Steps[0].PartnerActed.Ground = entry.Facts.Answers[0].Ground = "";
        });

        var verified = await Verify();
        verified.ExitCode.ShouldBe(1);
        verified.Errors.ShouldContain($"Entry {number} of the journal of requests");
        var rebuild = await exchange.Try("rebuild", "tracking", "--check", "--as", "operator");
        rebuild.Errors.ShouldContain($"Entry {number} of the journal of requests");
        rebuild.Errors.ShouldContain("reason: JOURNAL_DAMAGED");
        using var prosecutor = exchange.Officer("prosecutor");
        var history = await RefusedCall.Of(() => prosecutor.Requests.GetHistoryAsync(new() { Name = request }).ResponseAsync);
        (history.Code, history.Reason).ShouldBe((StatusCode.DataLoss, "JOURNAL_DAMAGED"));
    }

    [Fact]
    public async Task An_entry_that_nobody_signed_is_still_one_of_the_signed_tree()
    {
        var request = await Refused();

        var number = await Edit(request, StepCode.Submit, entry => entry.RecordedAt.Seconds -= 86_400);

        (await Verify()).Errors.ShouldContain($"does not follow entry {number} of {request}: one of the two is not what was recorded.");
        // Whoever knows no chains is told of the neighbours too, whose proofs rest on the changed leaf.
        (await exchange.Try("rebuild", "tracking", "--check", "--as", "operator")).Errors.ShouldContain("is not what was sealed");
    }

    [Fact]
    public async Task A_head_that_was_kept_is_covered_and_one_of_another_journal_is_not()
    {
        await Refused();
        var kept = Path.Combine(exchange.Home, "requests.checkpoint");
        await File.WriteAllTextAsync(kept, (await Head()).Note);
        await Refused();

        (await Verify("--covers", kept)).Output.ShouldContain("that was kept.");

        var forged = (await Head()).Note.Split('\n');
        forged[2] = Convert.ToBase64String(new byte[32]);
        await File.WriteAllTextAsync(kept, string.Join('\n', forged));
        (await Verify("--covers", kept)).Errors.ShouldContain("no longer holds");
    }

    /// <summary>A letter that the partner refused.</summary>
    async Task<string> Refused()
    {
        using var investigator = exchange.Officer("investigator");
        using var prosecutor = exchange.Officer("prosecutor");
        using var liaison = exchange.Officer("liaison-pl");
        var draft = await investigator.Draft(Letters.Complete("UNTOC-2000"));
        await investigator.Take(draft.Name, act => act.Submit = new());
        await prosecutor.Approve(draft.Name);
        await prosecutor.Transmit(draft.Name);
        await liaison.Take(draft.Name, act => act.Answer = new()
        {
            Outcome = Outcome.Refused, Ground = "ne_bis_in_idem", Text = "Tried before.",
        });
        await exchange.Settled();
        return draft.Name;
    }

    /// <summary>Changes an entry as the owner of the database could: bytes, hash and leaf fit each other afterwards.</summary>
    async Task<long> Edit(string request, StepCode step, Action<JournalEntry> change)
    {
        await using var source = NpgsqlDataSource.Create(exchange.Databases["requests"]);
        var id = Guid.Parse(request.Split('/')[1]);
        foreach (var (version, bytes) in await Rows.Read(exchange.Databases["requests"],
            $"SELECT version, entry FROM journal WHERE aggregate_id = '{id}'", row => (row.GetInt32(0), row.GetFieldValue<byte[]>(1))))
        {
            var entry = EntryBytes.Parse(bytes, JournalEntry.Parser);
            if (entry.Step != step)
                continue;
            change(entry);
            byte[] edited = [.. bytes[..(1 + EntryBytes.RandomLength)], .. entry.ToByteArray()];
            await using var command = source.CreateCommand(
                """
                WITH entry AS (UPDATE journal SET entry = $3, hash = $4 WHERE aggregate_id = $1 AND version = $2)
                UPDATE seal SET leaf = $4 WHERE aggregate_id = $1 AND version = $2 RETURNING sealed_no
                """);
            foreach (var value in new object[] { id, version, edited, EntryBytes.HashOf(edited) })
                command.Parameters.Add(new() { Value = value });
            return (long)(await command.ExecuteScalarAsync())!;
        }
        throw new InvalidOperationException($"{request} has no entry of {step}.");
    }

    Task<(int ExitCode, string Output, string Errors)> Verify(params string[] more) =>
        exchange.Try(["journal", "verify", "--as", "operator", .. more]);

    async Task<Checkpoint> Head() => await new RequestRegistry.RequestRegistryClient(
        exchange.Connect(exchange.Requests, "operator")).GetCheckpointAsync(new());
}
