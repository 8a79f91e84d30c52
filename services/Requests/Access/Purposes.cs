using Exchange.Platform;
using Exchange.Requests.V1;

namespace Exchange.Requests;

/// <summary>What an officer may read for: purpose binds (UNTOC 18(19)).</summary>
static class Purposes
{
    /// <summary>What is missing before anything can be looked at.</summary>
    public static IEnumerable<Violation> Faults(Purpose purpose, string caseNumber)
    {
        if (purpose is not (Purpose.Investigation or Purpose.Execution or Purpose.Supervision))
            yield return new("purpose", "must be INVESTIGATION, EXECUTION or SUPERVISION.");
        if (string.IsNullOrWhiteSpace(caseNumber))
            yield return new("case_number", "must name the case of yours that the reading serves.");
    }

    /// <summary>The requesting side reads for the case of the letter, the requested side to execute it.</summary>
    /// <exception cref="Refusal">Another purpose, or another case.</exception>
    public static void Check(Purpose purpose, string caseNumber, Caller caller, RequestState state)
    {
        var asked = state.SideOf(caller.State) == Side.RequestedSide;
        if (asked && purpose is not Purpose.Execution)
            throw Refusal.Invalid([new("purpose", "must be EXECUTION: your state was asked for assistance in this request.")]);
        if (!asked && purpose is Purpose.Execution)
            throw Refusal.Invalid([new("purpose", "must be INVESTIGATION or SUPERVISION: your state sent this request.")]);
        if (!asked && caseNumber != state.Facts.CaseNumber)
            throw Refusal.Invalid(
                [new("case_number", "is not the case of this request; what it holds is read for the case it was collected for.")]);
    }
}
