using Exchange.Platform;
using Exchange.Requests.V1;

namespace Exchange.Requests.Tests;

/// <summary>Every step from every status by every role of every side on every channel, against the restatement.</summary>
public sealed class EveryCell
{
    static readonly StepCode[] Steps = [.. Enum.GetValues<StepCode>().Where(step => step != StepCode.Unspecified)];

    static readonly Caller[] Callers =
        [.. from state in new[] { "BY", "PL" } from role in new[] { CallerRole.Investigator, CallerRole.Prosecutor,
            CallerRole.Liaison } select new Caller { State = state, Role = role }];

    [Theory]
    [InlineData(Channel.OnExchange)]
    [InlineData(Channel.OffExchange)]
    public void Is_as_the_design_says(Channel channel)
    {
        var cells = 0;
        foreach (var step in Steps)
            foreach (var status in Restatement.AllStatuses)
                foreach (var caller in Callers)
                {
                    var facts = Facts(status, channel);
                    var (verdict, to) = Judged(facts, step, caller);
                    var (expected, expectedTo) = Restatement.Of(step, status, caller, channel);
                    (verdict, to).ShouldBe((expected, expectedTo), $"{step} from {status} by a {caller.Role} of {caller.State}, {channel}");
                    cells++;
                }
        cells.ShouldBe(38 * 19 * 6);
    }

    [Fact]
    public void A_register_observes_until_an_officer_adopts_the_request()
    {
        foreach (var status in Restatement.AllStatuses.Except([Status.Draft, Status.Submitted]))
        {
            var facts = Facts(status, Channel.OffExchange);
            facts.Origin = Origin.Imported;
            LifecycleRules.Allowed(facts, LifecycleFixture.Prosecutor.Caller).ShouldBe([StepCode.Adopt]);
            Judged(facts, StepCode.Acknowledge, LifecycleFixture.Prosecutor.Caller).Verdict.ShouldBe("ADOPT_FIRST");
            facts.Adopted = true;
            LifecycleRules.Allowed(facts, LifecycleFixture.Prosecutor.Caller).ShouldNotContain(StepCode.Adopt);
            LifecycleRules.Allowed(facts, LifecycleFixture.Prosecutor.Caller).ShouldContain(StepCode.Assign);
        }
    }

    [Fact]
    public void After_a_final_part_nothing_more_is_expected_of_the_partner()
    {
        var facts = Facts(Status.PartiallyExecuted, Channel.OnExchange);
        facts.Answers.Add(new Answer { Outcome = Outcome.PartiallyExecuted, Final = true });

        Judged(facts, StepCode.Execute, LifecycleFixture.Liaison.Caller).Verdict.ShouldBe("ANSWER_IS_FINAL");
        LifecycleRules.Allowed(facts, LifecycleFixture.Liaison.Caller)
            .ShouldBe([StepCode.Assign, StepCode.ProposeCorrection, StepCode.ConfirmCorrection, StepCode.CorrectOwnEntry,
                StepCode.RejectCorrection]);
        LifecycleRules.Allowed(facts, LifecycleFixture.Prosecutor.Caller).ShouldContain(StepCode.Close);
    }

    [Fact]
    public void Every_line_of_the_table_says_what_it_means_and_each_step_has_one()
    {
        LifecycleTable.Moves.ShouldAllBe(move => move.Meaning.Length > 10 && move.From.Count > 0 && move.Roles.Count > 0);
        LifecycleTable.Moves.Select(move => move.Step).Distinct().Order().ShouldBe(Steps.Order());
    }

    static RequestFacts Facts(Status status, Channel channel) => new()
    {
        Reference = "BY-2026-000001", RequestingState = "BY", RequestedState = "PL", Origin = Origin.OnTheExchange, Status = status,
        Channel = status is Status.Draft or Status.Submitted ? Channel.Unspecified : channel,
        TransmittedOn = status is Status.Draft or Status.Submitted ? "" : "2026-03-02",
    };

    static (string Verdict, Status? To) Judged(RequestFacts facts, StepCode step, Caller caller)
    {
        try
        {
            return ("ok", LifecycleRules.Admit(facts, step, caller, out _).To);
        }
        catch (Refusal refusal)
        {
            refusal.Kind.ShouldBe(RefusalKind.NotAllowedNow);
            return (refusal.Reason, null);
        }
    }
}
