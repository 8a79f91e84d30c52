using Exchange.Requests.V1;

namespace Exchange.Requests;

/// <summary>What a request's facts take from its letter: codes and numbers, and nothing of its narrative.</summary>
static class LetterFacts
{
    /// <summary>Copies into the facts what they take from a letter.</summary>
    /// <returns>The same facts, changed in place.</returns>
    public static RequestFacts CopyFrom(this RequestFacts facts, Letter letter)
    {
        facts.CaseNumber = letter.CaseNumber;
        facts.RequestedState = letter.RequestedState;
        facts.RequestingAuthority = letter.RequestingAuthority;
        facts.Instrument = letter.Instrument;
        facts.Offence = letter.Offence;
        facts.Urgency = letter.Urgency;
        facts.Measures.Clear();
        facts.Measures.Add(letter.Measures.Select(measure => measure.Measure).Distinct());
        return facts;
    }
}
