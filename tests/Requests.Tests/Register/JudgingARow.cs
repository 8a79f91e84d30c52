using Exchange.Requests.V1;

namespace Exchange.Requests.Tests;

public class JudgingARow
{
    const string Open = "acknowledged_on= supplement_requested_on= supplement_provided_on= responded_on= outcome=";

    [Fact]
    public void Finds_nothing_wrong_with_a_sound_row()
    {
        var (request, remarks) = RegisterText.Judge();

        remarks.ShouldBeEmpty();
        request.ShouldNotBeNull();
        request.Measures.ShouldBe(["hearing_of_witness", "search_and_seizure"]);
        request.TransmittedOn.ShouldBe(new(2005, 1, 10));
        request.Outcome.ShouldBe(Outcome.Executed);
    }

    [Theory]
    [InlineData("reference=", "reference", "missing")]
    [InlineData("reference=Anna Belaja", "reference", "bad_reference")]
    [InlineData("case_number=", "case_number", "missing")]
    [InlineData("instrument=", "instrument", "missing")]
    [InlineData("instrument=UNTOC", "instrument", "unknown_instrument")]
    [InlineData("requesting_state=XX", "requesting_state", "unknown_state")]
    [InlineData("requested_state=pl", "requested_state", "unknown_state")]
    [InlineData("requested_state=BY", "requested_state", "same_state")]
    [InlineData("requesting_state=LT", "", "foreign_row")]
    [InlineData("offence=", "offence", "missing")]
    [InlineData("offence=Human trafficking", "offence", "bad_code")]
    [InlineData("measures=", "measures", "missing")]
    [InlineData("measures=;", "measures", "missing")]
    [InlineData("measures=hearing_of_witness;torture", "measures", "unknown_measure")]
    [InlineData("urgency=soon", "urgency", "unknown_urgency")]
    [InlineData("transmitted_on=", "transmitted_on", "missing")]
    [InlineData("transmitted_on=10.01.2005", "transmitted_on", "bad_date")]
    [InlineData("acknowledged_on=2005-02-30", "acknowledged_on", "bad_date")]
    [InlineData("responded_on=2009-01-01", "responded_on", "after_observed_until")]
    [InlineData("acknowledged_on=2005-01-09", "acknowledged_on", "acknowledgement_before_transmission")]
    [InlineData("supplement_provided_on=2005-01-31", "supplement_provided_on", "supplement_before_question")]
    [InlineData("supplement_requested_on=", "supplement_provided_on", "supplement_without_question")]
    [InlineData("outcome=", "outcome", "day_without_outcome")]
    [InlineData("responded_on=", "responded_on", "outcome_without_day")]
    [InlineData("outcome=lost", "outcome", "unknown_outcome")]
    [InlineData("refusal_ground=ne_bis_in_idem", "refusal_ground", "ground_without_refusal")]
    public void Names_one_fault(string change, string field, string code)
    {
        var (request, remarks) = RegisterText.Judge(change);

        request.ShouldBeNull();
        var remark = remarks.ShouldHaveSingleItem();
        (remark.Severity, remark.Field, remark.Code).ShouldBe((Severity.Fault, field, code));
        remark.Row.ShouldBe(7);
        remark.Message.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("responded_on=2005-01-09 outcome=executed", "responded_on answer_before_transmission")]
    [InlineData("responded_on=2005-01-09 outcome=withdrawn", "responded_on end_before_transmission")]
    [InlineData("supplement_requested_on=2005-01-08 supplement_provided_on=2005-01-09",
        "supplement_requested_on question_before_transmission, supplement_provided_on supplement_before_transmission")]
    [InlineData("responded_on=2005-03-01 outcome=refused refusal_ground=bad_mood", "refusal_ground unknown_ground")]
    [InlineData("requesting_state=XX instrument=? responded_on=soon urgency=?",
        "instrument unknown_instrument, requesting_state unknown_state, urgency unknown_urgency, responded_on bad_date, outcome "
        + "day_without_outcome")]
    public void Names_every_fault_at_once(string changes, string expected)
    {
        var (request, remarks) = RegisterText.Judge([.. Open.Split(' '), .. changes.Split(' ')]);

        request.ShouldBeNull();
        remarks.Where(r => r.Severity == Severity.Fault).Select(r => $"{r.Field} {r.Code}").ShouldBe(expected.Split(", "));
    }

    [Theory]
    [InlineData("requested_state=EL", "state_alias")]
    [InlineData("requested_state=UK", "state_alias")]
    [InlineData("urgency=", "urgency_assumed")]
    [InlineData("measures=hearing_of_witness;hearing_of_witness", "repeated_measure")]
    [InlineData("acknowledged_on=2005-02-05", "question_before_acknowledgement")]
    [InlineData("outcome=refused", "refusal_without_ground")]
    [InlineData("outcome=refused refusal_ground=form_defect", "ground_is_no_refusal")]
    [InlineData("outcome=returned refusal_ground=political_offence", "refusal_ground_elsewhere")]
    [InlineData("responded_on=2005-01-15", "acknowledgement_after_end question_after_end supplement_after_end")]
    public void Keeps_a_row_with_an_oddity_and_says_so(string changes, string codes)
    {
        var (request, remarks) = RegisterText.Judge(changes.Split(' '));

        request.ShouldNotBeNull();
        remarks.ShouldAllBe(r => r.Severity == Severity.Warning);
        remarks.Select(r => r.Code).ShouldBe(codes.Split(' '));
    }

    [Fact]
    public void Reads_an_alias_as_the_code_it_stands_for() => RegisterText.Sound("requested_state=UK").RequestedState.ShouldBe("GB");

    [Theory]
    [InlineData("BY-1,accused,Kanarejka,,,,,", "role", "unknown_role")]
    [InlineData("BY-1,,Kanarejka,,,,,", "role", "missing")]
    [InlineData(",victim,Kanarejka,,,,,", "reference", "missing")]
    [InlineData("BY-1,victim,Kanarejka,01.02.1980,,,,", "birth_date", "bad_birth_date")]
    [InlineData("BY-1,victim,Kanarejka,180,,,,", "birth_date", "bad_birth_date")]
    [InlineData("BY-1,victim,Kanarejka,2009,,,,", "birth_date", "birth_date_in_future")]
    [InlineData("BY-1,victim,,1980,,,,", "", "empty_subject")]
    public void Names_a_fault_of_a_subject_without_repeating_it(string line, string field, string code)
    {
        var (subject, remarks) = SubjectRules.Judge(RegisterText.Parse(RegisterFile.Subjects, line), RegisterText.Context);

        subject.ShouldBeNull();
        var remark = remarks.ShouldHaveSingleItem();
        (remark.Severity, remark.Field, remark.Code, remark.File).ShouldBe((Severity.Fault, field, code, RegisterFile.Subjects));
        remark.ToString().ShouldNotContain("Kanarejka");
    }

    [Theory]
    [InlineData("BY-1,victim,Anna,1980-02-29,,,,", SubjectKind.Person)]
    [InlineData("BY-1,contact,,,,+375291952243,,", SubjectKind.Item)]
    [InlineData("BY-1,suspect,,1980,AB1,,,", SubjectKind.Person)]
    public void Takes_a_subject_for_what_it_is(string line, SubjectKind kind)
    {
        var (subject, remarks) = SubjectRules.Judge(RegisterText.Parse(RegisterFile.Subjects, line), RegisterText.Context);

        remarks.ShouldBeEmpty();
        subject.ShouldNotBeNull().Kind.ShouldBe(kind);
    }
}
