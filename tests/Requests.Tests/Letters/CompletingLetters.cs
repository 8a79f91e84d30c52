using Exchange.Reference;
using Exchange.Requests.V1;
using Exchange.Testing;
using Letter = Exchange.Requests.V1.Letter;

namespace Exchange.Requests.Tests;

/// <summary>What an instrument asks for is asked for, all of it at once and nothing else.</summary>
public sealed class CompletingLetters
{
    static readonly ReferenceData Reference = ReferenceData.Load();
    static readonly DateOnly Today = new(2026, 3, 2);

    public static TheoryData<string> Instruments => [.. Reference.Instruments.Keys.Order(StringComparer.Ordinal)];

    public static TheoryData<string, string> Requirements
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var (instrument, required) in Reference.LetterRequirements.OrderBy(entry => entry.Key, StringComparer.Ordinal))
                foreach (var requirement in required)
                    data.Add(instrument, requirement.Field);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Instruments))]
    public void A_complete_letter_has_no_faults_and_an_empty_one_has_every_fault_at_once(string instrument)
    {
        Faults(Letters.Complete(instrument)).ShouldBeEmpty();

        var empty = Faults(new() { CaseNumber = "c-1", RequestedState = "PL", Instrument = instrument });
        empty.Select(fault => fault.Field)
            .ShouldBe(Reference.LetterRequirements[instrument].Select(required => required.Field.Split('.')[0]), ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(Requirements))]
    public void Each_thing_left_out_is_named_with_what_asks_for_it(string instrument, string field)
    {
        var letter = Letters.Complete(instrument);
        if (field == "subjects")
            letter.NoKnownSubjects = false;
        else
            Letter.Descriptor.FindFieldByName(field.Split('.')[0]).Accessor.Clear(letter);

        Faults(letter).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            fault => fault.Field.ShouldBe(field.Split('.')[0]),
            fault => fault.Source.ShouldBe(Reference.LetterRequirements[instrument].Single(required => required.Field == field).Source));
    }

    [Fact]
    public void Facts_need_not_be_told_where_only_documents_are_to_be_served()
    {
        var letter = Letters.Complete("UNTOC-2000");
        letter.FactsSummary = "";
        letter.Measures.Clear();
        letter.Measures.Add(new MeasureRequested { Measure = "service_of_documents", Details = "The summons attached." });
        Faults(letter).ShouldBeEmpty();

        letter.Measures.Add(new MeasureRequested { Measure = "hearing_of_witness", Details = "The keeper." });
        Faults(letter).ShouldHaveSingleItem().Field.ShouldBe("facts_summary");
    }

    [Theory]
    [InlineData("LV", "ru", "translations")]
    [InlineData("LT", "ru", null)]
    [InlineData("UA", "be", "translations")]
    [InlineData("PL", "be", null)]
    public void A_partner_is_written_to_in_a_language_it_is_known_to_accept(string state, string language, string? fault)
    {
        var letter = Letters.Complete("UNTOC-2000", state);
        letter.Language = language;
        letter.Translations.Clear();

        Faults(letter).Select(found => found.Field).ShouldBe(fault is null ? [] : [fault]);
        letter.Translations.Add("en");
        Faults(letter).ShouldBeEmpty();
    }

    [Fact]
    public void What_depends_on_something_else_is_asked_for_with_it()
    {
        var letter = Letters.Complete("UNTOC-2000");
        letter.Urgency = Urgency.Urgent;
        letter.UrgencyReason = "  ";
        letter.AnswerBy = "2026-03-02";
        letter.Confidential = true;
        letter.HandlingCode = HandlingCode.H3;
        letter.Measures[0].Details = " ";

        Faults(letter).Select(fault => fault.Field).ShouldBe(
            ["measures[0].details", "urgency_reason", "answer_by", "answer_by_reason", "confidential_reason", "use_limits"],
            ignoreOrder: true);
    }

    [Theory]
    [InlineData("{subject 1}", true)]
    [InlineData("{subject 2}", false)]
    [InlineData("{subject 3}", false)]
    [InlineData("{subject 0}", false)]
    [InlineData("{Subject 1}", false)]
    [InlineData("{subject1}", false)]
    [InlineData("{subject +1}", false)]
    [InlineData("{subject one}", false)]
    [InlineData("{not a placeholder}", true)]
    public void A_placeholder_names_a_subject_that_stands(string placeholder, bool sound)
    {
        var letter = Letters.Complete("UNTOC-2000");
        letter.NoKnownSubjects = false;
        letter.FactsSummary = $"There was {placeholder}.";

        Faults(letter, new SealedSubject(), new SealedSubject { WithdrawnIn = 3 }).Select(fault => fault.Field)
            .ShouldBe(sound ? [] : ["facts_summary"]);
    }

    [Fact]
    public void What_can_never_be_right_is_refused_in_a_draft_already()
    {
        var letter = new Letter
        {
            CaseNumber = " ", RequestedState = "BY", Instrument = "UNTOC-1900", Offence = "Trafficking", AnswerBy = "soon",
            Language = "English", Translations = { "EN" },
            Urgency = (Urgency)99, Stage = (ProceedingsStage)99, Formalities = { (Formality)0 }, Penalty = new('x', 501),
            Measures = { new MeasureRequested { Measure = "torture", PeriodFrom = "2026-02-01", PeriodTo = "2026-01-01" } },
        };

        LetterRules.FaultsOfDraft(letter, "BY", Reference).Select(fault => fault.Field).ShouldBe(
        [
            "case_number", "requested_state", "instrument", "offence", "answer_by", "language", "translations[0]", "penalty", "urgency",
            "stage", "formalities",
            "measures[0].measure", "measures[0].period_to",
        ]);
        LetterRules.FaultsOfDraft(new() { CaseNumber = "c-1", RequestedState = "PL" }, "BY", Reference).ShouldBeEmpty();
    }

    [Fact]
    public void An_instrument_is_relied_on_only_among_its_parties() =>
        LetterRules.FaultsBeforeTransmission(Letters.Complete("EIO-2014"), "BY", [], Today, Reference).ShouldHaveSingleItem()
            .Field.ShouldBe("instrument");

    // The European Investigation Order is for states of the Union, so there a Lithuanian asks.
    static IReadOnlyList<LetterFault> Faults(Letter letter, params IReadOnlyList<SealedSubject> subjects) =>
        LetterRules.FaultsBeforeTransmission(
        letter, letter.Instrument == "EIO-2014" || letter.RequestedState == "BY" ? "LT" : "BY", subjects, Today, Reference);
}
