using Exchange.Requests.V1;
using Kind = Exchange.Requests.V1.Step.KindOneofCase;

namespace Exchange.Client;

/// <summary>
/// Whether the facts of an entry show what its step says. Figures are made from facts alone, so that facts which say more or something else
/// would turn a refusal into an execution. What follows from steps before it is in the entries before it; a correction restates all.
/// </summary>
static class StatedFacts
{
    public static bool Follow(JournalEntry entry)
    {
        var (facts, step) = (entry.Facts, entry.Steps[0]);
        return facts is not null && step.KindCase switch
        {
            Kind.Transmitted => facts.Status is Status.Transmitted && facts.TransmittedOn == step.OccurredOn
                && facts.Channel == step.Transmitted.Channel && facts.TimeLimits.Equals(step.Transmitted.TimeLimits)
                && (facts.TransmittedAlone?.Stake ?? Stake.Unspecified) == step.Transmitted.Alone && facts.Answers.Count == 0,
            Kind.PartnerActed => Follow(facts, step.PartnerActed, step.OccurredOn),
            Kind.RequesterActed => facts.Status == step.RequesterActed.Status
                && (facts.Status is not (Status.Closed or Status.ClosedUnanswered) || facts.ClosedOn == step.OccurredOn)
                && (facts.Status is not Status.Withdrawn || facts.TransmittedOn.Length == 0
                    || (facts.Ending is { Outcome: Outcome.Withdrawn, RecordedBy: Side.RequestingSide } ending
                        && ending.EndedOn == step.OccurredOn)),
            Kind.LetterWritten => !step.LetterWritten.Amendment
                || (facts.AmendedOn.Count > 0 && facts.AmendedOn[^1] == step.OccurredOn && facts.LetterVersion > 1),
            Kind.ChannelChanged => facts.Channel == step.ChannelChanged.Channel,
            Kind.TransmissionConfirmed => facts.TransmittedAlone is { } alone && alone.ConfirmedOn == step.OccurredOn,
            Kind.Adopted => facts.Adopted,
            _ => true,
        };
    }

    static bool Follow(RequestFacts facts, PartnerActed acted, string on)
    {
        // The newest word is where the request stands, but for one that came late: then it stands further already.
        if (acted.Late == (facts.Status == acted.Status))
            return false;
        return acted.Status switch
        {
            Status.Delivered => facts.DeliveredOn.Length > 0,
            Status.Acknowledged => facts.AcknowledgedOn.Length > 0,
            Status.Recognised or Status.InExecution => facts.RecognisedOn.Length > 0,
            Status.Forwarded => facts.ForwardedOn.Length > 0,
            Status.SupplementRequested => facts.Supplements is [.., { ProvidedOn.Length: 0 } asked] && asked.RequestedOn == on,
            Status.Postponed => facts.Postponements is [.., var postponed] && postponed.PostponedOn == on
                && postponed.ExpectedOn == acted.ExpectedOn && postponed.Ground == acted.Ground,
            Status.Returned => facts.Ending is { } ending && ending.EndedOn == on && ending.Outcome == acted.Outcome
                && ending.Ground == acted.Ground && ending.RecordedBy == acted.RecordedBy,
            _ => facts.Answers is [.., var answer] && answer.AnsweredOn == on && answer.Outcome == acted.Outcome
                && answer.Ground == acted.Ground && answer.RecordedBy == acted.RecordedBy
                && answer.Final == (acted.Final || acted.Status is not Status.PartiallyExecuted)
                && answer.Measures.Equals(acted.Measures) && answer.Evidence.Equals(acted.Documents)
                // Anything before it was an answer in part: more than one that is final is more than was said.
                && facts.Answers.SkipLast(1).All(before => !before.Final || acted.Late),
        };
    }
}
