using System.Collections.Concurrent;
using System.Text;
using Exchange.Client;
using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Reference;
using Exchange.Requests.V1;
using Exchange.Testing;
using Exchange.Tracking.V1;
using Google.Protobuf;
using Grpc.Core;
using MassTransit;
using Status = Exchange.Requests.V1.Status;

namespace Exchange.Tracking.Tests;

/// <summary>Each test reminds a partner of its own.</summary>
public sealed class TakingRungs(RunningTracking tracking) : IClassFixture<RunningTracking>
{
    [Fact]
    public async Task Records_the_letter_tells_requests_and_lets_the_partner_read_it()
    {
        var confirmed = new ConcurrentQueue<RungConfirmed>();
        var bus = Bus.Factory.CreateUsingRabbitMq(rabbit =>
        {
            rabbit.Host(tracking.Broker.Uri);
            rabbit.MessageTopology.SetEntityNameFormatter(new PrefixEntityNameFormatter(rabbit.MessageTopology.EntityNameFormatter,
                tracking.Broker.Prefix));
            rabbit.ConfigureJsonSerializerOptions(ContractJson.AddTo);
            rabbit.ReceiveEndpoint(endpoint => endpoint.Handler<RungConfirmed>(context =>
            {
                confirmed.Enqueue(context.Message);
                return Task.CompletedTask;
            }));
        });
        await bus.StartAsync();
        var (older, newer) = (tracking.Sent("BY-2026-000102", "PL", dueDaysAgo: 9), tracking.Sent("BY-2026-000101", "PL"));
        older.ToldVersion = newer.ToldVersion = 1;
        await tracking.Apply(newer, older);

        var due = (await tracking.As("investigator").ListDueRungsAsync(new() { Partners = { "PL" } })).Rungs.ShouldHaveSingleItem();
        (due.Partner, due.Rung).ShouldBe(("PL", Rung.Reminder));
        due.Requests.Select(r => (r.Request, r.DueOn, r.TakenBefore)).ShouldBe(
        [
            (older.Request, tracking.Today.AddDays(-9).ToIso(), Rung.Unspecified),
            (newer.Request, tracking.Today.AddDays(-1).ToIso(), Rung.Unspecified),
        ]);
        var taken = await Take(due, requests: [older.Request, "requests/BY-2026-000101"]);

        taken.ShouldSatisfyAllConditions(
            t => t.Name.ShouldStartWith("rungs/"), t => t.Letter.ShouldBe(due.Letter), t => t.TakenOn.ShouldBe(tracking.Today.ToIso()),
            t => t.Requests.ShouldBe(due.Requests), t => t.ConfirmedBy.ShouldStartWith("exchange://BY/"));
        (await Due("PL")).ShouldBeEmpty();
        (await tracking.As("liaison-pl").ListTakenRungsAsync(new())).Rungs.ShouldNotContain(one => one.Name == taken.Name);
        await tracking.Record(Rung.Reminder, older, newer);
        var told = new TakenRung(taken) { ConfirmedBy = "exchange://BY/general-prosecutor" };
        foreach (var (reader, seen) in new[] { ("prosecutor", taken), ("investigator", taken), ("liaison-pl", told) })
            (await tracking.As(reader).ListTakenRungsAsync(new() { Partners = { "PL" } })).Rungs.ShouldBe([seen], reader);
        // What other tests confirmed waited in the outbox for somebody to listen, and comes as well.
        await Eventually.Holds(() => confirmed.Where(c => c.Name == taken.Name).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            c => (c.Rung, c.TakenOn, c.ConfirmedBy.Identity).ShouldBe((Rung.Reminder, taken.TakenOn, taken.ConfirmedBy)),
            c => c.Requests.ShouldBe([older.Request, newer.Request])));
        await bus.StopAsync();
        await Journalled(taken);
    }

    [Fact]
    public async Task A_rung_that_somebody_changes_in_the_database_stays_as_the_journal_has_it()
    {
        await tracking.Apply(tracking.Sent("BY-2026-000151", "IT"), tracking.Sent("BY-2026-000152", "IT"));
        var taken = await Take((await Due("IT")).ShouldHaveSingleItem());
        // What stands in no entry.
        foreach (var request in taken.Requests)
            (request.TransmittedOn, request.DueOn) = ("", "");
        foreach (var change in new[]
        {
            "body = body || '\\x00'::bytea", "partner = 'LT'", "requesting_state = 'PL'", "rung = rung + 1", "taken_on = taken_on - 100",
            "recorded_at = recorded_at + interval '1 microsecond'", "requests = requests || ','", "version = 7", "head_hash = ''",
            "mac = ''",
        })
        {
            (await tracking.Database.Execute($"UPDATE rungs SET {change} WHERE id = $1", [RungEntry.IdOf(taken)], default)).ShouldBe(1);

            await Eventually.Holds(async () => (await tracking.As("prosecutor").ListTakenRungsAsync(new() { Partners = { "IT" } })).Rungs
                .ShouldBe([taken], change));
        }
        await Eventually.Holds(async () => (await tracking.Figuring("operator").GetStatusAsync(new())).Attention.ShouldHaveSingleItem()
            .ShouldContain("made anew from the journal"));
    }

    [Fact]
    public async Task Climbs_with_the_days_and_rests_while_the_partner_waits_for_us_or_has_postponed()
    {
        var (open, asked, postponed) = (tracking.Sent("BY-2026-000201", "DE"), tracking.Sent("BY-2026-000202", "DE"),
            tracking.Sent("BY-2026-000203", "DE"));
        await tracking.Apply(open, asked, postponed);
        await tracking.Apply(tracking.Next(asked, f =>
        {
            f.Status = Status.SupplementRequested;
            f.Supplements.Add(new Supplement { RequestedOn = tracking.Today.ToIso() });
        }));
        await tracking.Apply(tracking.Next(postponed, f =>
        {
            f.Status = Status.Postponed;
            f.Postponements.Add(new Postponement { PostponedOn = tracking.Today.ToIso(), ExpectedOn = tracking.Today.AddDays(29).ToIso() });
        }));
        var first = (await Due("DE")).ShouldHaveSingleItem();
        first.Requests.ShouldHaveSingleItem().Reference.ShouldBe("BY-2026-000201");
        await Take(first);

        tracking.Pass(days: 30);
        (await Due("DE")).Select(d => (d.Rung, string.Join(' ', d.Requests.Select(r => r.Reference)))).ShouldBe(
            [(Rung.Reminder, "BY-2026-000203"), (Rung.SecondReminder, "BY-2026-000201")]);

        var unanswered = await tracking.Figuring("prosecutor").ListUnansweredAsync(new() { Filter = new() { Partners = { "DE" } } });
        var flags = await tracking.As("prosecutor").ListFlagsAsync(new() { Partners = { "DE" }, Standing = true });
        flags.Flags.Select(f => (f.Request, f.WaitingOnUs, f.Silent, f.RaisedAt)).ShouldBe(
            unanswered.Requests.Select(r => (r.Request, r.WaitingOnUs, r.Silent, r.FlagRaisedAt)), ignoreOrder: true);
        unanswered.Requests.Select(r => (r.Reference, r.WaitingOnUs, r.Silent)).ShouldBe(
            [("BY-2026-000201", false, true), ("BY-2026-000202", true, false), ("BY-2026-000203", false, false)]);
    }

    [Fact]
    public async Task Names_every_fault_at_once_and_changes_nothing()
    {
        var (due, waits, elsewhere) = (tracking.Sent("BY-2026-00030", "LT"), tracking.Sent("BY-2026-000302", "LT"),
            tracking.Sent("BY-2026-000303", "LV"));
        waits.Supplements.Add(new Supplement { RequestedOn = tracking.Today.ToIso() });
        await tracking.Apply(due, waits, elsewhere);

        (await Faults(new() { Partner = "XX", Rung = (Rung)9, CommandId = "1", Letter = new('x', 20_001) })).ShouldBe(
            ["command_id", "partner", "rung", "requests", "letter"], ignoreOrder: true);
        (await Faults(new() { Partner = "LT", CommandId = Command(), Requests = { due.Request } }))
            .ShouldBe(["rung", "letter", "requests[0]"], ignoreOrder: true);
        (await Faults(new()
        {
            Partner = "LT",
            Rung = Rung.Reminder,
            CommandId = Command(),
            // A longer reference is not this one.
            Letter = "BY-2026-00030X, BY-2026-000303",
            Requests = { due.Request, "requests/BY-2026-00030", waits.Request, elsewhere.Request, "requests/none" },
        })).ShouldBe(["requests[1]", "requests[2]", "requests[3]", "requests[4]", "letter", "letter"], ignoreOrder: true);
        (await Faults(new()
        {
            Partner = "LT", Rung = Rung.SecondReminder, CommandId = Command(), Letter = "BY-2026-00030", Requests = { due.Request },
        })).ShouldBe(["requests[0]"]);
        (await tracking.As("prosecutor").ListTakenRungsAsync(new() { Partners = { "LT" } })).Rungs.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("investigator")]
    [InlineData("operator")]
    public async Task Is_for_prosecutors_and_for_the_liaison_officers_of_a_partner(string persona) =>
        (await Should.ThrowAsync<RpcException>(async () => await tracking.As(persona).TakeRungAsync(new())))
            .StatusCode.ShouldBe(StatusCode.PermissionDenied);

    [Fact]
    public async Task Lets_a_partner_s_liaison_officer_remind_of_his_own_requests_and_of_no_others()
    {
        var (his, ours) = (tracking.Sent("PL-2026-000001", "BY", dueDaysAgo: 3), tracking.Sent("BY-2026-000401", "EE"));
        (his.RequestingState, his.ToldVersion) = ("PL", 1);
        await tracking.Apply(his, ours);
        var due = (await tracking.As("liaison-pl").ListDueRungsAsync(new())).Rungs.ShouldHaveSingleItem();

        (await Take(due, persona: "liaison-pl")).Requests.ShouldHaveSingleItem().Reference.ShouldBe("PL-2026-000001");
        await tracking.Record(Rung.Reminder, his);
        (await tracking.As("prosecutor").ListTakenRungsAsync(new() { Partners = { "BY" } })).Rungs.ShouldHaveSingleItem()
            .Partner.ShouldBe("BY");
        (await Should.ThrowAsync<RpcException>(() => Take(Of("EE", ours), persona: "liaison-pl")))
            .StatusCode.ShouldBe(StatusCode.InvalidArgument);
    }

    [Fact]
    public async Task Answers_a_repeated_command_as_before_and_refuses_its_id_for_another()
    {
        var (one, other) = (tracking.Sent("BY-2026-000501", "SE"), tracking.Sent("BY-2026-000502", "SE"));
        await tracking.Apply(one, other);
        var command = Command();

        var taken = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Take(Of("SE", one), command: command, replica: i % 2)));
        taken.ShouldAllBe(t => t.Equals(taken[0]));
        (await Take(Of("SE", one), command: command)).ShouldBe(taken[0]);

        (await Should.ThrowAsync<RpcException>(() => Take(Of("SE", other), command: command))).Status.Detail.ShouldContain("command_id");
    }

    [Fact]
    public async Task Never_reminds_twice_of_one_request_when_two_prosecutors_confirm_at_once()
    {
        for (var round = 0; round < 5; round++)
        {
            var sent = Enumerable.Range(0, 3).Select(i => tracking.Sent($"BY-2026-0006{round}{i}", "FI")).ToList();
            await tracking.Apply(sent);

            var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
            {
                try
                {
                    // Overlapping, not equal.
                    await Take(Of("FI", [sent[1], sent[i % 2 * 2]]), persona: i % 4 < 2 ? "prosecutor" : "prosecutor-2", replica: i % 2);
                    return StatusCode.OK;
                }
                catch (RpcException e)
                {
                    return e.StatusCode;
                }
            }));

            outcomes.Count(o => o == StatusCode.OK).ShouldBe(1);
            outcomes.Where(o => o != StatusCode.OK).ShouldAllBe(o => o == StatusCode.Aborted || o == StatusCode.InvalidArgument);
            var taken = (await tracking.As("prosecutor").ListTakenRungsAsync(new() { Partners = { "FI" } })).Rungs;
            taken.Count.ShouldBe(round + 1);
            taken.SelectMany(t => t.Requests).Count(r => r.Request == sent[1].Request).ShouldBe(1);
        }
        var first = await tracking.As("prosecutor").ListTakenRungsAsync(new() { Partners = { "FI" }, PageSize = 2 });
        var rest = await tracking.As("prosecutor").ListTakenRungsAsync(new() { Partners = { "FI" }, PageToken = first.NextPageToken });
        first.Rungs.Concat(rest.Rungs).Select(t => t.Name)
            .ShouldBe((await tracking.As("prosecutor").ListTakenRungsAsync(new() { Partners = { "FI" } })).Rungs.Select(t => t.Name));
    }

    [Fact]
    public async Task Is_an_officer_s_own_act_which_he_signed_as_he_saw_it()
    {
        var (one, other) = (tracking.Sent("BY-2026-000701", "NL"), tracking.Sent("BY-2026-000702", "NL"));
        await tracking.Apply(one, other);
        var good = tracking.Signed(Question(Of("NL", one)), "prosecutor");

        (await Reason(Question(Of("NL", one)))).ShouldBe("SIGNATURE_NEEDED");
        (await Reason(Changed(q => q.LetterSalt = ByteString.Empty))).ShouldBe("SIGNATURE_WRONG");
        (await Reason(Changed(q => q.Letter += " at once"))).ShouldBe("SIGNATURE_WRONG");
        (await Reason(Changed(q => q.CommandId = Command()))).ShouldBe("SIGNATURE_WRONG");
        (await Reason(Changed(q => q.Signature.Value = ByteString.CopyFrom(new byte[64])))).ShouldBe("SIGNATURE_WRONG");
        (await Reason(Changed(q => q.Signature.Content = ByteString.CopyFromUtf8("no act")))).ShouldBe("SIGNATURE_WRONG");
        (await Reason(tracking.Signed(Question(Of("NL", one)), "prosecutor-2"))).ShouldBe("SIGNATURE_WRONG");
        (await tracking.As("prosecutor").ListTakenRungsAsync(new() { Partners = { "NL" } })).Rungs.ShouldBeEmpty();

        (await tracking.As("prosecutor").TakeRungAsync(good)).Name.ShouldBe("rungs/" + RungSigning.IdOf(good.Signature));

        TakeRungRequest Changed(Action<TakeRungRequest> change)
        {
            var changed = good.Clone();
            change(changed);
            return changed;
        }

        async Task<string> Reason(TakeRungRequest question) =>
            (await RefusedCall.Of(async () => await tracking.As("prosecutor").TakeRungAsync(question))).Reason;
    }

    async Task Journalled(TakenRung taken)
    {
        var id = RungEntry.IdOf(taken);
        var canonical = (await tracking.Database.Query("SELECT entry FROM journal WHERE aggregate_id = $1", [id],
            row => row.GetFieldValue<byte[]>(0), default)).Single();
        EntryBytes.Parse(canonical, TrackingEntry.Parser).ShouldSatisfyAllConditions(
            e => (e.Aggregate, e.Version, e.Actor.Identity).ShouldBe((taken.Name, 1, taken.ConfirmedBy)),
            e => (e.RungTaken.Partner, e.RungTaken.RequestingState).ShouldBe((taken.Partner, "BY")),
            e => ActSigning.Fault(e.Signature, e.Actor.Certificate).ShouldBeNull(),
            e => e.RungTaken.References.ShouldBe(taken.Requests.Select(r => r.Reference)));
        // The letter is nowhere in clear, neither in the record nor in the row that it is shown from.
        var row = (await tracking.Database.Query("SELECT body, encrypted_letter FROM rungs WHERE id = $1", [id],
            row => row.GetFieldValue<byte[]>(0).Concat(row.GetFieldValue<byte[]>(1)).ToArray(), default)).Single();
        taken.Letter.ShouldNotBeEmpty();
        foreach (var stored in (byte[][])[canonical, row])
            stored.AsSpan().IndexOf(Encoding.UTF8.GetBytes(taken.Letter)).ShouldBe(-1);
        await Eventually.Holds(async () => (await tracking.Database.Query(
            "SELECT note FROM checkpoints JOIN seal ON sealed_no = size", [], row => row.GetString(0), default))
            .ShouldContain(note => note.StartsWith("exchange/BY/tracking\n", StringComparison.Ordinal)));
    }

    async Task<List<string>> Faults(TakeRungRequest request)
    {
        var refusal = await Should.ThrowAsync<RpcException>(async () => await tracking.As("prosecutor").TakeRungAsync(request));
        refusal.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        return [.. refusal.GetRpcStatus()!.Details.Single(d => d.Is(Google.Rpc.BadRequest.Descriptor)).Unpack<Google.Rpc.BadRequest>()
            .FieldViolations.Select(v => v.Field)];
    }

    async Task<IReadOnlyList<DueRung>> Due(string partner) =>
        (await tracking.As("prosecutor").ListDueRungsAsync(new() { Partners = { partner } })).Rungs;

    async Task<TakenRung> Take(
        DueRung due, string persona = "prosecutor", string? command = null, IReadOnlyList<string>? requests = null, int replica = 0) =>
        await tracking.As(persona, replica).TakeRungAsync(tracking.Signed(Question(due, command, requests), persona));

    static TakeRungRequest Question(DueRung due, string? command = null, IReadOnlyList<string>? requests = null) => new()
    {
        Partner = due.Partner, Rung = due.Rung, Letter = due.Letter, CommandId = command ?? Command(),
        Requests = { requests ?? [.. due.Requests.Select(r => r.Request)] },
    };

    static DueRung Of(string partner, params IReadOnlyList<RequestFacts> facts) => new()
    {
        Partner = partner, Rung = Rung.Reminder, Letter = string.Join(", ", facts.Select(f => f.Reference)),
        Requests = { facts.Select(f => new RungRequest { Request = f.Request }) },
    };

    static string Command() => Guid.CreateVersion7().ToString();
}
