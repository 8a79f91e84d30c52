using Exchange.Requests.V1;

namespace Exchange.Requests;

/// <summary>What the facts take from the letter: codes and numbers, and none of its narrative.</summary>
static class LetterFacts
{
    /// <summary>Writes the letter's part into the facts.</summary>
    /// <returns>The same facts.</returns>
    public static RequestFacts Say(this RequestFacts facts, Letter letter)
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
