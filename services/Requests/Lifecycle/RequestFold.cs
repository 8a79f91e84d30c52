using Exchange.Requests.V1;
using Kind = Exchange.Requests.V1.Step.KindOneofCase;

namespace Exchange.Requests;

/// <summary>What a step makes of the facts. Replaying every step that still stands gives the facts that stand.</summary>
static class RequestFold
{
    /// <summary>Changes the facts in place.</summary>
    public static void Apply(RequestFacts facts, Step step)
    {
        switch (step.KindCase)
        {
            case Kind.Transmitted:
                facts.Status = Status.Transmitted;
                facts.TransmittedOn = step.OccurredOn;
                facts.Channel = step.Transmitted.Channel;
                facts.LetterVersion = 1;
                facts.TransmittedAlone = step.Transmitted.Alone is Stake.Unspecified ? null : new() { Stake = step.Transmitted.Alone };
                Give(facts);
                facts.TimeLimits.Clear();
                facts.TimeLimits.Add(step.Transmitted.TimeLimits);
                break;
            case Kind.PartnerActed:
                PartnerActed(facts, step.PartnerActed, step.OccurredOn);
                break;
            case Kind.RequesterActed:
                RequesterActed(facts, step.RequesterActed.Status, step.OccurredOn);
                break;
            case Kind.LetterWritten when step.LetterWritten.Amendment:
                facts.LetterVersion++;
                facts.AmendedOn.Add(step.OccurredOn);
                break;
            case Kind.Adopted:
                facts.Adopted = true;
                break;
            case Kind.ChannelChanged:
                facts.Channel = step.ChannelChanged.Channel;
                Give(facts);
                break;
            case Kind.StatusReported:
                Reported(facts, step.StatusReported.Side, step.OccurredOn);
                break;
            case Kind.Reminded:
                facts.Reminders.Add(new Reminder { RemindedOn = step.OccurredOn, Rung = step.Reminded.Rung });
                break;
            case Kind.TransmissionConfirmed:
                facts.TransmittedAlone?.ConfirmedOn = step.OccurredOn;
                break;
            case Kind.TransmissionLapsed:
                facts.TransmittedAlone?.LapsedOn = step.OccurredOn;
                break;
            case Kind.Superseded:
                facts.SupersededBy = step.Superseded.By;
                break;
            default:
                break; // Letters, subjects, documents, assignments and approvals are kept beside the facts.
        }
    }

    /// <summary>The facts as they were before anything happened: what the letter says stays, every day is gone.</summary>
    public static RequestFacts WithoutSteps(RequestFacts facts)
    {
        var bare = facts.Clone();
        bare.Status = Status.Draft;
        bare.TransmittedOn = bare.DeliveredOn = bare.AcknowledgedOn = bare.RecognisedOn = bare.ForwardedOn = bare.ClosedOn =
            bare.SupersededBy = "";
        bare.Supplements.Clear();
        bare.Answers.Clear();
        bare.Postponements.Clear();
        bare.TimeLimits.Clear();
        bare.StatusReports.Clear();
        bare.Reminders.Clear();
        bare.AmendedOn.Clear();
        bare.Ending = null;
        bare.TransmittedAlone = null;
        bare.LetterVersion = 0;
        bare.Given = false;
        bare.Adopted = false;
        return bare;
    }

    // What was given cannot be taken back: that the partner is reached by post from now on changes nothing of it.
    static void Give(RequestFacts facts) =>
        facts.Given |= facts.TransmittedOn.Length > 0 && facts.Channel is Channel.OnExchange;

    static void PartnerActed(RequestFacts facts, PartnerActed acted, string on)
    {
        if (!acted.Late)
            facts.Status = acted.Status;
        switch (acted.Status)
        {
            case Status.Delivered:
                facts.DeliveredOn = First(facts.DeliveredOn, on);
                break;
            case Status.Acknowledged:
                facts.AcknowledgedOn = First(facts.AcknowledgedOn, on);
                break;
            case Status.Recognised or Status.InExecution:
                facts.RecognisedOn = First(facts.RecognisedOn, on);
                break;
            case Status.Forwarded:
                facts.ForwardedOn = First(facts.ForwardedOn, on);
                break;
            case Status.SupplementRequested:
                facts.Supplements.Add(new Supplement { RequestedOn = on });
                break;
            case Status.Postponed:
                facts.Postponements.Add(new Postponement { PostponedOn = on, ExpectedOn = acted.ExpectedOn, Ground = acted.Ground });
                break;
            case Status.Returned:
                facts.Ending = new() { EndedOn = on, Outcome = acted.Outcome, Ground = acted.Ground, RecordedBy = acted.RecordedBy };
                break;
            case Status.Executed or Status.PartiallyExecuted or Status.Refused or Status.NotExecutable:
                facts.Answers.Add(new Answer
                {
                    AnsweredOn = on, Outcome = acted.Outcome, Ground = acted.Ground, RecordedBy = acted.RecordedBy,
                    Final = acted.Final || acted.Status != Status.PartiallyExecuted, Measures = { acted.Measures },
                    Evidence = { acted.Documents },
                });
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(acted), acted.Status, "No step of the partner leads there.");
        }
    }

    static void RequesterActed(RequestFacts facts, Status status, string on)
    {
        facts.Status = status;
        if (status is Status.SupplementProvided)
        {
            foreach (var open in facts.Supplements.Where(supplement => supplement.ProvidedOn.Length == 0))
                open.ProvidedOn = on;
        }
        else if (status is Status.Withdrawn && facts.TransmittedOn.Length > 0)
        {
            facts.Ending = new() { EndedOn = on, Outcome = Outcome.Withdrawn, RecordedBy = Side.RequestingSide };
        }
        else if (status is Status.Closed or Status.ClosedUnanswered)
        {
            facts.ClosedOn = on;
        }
    }

    static void Reported(RequestFacts facts, Side side, string on)
    {
        if (side == Side.RequestingSide)
        {
            facts.StatusReports.Add(new StatusReport { RequestedOn = on });
            return;
        }
        var owed = facts.StatusReports.Where(report => report.ReportedOn.Length == 0).ToList();
        foreach (var report in owed)
            report.ReportedOn = on;
        if (owed.Count == 0)
            facts.StatusReports.Add(new StatusReport { ReportedOn = on });
    }

    // A second word of the same thing does not move its day.
    static string First(string known, string on) => known.Length > 0 ? known : on;
}
