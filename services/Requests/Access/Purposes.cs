using Exchange.Platform;
using Exchange.Requests.V1;

namespace Exchange.Requests;

/// <summary>
/// What an officer may read for: purpose binds (UNTOC 18(19)). The requesting side reads for the case of the letter. To those of the
/// requested side who recognise and execute the request it is itself the case: whether they are competent, and ne bis in idem, is checked
/// before any exists there. For anything else that side needs a case of its own that the exchange keeps, that the reader works on, and
/// that another person opened: a case of one's own making would open every victim's name.
/// </summary>
static class Purposes
{
    const string Codes = "must be INVESTIGATION, RECOGNITION, EXECUTION or SUPERVISION.";

    /// <summary>What is wrong with the purpose before anything can be looked at.</summary>
    public static IEnumerable<Violation> Faults(Purpose purpose)
    {
        if (purpose is not (Purpose.Investigation or Purpose.Recognition or Purpose.Execution or Purpose.Supervision))
            yield return new("purpose", Codes);
    }

    /// <summary>Returns where this officer may read for this purpose and case.</summary>
    /// <exception cref="Refusal">Invalid: another purpose or case. An absent case and one closed to him are refused alike.</exception>
    public static async Task Check(
        Purpose purpose, string caseNumber, Caller caller, RequestView view, CaseStore cases, CancellationToken ct)
    {
        var executing = purpose is Purpose.Recognition or Purpose.Execution;
        if (view.Side == Side.RequestingSide)
        {
            if (executing)
                throw Refusal.Invalid([new("purpose", "must be INVESTIGATION or SUPERVISION: your state sent this request.")]);
            if (!cases.IsNumber(caseNumber, view.CaseIndex))
                throw Refusal.Invalid([new("case_number",
                    "is not the case of this request; what it holds is read for the case it was collected for.")]);
            return;
        }
        if (executing)
        {
            if (caseNumber.Length > 0)
                throw Refusal.Invalid([new("case_number", "must be empty for RECOGNITION and EXECUTION: the request itself is the case.")]);
            if (!IsEntrustedTo(view, caller))
                throw Refusal.Invalid([new("purpose",
                    "is for those to whom the request is assigned in your state, or for an authorised officer while it is assigned to "
                    + "nobody.")]);
            return;
        }
        // In the same words, or who asks would learn which numbers are those of restricted cases.
        if (await cases.Find(caller.State!, caseNumber, ct) is not { } kept || !kept.Admits(caller) || caller.IsPersonOf(kept.OpenedBy))
            throw Refusal.Invalid([new("case_number",
                "must be a case of your state that is kept here, that you work on, and that somebody else opened: have a colleague or the "
                + "prosecutor open it.")]);
    }

    // Until it is assigned, the officers whose word binds the state take in what is addressed to it.
    static bool IsEntrustedTo(RequestView view, Caller caller) => view.AssignedTo.Length == 0
        ? LifecycleTable.Recorders.Contains(caller.Role)
        : caller.CountsAs().Contains(view.AssignedTo);
}
