using Exchange.Requests.V1;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Kind = Exchange.Requests.V1.Act.StepOneofCase;

namespace Exchange.Client;

/// <summary>
/// Whether the steps of an entry are those that an act leads to. The service adds what an act leaves to it: the day, where the officer gave
/// none, the measures that an answer speaks of without naming them, time limits, and whether the answer came late.
/// </summary>
static class StatedSteps
{
    public static bool Fit(ActStatement statement, JournalEntry entry)
    {
        var act = statement.Act;
        // A correction is two steps, what is superseded and what stands in its place, and any other act is one.
        if (entry.Steps is not [var step, ..] || (entry.Steps.Count > 1 && step.Corrected is null)
            || (act.OccurredOn.Length > 0 && act.OccurredOn != step.OccurredOn))
            return false;
        // Words that are no officer's are in the correction of a register alone.
        if (step.Corrected is { Reason.Length: > 0 })
            return false;
        return HandsOver(statement, step, entry.Dossier) && act.StepCase switch
        {
            Kind.SaveDraft => step.LetterWritten is { Amendment: false } && Commits(statement, "save_draft.letter", entry),
            Kind.Amend => step.LetterWritten is { Amendment: true } && Commits(statement, "amend.letter", entry),
            Kind.NameSubjects => step.SubjectsNamed is { } named && act.NameSubjects.Withdraw.All(name => named.Subjects.Any(subject =>
                name.EndsWith($"/{subject.SubjectId}", StringComparison.Ordinal) && subject.WithdrawnIn == entry.Version)),
            Kind.Assign => step.Assigned is not null,
            Kind.Submit => IsRequester(step, Status.Submitted),
            Kind.SendBack => IsRequester(step, Status.Draft),
            Kind.ProvideSupplement => IsRequester(step, Status.SupplementProvided),
            Kind.Withdraw => IsRequester(step, Status.Withdrawn),
            Kind.Close => IsRequester(step, Status.Closed),
            Kind.CloseUnanswered => IsRequester(step, Status.ClosedUnanswered),
            Kind.Approve => step.Approved is { } approved && approved.LetterHash.Equals(act.Approve.LetterHash),
            Kind.Transmit => IsSent(step, act.Transmit.Channel, act.Transmit.PostedOn, Stake.Unspecified),
            Kind.TransmitAlone => IsSent(step, act.TransmitAlone.Channel, act.TransmitAlone.PostedOn, act.TransmitAlone.Stake),
            Kind.ConfirmTransmission => step.TransmissionConfirmed is { } confirmed
                && confirmed.LetterHash.Equals(act.ConfirmTransmission.LetterHash),
            Kind.Adopt => step.Adopted is not null,
            Kind.ChangeChannel => step.ChannelChanged is { } changed && changed.Channel == act.ChangeChannel.Channel,
            Kind.RequestStatusReport => step.StatusReported is { Side: Side.RequestingSide },
            Kind.ReportStatus => step.StatusReported is { Side: Side.RequestedSide },
            Kind.ProposeCorrection => step.CorrectionProposed is { Proposal: { } proposal }
                && Corrects(act.ProposeCorrection, proposal.Version, proposal.Step, proposal.Replacement),
            Kind.CorrectOwnEntry => step.Corrected is { } corrected && entry.Steps.Count <= 2
                && corrected.ProposedBy == entry.Actor.Identity
                && Corrects(act.CorrectOwnEntry, corrected.SupersededVersion, corrected.SupersededStep, entry.Steps.ElementAtOrDefault(1)),
            Kind.ConfirmCorrection => step.Corrected is { ProposedBy.Length: > 0 } corrected && entry.Steps.Count <= 2
                && corrected.ProposedBy != entry.Actor.Identity,
            Kind.RejectCorrection => step.CorrectionProposed is { Proposal: null },
            Kind.ConfirmDelivery => IsPartner(act, step, Status.Delivered),
            Kind.Acknowledge => IsPartner(act, step, Status.Acknowledged),
            Kind.Recognise => IsPartner(act, step, Status.Recognised),
            Kind.StartExecution => IsPartner(act, step, Status.InExecution),
            Kind.RequestSupplement => IsPartner(act, step, Status.SupplementRequested),
            Kind.Forward => IsPartner(act, step, Status.Forwarded),
            Kind.Postpone => IsPartner(act, step, Status.Postponed, ground: act.Postpone.Ground, expectedOn: act.Postpone.ExpectedOn),
            Kind.ReturnLetter => IsPartner(act, step, Status.Returned, Outcome.Returned, act.ReturnLetter.Ground),
            Kind.Answer => IsPartner(act, step, StatusOf(act.Answer.Outcome), act.Answer.Outcome, act.Answer.Ground)
                && step.PartnerActed.Final == act.Answer.Final && FitMeasures(act.Answer, step.PartnerActed.Measures),
            _ => false,
        };
    }

