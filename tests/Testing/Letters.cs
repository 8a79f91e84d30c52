using Exchange.Requests.V1;
using RequestLetter = Exchange.Requests.V1.Letter;

namespace Exchange.Testing;

/// <summary>Letters of request for tests.</summary>
public static class Letters
{
    /// <summary>A letter of BY that nothing is missing from, whatever instrument it rests on.</summary>
    /// <param name="instrument">A code of the reference table.</param>
    /// <param name="requestedState">Who is asked.</param>
    public static RequestLetter Complete(string instrument, string requestedState = "PL") => new()
    {
        CaseNumber = "BY-GPK-2026-00001",
        RequestedState = requestedState,
        RequestingAuthority = "General Prosecutor's Office of the Republic of Belarus",
        ConductingAuthority = "Investigative Committee, main department",
        ConductingFunction = "senior investigator",
        RequestedAuthority = "Central authority of the requested state",
        Instrument = instrument,
        Urgency = Urgency.Routine,
        SubjectMatter = "Investigation into the recruitment of persons for exploitation abroad.",
        Proceedings = Proceedings.Criminal,
        Stage = ProceedingsStage.InvestigationStage,
        FactsSummary = "Between March and May persons were recruited by advertisement and taken across the border.",
        Offence = "trafficking_in_persons",
        LegalText = "Criminal Code, article 181",
        Penalty = "Up to fifteen years",
        Measures =
        {
            new MeasureRequested
            {
                Measure = "hearing_of_witness", Details = "The keeper of the house named in the annex, on who rented it.",
            },
            new MeasureRequested
            {
                Measure = "obtaining_documents", Details = "The lease of that house.", PeriodFrom = "2026-01-01", PeriodTo = "2026-05-31",
            },
        },
        Purpose = "Evidence of recruitment and transport before the court.",
        HandlingCode = HandlingCode.H1,
        Language = "ru",
        Translations = { "en" },
        LegalRemedies = "None beyond those of the law of the requested state.",
        Undertakings = { Undertaking.Reciprocity, Undertaking.Speciality },
        NoKnownSubjects = true,
    };
}
