using Exchange.Client;
using Exchange.Platform;
using Exchange.Requests.V1;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Exchange.Requests.Tests;

/// <summary>Whoever reads an entry holds its steps and facts against what its officer signed.</summary>
public sealed class HoldingEntriesAgainstActs : IAsyncLifetime
{
    LifecycleFixture fixture = null!;

    public async ValueTask InitializeAsync() => fixture = await LifecycleFixture.Open();

    public async ValueTask DisposeAsync() => await fixture.DisposeAsync();

    [Fact]
    public void The_steps_that_must_be_signed_are_those_that_the_table_says_bind()
    {
        LifecycleTable.Moves.Where(move => move.Binds).Select(move => move.Step).Distinct().Order()
            .ShouldBe(BindingActs.Always.Append(StepCode.Withdraw).Order());
        LifecycleTable.Of[StepCode.Withdraw].ShouldAllBe(move => move.Binds != move.From.Contains(Status.Draft));
    }

    [Fact]
    public async Task No_field_of_a_step_that_was_signed_can_be_another()
    {
        List<string> unnoticed = [];
        foreach (var entry in await Signed())
        {
            SignedActs.Fault(entry).ShouldBeNull();
            foreach (var (changed, path) in entry.Steps.SelectMany((_, i) => Changes(entry, copy => copy.Steps[i], $"{entry.Step}")))
            {
                if (SignedActs.Fault(changed) is null)
                    unnoticed.Add(path);
            }
        }

        // What the second officer confirms is in the entry that proposed it, whose hash he signed; the day is that of the record.
        unnoticed.Distinct().Order().ShouldBe(
            [
                "ConfirmCorrection.corrected.proposed_by", "ConfirmCorrection.corrected.superseded_step",
                "ConfirmCorrection.corrected.superseded_version", "ConfirmCorrection.occurred_on",
            ]);
    }

    [Theory]
    [InlineData("it is not the correction that was proposed", 1, "general")]
    [InlineData("it is not the correction that was proposed", 0, "exchange://PL/embassy-minsk/liaison/4009?role=liaison")]
    public async Task A_correction_that_was_confirmed_is_the_one_that_was_proposed(string what, int step, string proposedBy)
    {
        var entries = (await Signed()).First().Facts.Request;
        var rows = await fixture.Journal.OfAggregate(RequestId.Parse(entries), default);
        EntryChain.Read(rows).Count.ShouldBe(rows.Count);
        var at = rows.FindIndex(row => RequestState.Parse(row.Entry).Step is StepCode.ConfirmCorrection);
        var changed = RequestState.Parse(rows[at].Entry);
        (changed.Steps[0].Corrected.SupersededStep, changed.Steps[0].Corrected.ProposedBy) = (step, proposedBy);
        rows[at] = rows[at] with { Entry = EntryBytes.Of(changed) };

        Should.Throw<Refusal>(() => EntryChain.Read(rows)).Message.ShouldContain(what);
    }

    [Fact]
    public async Task A_register_says_nothing_of_a_request_that_officers_act_on()
    {
        var sent = await fixture.Sent();
        var rows = await fixture.Journal.OfAggregate(sent.Id, default);
        var forged = new JournalEntry
        {
            Aggregate = sent.Facts.Request, Version = rows.Count + 1, PreviousHash = ByteString.CopyFrom(rows[^1].EntryHash),
            Actor = new() { Identity = "exchange://service/requests" }, Facts = sent.Facts.Clone(),
            Steps =
            {
                new Step { Observed = new() }, new Step { PartnerActed = new() { Status = Status.Executed, Outcome = Outcome.Executed } },
            },
        };
        forged.Facts.Origin = Origin.Imported;
        rows.Add(rows[^1] with { Version = forged.Version, Entry = EntryBytes.Of(forged) });

        Should.Throw<Refusal>(() => EntryChain.Read(rows)).Message.ShouldContain("a register says it of a request that officers act on");
    }

