using Exchange.Requests.V1;

namespace Exchange.Requests.Tests;

public class TellingWhatARowSays
{
    [Theory]
    [InlineData("responded_on= outcome=", Status.SupplementProvided)]
    [InlineData("responded_on= outcome= supplement_provided_on=", Status.SupplementRequested)]
    [InlineData("responded_on= outcome= supplement_provided_on= supplement_requested_on=", Status.Acknowledged)]
    [InlineData("responded_on= outcome= supplement_provided_on= supplement_requested_on= acknowledged_on=", Status.Transmitted)]
    [InlineData("outcome=refused refusal_ground=ne_bis_in_idem", Status.Refused)]
    [InlineData("outcome=not_executable", Status.NotExecutable)]
    public void Derives_the_status(string changes, Status status) => Facts(changes.Split(' ')).Status.ShouldBe(status);

    [Fact]
    public void Tells_an_answer_as_recorded_by_the_side_that_kept_the_register()
    {
        var answer = Facts("outcome=partially_executed").Answers.ShouldHaveSingleItem();

        answer.ShouldBe(new Answer { AnsweredOn = "2005-03-01", Outcome = Outcome.PartiallyExecuted, RecordedBy = Side.RequestingSide });
        Facts("requesting_state=PL", "requested_state=BY").Answers[0].RecordedBy.ShouldBe(Side.RequestedSide);
    }

    [Fact]
    public void Tells_a_withdrawal_as_an_end_and_not_an_answer()
    {
        var facts = Facts("outcome=withdrawn");

        facts.Answers.ShouldBeEmpty();
        facts.Ending.ShouldBe(new Ending { EndedOn = "2005-03-01", Outcome = Outcome.Withdrawn, RecordedBy = Side.RequestingSide });
        facts.Status.ShouldBe(Status.Withdrawn);
    }

    [Theory]
    [InlineData("urgency=routine", "Policy 2005-07-09 default-1")]
    [InlineData("urgency=urgent", "Policy 2005-04-10 default-1")]
    [InlineData("instrument=EIO-2014", "Policy 2005-07-09 default-1, Benchmark 2005-05-10 EIO-2014 art. 12, 16")]
    public void Fixes_the_days_an_answer_is_due(string change, string expected) => Limits(Facts(change)).ShouldBe(expected);

    [Fact]
    public void Fixes_a_statutory_limit_where_the_instrument_binds_both()
    {
        var row = RegisterText.Sound("instrument=EIO-2014", "requesting_state=DE", "requested_state=BY") with
        {
            RequestedState = "PL",
            TransmittedOn = new(2018, 1, 10)
        };

        Limits(RegisterFacts.Of(row, RegisterText.Context, null)).ShouldContain("Statutory 2018-05-10");
    }

    [Fact]
    public void Never_rewrites_a_limit_because_the_policy_has_changed()
    {
        var before = Facts();
        var changed = RegisterText.Context with { Options = new() { PolicyDays = 30, PolicyVersion = "strict-2" } };

        Limits(RegisterFacts.Of(RegisterText.Sound("outcome=refused"), changed, before)).ShouldBe("Policy 2005-07-09 default-1");
        Limits(RegisterFacts.Of(RegisterText.Sound("transmitted_on=2005-01-11"), changed, before)).ShouldBe("Policy 2005-02-10 strict-2");
    }

    [Fact]
    public void Tells_the_life_of_a_letter_in_steps()
    {
        var row = RegisterText.Sound();

        var steps = RegisterSteps.Life(row, RegisterFacts.Of(row, RegisterText.Context, null), RegisterText.Context).ToList();

        steps.ConvertAll(s => $"{s.OccurredOn} {s.KindCase} {s.PartnerActed?.Status}{s.RequesterActed?.Status}").ShouldBe(
        [
            "2005-01-10 Transmitted ", "2005-01-20 PartnerActed Acknowledged", "2005-02-01 PartnerActed SupplementRequested",
            "2005-02-10 RequesterActed SupplementProvided", "2005-03-01 PartnerActed Executed",
        ]);
    }

    static RequestFacts Facts(params string[] changes) => RegisterFacts.Of(RegisterText.Sound(changes), RegisterText.Context, null);

    static string Limits(RequestFacts facts) => string.Join(", ", facts.TimeLimits.Select(l => $"{l.Kind} {l.DueOn} {l.PolicyVersion}"));
}
