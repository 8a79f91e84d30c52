using Exchange.Contracts;
using Exchange.Requests.V1;
using Kind = Exchange.Requests.V1.Act.StepOneofCase;

namespace Exchange.Client;

/// <summary>
/// Whether an entry of the journal says what the officer signed. It needs no key but the public one of his certificate, and so can be asked
/// by whoever reads the journal, also after the request's key was destroyed.
/// </summary>
public static class SignedActs
{
    /// <summary>What is wrong with an entry; null where it says what was signed, or binds nobody and is not signed.</summary>
    public static string? Fault(JournalEntry entry)
    {
        if (entry.Statement.IsEmpty)
            return entry.Step == StepCode.Remind || entry.Signature is not null ? RungSigning.Fault(entry) : null;
        if (CanonicalBytes.Read(entry.Statement.Span, ActStatement.Parser) is not { Act: { } act } statement)
            return "what its officer said cannot be read";
        if (act.Code() != entry.Step || act.CommandId != entry.CommandId || act.Etag != $"\"{entry.Version - 1}\""
            || !IsOf(act.Request, entry))
            return "it is not what its officer said: request, version or step";
        if (entry.Signature is { } signature && ActSigning.Fault(signature, entry.Statement, entry.Actor) is { } fault)
            return fault;
        return entry.Steps.Count == 0 || SaysTheSame(statement, entry) ? null : "its steps are not what its officer said";
    }

    // An officer may name a request by its uuid or by its reference.
    static bool IsOf(string request, JournalEntry entry) =>
        request == entry.Aggregate || request == RequestId.Prefix + entry.Facts?.Reference;

    /// <summary>What an act fixes of the step that it led to; dates beside those that he gave are the service's own.</summary>
    static bool SaysTheSame(ActStatement statement, JournalEntry entry)
    {
        var (act, step) = (statement.Act, entry.Steps[0]);
        if (act.OccurredOn.Length > 0 && act.OccurredOn != step.OccurredOn)
            return false;
        return act.StepCase switch
        {
            Kind.Answer => step.PartnerActed is { } acted && IsAnswer(act.Answer, acted)
                && entry.Facts.Answers.Any(answer => answer.Outcome == act.Answer.Outcome && answer.Ground == act.Answer.Ground),
            Kind.ReturnLetter => step.PartnerActed is { Outcome: Outcome.Returned } acted && acted.Ground == act.ReturnLetter.Ground,
            Kind.Postpone => step.PartnerActed is { } acted && acted.Ground == act.Postpone.Ground
                && acted.ExpectedOn == act.Postpone.ExpectedOn,
            Kind.Transmit => step.Transmitted is { } sent && sent.Channel == act.Transmit.Channel
                && (act.Transmit.PostedOn.Length == 0 || act.Transmit.PostedOn == step.OccurredOn),
            Kind.TransmitAlone => step.Transmitted is { } sent && sent.Channel == act.TransmitAlone.Channel
                && (act.TransmitAlone.PostedOn.Length == 0 || act.TransmitAlone.PostedOn == step.OccurredOn),
            Kind.Amend => step.LetterWritten is { Amendment: true } && statement.Commitments.Any(commitment =>
                commitment.Part == "amend.letter" && commitment.Hash.Equals(entry.Dossier.LetterHash)),
            Kind.Withdraw => step.RequesterActed is { Status: Status.Withdrawn },
            Kind.ChangeChannel => step.ChannelChanged is { } changed && changed.Channel == act.ChangeChannel.Channel,
            Kind.Approve => step.Approved is { } approved && approved.LetterHash.Equals(act.Approve.LetterHash),
            _ => true,
        };
    }

    static bool IsAnswer(GiveAnswer answer, PartnerActed acted) =>
        acted.Outcome == answer.Outcome && acted.Ground == answer.Ground && acted.Final == answer.Final
        && acted.Documents.Equals(answer.Evidence) && (answer.Measures.Count == 0 || acted.Measures.Equals(answer.Measures));
}