    [Fact]
    public async Task Facts_that_say_more_than_the_step_are_noticed()
    {
        var refused = (await Signed()).Single(entry => entry.Step is StepCode.Refuse);
        foreach (var change in new Action<RequestFacts>[]
        {
            facts => facts.Status = Status.Executed,
            facts => facts.Answers[0].Outcome = Outcome.Executed,
            facts => facts.Answers[0].AnsweredOn = "2026-03-01",
            facts => facts.Answers[0].RecordedBy = Side.RequestingSide,
            facts => facts.Answers.Insert(0, new() { Outcome = Outcome.Executed, AnsweredOn = "2026-03-01", Final = true }),
            facts => facts.Answers.Add(new Answer { Outcome = Outcome.Executed, AnsweredOn = "2026-03-03", Final = true }),
            facts => facts.Answers.Clear(),
        })
        {
            var changed = refused.Clone();
            change(changed.Facts);
            SignedActs.Fault(changed).ShouldBe("its facts are not what its officer said");
        }
    }

    [Fact]
    public async Task Without_its_signature_no_step_that_binds_is_believed_whatever_it_is_called()
    {
        foreach (var entry in await Signed())
        {
            var unsigned = entry.Clone();
            unsigned.Signature = null;
            SignedActs.Fault(unsigned).ShouldBe("it binds a state, and no officer signed it");
            unsigned.Statement = ByteString.Empty;
            (unsigned.Step, unsigned.EncryptedTexts) = (StepCode.ConfirmDelivery, ByteString.Empty);
            SignedActs.Fault(unsigned).ShouldBe("it binds a state, and no officer signed it");
        }
    }

    /// <summary>The signed entries of two requests: an answer that was corrected, and a letter that was amended and sent back.</summary>
    async Task<List<JournalEntry>> Signed()
    {
        var answered = await fixture.Sent();
        answered = await fixture.Take(answered.Id, LifecycleFixture.Liaison, act => act.Answer = new()
        {
            Outcome = Outcome.Refused, Ground = "ne_bis_in_idem", Text = "Tried before.",
        });
        var proposed = await fixture.Take(answered.Id, LifecycleFixture.Liaison, act => act.ProposeCorrection = new()
        {
            Version = answered.Version, Strike = true, Reason = "another request",
        });
        await fixture.Take(answered.Id, LifecycleFixture.SecondLiaison, act => act.ConfirmCorrection = new()
        {
            ProposedIn = proposed.Version, StatementHash = proposed.Dossier.ProposedCorrection.StatementHash,
        });
        var returned = await fixture.Sent();
        await fixture.Take(returned.Id, LifecycleFixture.Liaison, act => act.ReturnLetter = new()
        {
            Ground = "form_defect", Reason = "no seal",
        });
        var withdrawn = await fixture.Sent();
        await fixture.Take(withdrawn.Id, LifecycleFixture.Prosecutor, act => act.Withdraw = new() { Reason = "not needed" });
        List<JournalEntry> all = [];
        foreach (var id in new[] { answered.Id, returned.Id, withdrawn.Id })
            all.AddRange(await fixture.Entries(id));
        return all.FindAll(entry => entry.Signature is not null);
    }

    /// <summary>Copies of an entry, each with one field of one of its messages another than it was.</summary>
    static IEnumerable<(JournalEntry Changed, string Path)> Changes(JournalEntry entry, Func<JournalEntry, IMessage> part, string path)
    {
        foreach (var field in part(entry).Descriptor.Fields.InFieldNumberOrder())
        {
            var name = $"{path}.{field.Name}";
            if (field.IsRepeated || field.FieldType is FieldType.Message && field.Accessor.GetValue(part(entry)) is null)
                continue;
            if (field.FieldType is FieldType.Message)
            {
                foreach (var inner in Changes(entry, copy => (IMessage)field.Accessor.GetValue(part(copy)), name))
                    yield return inner;
                continue;
            }
            if (field.ContainingOneof is not null && !field.Accessor.HasValue(part(entry)))
                continue;
            var changed = entry.Clone();
            field.Accessor.SetValue(part(changed), Other(field, field.Accessor.GetValue(part(changed))));
            yield return (changed, name);
        }
    }

    static object Other(FieldDescriptor field, object value) => value switch
    {
        string text => text == "2026-03-01" ? "2026-03-02" : "2026-03-01",
        bool yes => !yes,
        int number => number + 1,
        ByteString bytes => ByteString.CopyFrom([.. bytes.Span, 1]),
        Enum one => Enum.ToObject(value.GetType(), Convert.ToInt32(one, System.Globalization.CultureInfo.InvariantCulture) == 1 ? 2 : 1),
        _ => throw new NotSupportedException($"{field.FullName} is of a type that the test does not change."),
    };
}
