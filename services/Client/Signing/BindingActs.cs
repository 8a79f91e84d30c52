using System.Collections.Frozen;
using Exchange.Requests.V1;
using Kind = Exchange.Requests.V1.Step.KindOneofCase;

namespace Exchange.Client;

/// <summary>
/// Which acts bind a state, and so have to be signed. Whether an act that is to be taken must be, the table that the service gives out
/// decides; of what stands in a journal it is known here, so that no table is believed that came with it.
/// </summary>
public static class BindingActs
{
    /// <summary>True when the step that the act takes is a binding one for a request of this status.</summary>
    /// <param name="table">As <c>GetLifecycle</c> answers.</param>
    public static bool Binds(this Lifecycle table, Act act, Status from)
    {
        var step = act.Code();
        return table.Moves.Any(move => move.Binds && move.Step == step && move.FromStatuses.Contains(from));
    }

    /// <summary>The steps that bind a state whatever the status they are taken from. WITHDRAW does too, once it was sent.</summary>
    public static FrozenSet<StepCode> Always { get; } = FrozenSet.Create(
        StepCode.Transmit, StepCode.TransmitAlone, StepCode.ConfirmTransmission, StepCode.Amend, StepCode.Execute, StepCode.ExecuteInPart,
        StepCode.Refuse, StepCode.DeclareNotExecutable, StepCode.Return, StepCode.ConfirmCorrection, StepCode.CorrectOwnEntry);

    /// <summary>
    /// Whether an officer must have signed an entry: by its step, and by what it says happened, whatever step it is called. A register
    /// observes, and says what happened without binding anybody.
    /// </summary>
    public static bool Binds(JournalEntry entry) => Always.Contains(entry.Step)
        || (entry.Step is StepCode.Withdraw && entry.Facts?.TransmittedOn.Length > 0)
        || (!IsObserved(entry) && entry.Steps.Any(step => Binds(step, entry)));

    static bool IsObserved(JournalEntry entry) => entry.Step is StepCode.Unspecified && entry.Facts is { Origin: Origin.Imported }
        && entry.Steps.Any(step => step.KindCase is Kind.Observed);

    static bool Binds(Step step, JournalEntry entry) => step.KindCase switch
    {
        Kind.Transmitted or Kind.Corrected or Kind.TransmissionConfirmed => true,
        Kind.LetterWritten => step.LetterWritten.Amendment,
        Kind.PartnerActed => step.PartnerActed.Outcome is not Outcome.Unspecified
            || step.PartnerActed.Status is Status.Executed or Status.PartiallyExecuted or Status.Refused or Status.NotExecutable
                or Status.Returned,
        // What nobody confirmed in time is withdrawn by the service.
        Kind.RequesterActed => step.RequesterActed.Status is Status.Withdrawn && entry.Facts?.TransmittedOn.Length > 0
            && entry.Step is not StepCode.LapseTransmission,
        _ => false,
    };
}