    /// <summary>The documents are those that the officer named, and in the dossier each is what he committed to.</summary>
    static bool HandsOver(ActStatement statement, Step step, RequestDossier? dossier)
    {
        var named = statement.Act.Documents();
        var handed = step.PartnerActed?.Documents ?? step.RequesterActed?.Documents ?? [];
        return handed.SequenceEqual(named) && statement.Documents.Select(document => document.Document).SequenceEqual(named)
            && statement.Documents.All(document => dossier?.Documents.FirstOrDefault(known =>
                document.Document.EndsWith($"/{known.DocumentId}", StringComparison.Ordinal))?.Commitment
                .Equals(document.Commitment) == true);
    }

    // A letter that says nothing is committed to as well, unless the act brings none at all.
    static bool Commits(ActStatement statement, string part, JournalEntry entry) =>
        statement.Commitments.FirstOrDefault(commitment => commitment.Part == part) is not { } commitment
            || commitment.Hash.Equals(entry.Dossier?.LetterHash ?? ByteString.Empty);

    static bool IsRequester(Step step, Status status) => step.RequesterActed is { } acted && acted.Status == status;

    static bool IsSent(Step step, Channel channel, string postedOn, Stake alone) => step.Transmitted is { } sent
        && sent.Channel == channel && sent.Alone == alone && (postedOn.Length == 0 || postedOn == step.OccurredOn);

    // Who records for a partner names the day, and nobody else does.
    static bool IsPartner(
        Act act, Step step, Status status, Outcome outcome = Outcome.Unspecified, string ground = "", string expectedOn = "") =>
        step.PartnerActed is { } acted && acted.Status == status && acted.Outcome == outcome && acted.Ground == ground
        && acted.ExpectedOn == expectedOn
        && acted.RecordedBy == (act.OccurredOn.Length > 0 ? Side.RequestingSide : Side.RequestedSide)
        && (act.StepCase is Kind.Answer || (!acted.Final && acted.Measures.Count == 0));

    static bool FitMeasures(GiveAnswer answer, RepeatedField<MeasureOutcome> measures) => answer.Measures.Count > 0
        ? measures.Equals(answer.Measures)
        : measures.All(measure => measure.Done == (answer.Outcome is Outcome.Executed) && measure.Ground == answer.Ground);

    static bool Corrects(ProposeCorrection act, int version, int step, Step? replacement) => act.Version == version && act.Step == step
        && act.Strike == replacement is null && (replacement is null || IsReplaced(act, replacement));

    // What the act leaves empty stays as it was.
    static bool IsReplaced(ProposeCorrection act, Step right) =>
        (act.OccurredOn.Length == 0 || act.OccurredOn == right.OccurredOn)
        && (act.Outcome is Outcome.Unspecified
            || (right.PartnerActed is { } answered && answered.Outcome == act.Outcome && answered.Status == StatusOf(act.Outcome)))
        && (act.Ground.Length == 0 || right.PartnerActed?.Ground == act.Ground)
        && (act.ExpectedOn.Length == 0 || right.PartnerActed?.ExpectedOn == act.ExpectedOn);

    static Status StatusOf(Outcome outcome) => outcome switch
    {
        Outcome.Executed => Status.Executed,
        Outcome.PartiallyExecuted => Status.PartiallyExecuted,
        Outcome.Refused => Status.Refused,
        Outcome.NotExecutable => Status.NotExecutable,
        Outcome.Returned => Status.Returned,
        _ => Status.Unspecified,
    };
}
