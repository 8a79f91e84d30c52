using Exchange.Requests.V1;

namespace Exchange.Tracking;

/// <summary>
/// How one request stood at the end of a day: what its facts say had happened by then and nothing after. Every figure is
/// a sum over these.
/// </summary>
readonly record struct Clock
{
    /// <summary>The day it is seen at: the as-of day, or the last day its register was kept where that came first.</summary>
    public required DateOnly SeenOn { get; init; }

    public required DateOnly TransmittedOn { get; init; }

    /// <summary>By the kind of limit asked for; null when it has none of that kind, and then it never falls due.</summary>
    public DateOnly? DueOn { get; init; }

    /// <summary>What ended the wait: the first answer, or a withdrawal or return before any. Unspecified while open.</summary>
    public Outcome First { get; init; }

    public DateOnly? EndedOn { get; init; }

    public Side RecordedBy { get; init; }

    /// <summary>Days the partner waited for the requester's reply, up to the end of the wait.</summary>
    public int Waited { get; init; }

    public Stage Acknowledgement { get; init; }

    public Stage Recognition { get; init; }

    /// <summary>What ended the whole matter: the final answer, a withdrawal or a return.</summary>
    public Outcome Final { get; init; }

    public int FinalDays { get; init; }

    /// <summary>The requested side did something, be it short of an answer. A delivery is the carrier's doing, not its own.</summary>
    public bool Heard { get; init; }

    /// <summary>A question of the partner is open.</summary>
    public bool WaitingOnUs { get; init; }

    public bool IsOpen => First == Outcome.Unspecified;

    public bool IsAnswered => First is Outcome.Executed or Outcome.PartiallyExecuted or Outcome.Refused or Outcome.NotExecutable;

    // One officer's evening is another's morning: the partner's legal day may lie before the day of transmission.
    public int Gross => Math.Max(0, (EndedOn ?? SeenOn).DaysSince(TransmittedOn));

    public int Net => Gross - Waited;

    public bool FallenDue => DueOn <= SeenOn && (IsOpen || IsAnswered || EndedOn >= DueOn);

    public bool OnTime => IsAnswered && EndedOn <= DueOn;

    public bool NetOnTime => IsAnswered && EndedOn?.AddDays(-Waited) <= DueOn;

    public bool Overdue => FallenDue && IsOpen;

    public bool Silent => Overdue && !Heard;

    /// <summary>The request as of a day; null where it had not been transmitted by then.</summary>
    public static Clock? At(RequestFacts facts, DateOnly asOf, LimitKind kind)
    {
        var seenOn = facts.IsObserved() && Day.Of(facts.ObservedUntil) is { } observed && observed < asOf ? observed : asOf;
        if (Day.Of(facts.TransmittedOn) is not { } transmitted || transmitted > seenOn)
            return null;

        var ending = Ends.Of(facts.Ending, seenOn);
        var first = Ends.Earlier(Ends.FirstOf(facts.Answers, seenOn), ending);
        var final = Ends.Earlier(Ends.FirstOf(facts.Answers.Where(a => a.Final), seenOn), ending);
        var ended = first.On ?? seenOn;
        return new()
        {
            SeenOn = seenOn,
            TransmittedOn = transmitted,
            DueOn = facts.DueOn(kind),
            First = first.Outcome,
            EndedOn = first.On,
            RecordedBy = first.RecordedBy,
            Waited = facts.Waited(transmitted, ended),
            Acknowledgement = Stage.Of(facts.AcknowledgedOn, transmitted, seenOn, ended),
            Recognition = Stage.Of(facts.RecognisedOn, transmitted, seenOn, ended),
            Final = final.Outcome,
            FinalDays = Math.Max(0, (final.On ?? seenOn).DaysSince(transmitted)),
            Heard = facts.Heard(seenOn),
            WaitingOnUs = first.On is null && facts.Supplements.Any(s => Day.HappenedBy(s.RequestedOn, seenOn) && !Day.HappenedBy(s.ProvidedOn, seenOn)),
        };
    }

    /// <summary>An answer, withdrawal or return; without a day while there is none.</summary>
    readonly record struct Ends(DateOnly? On, Outcome Outcome, Side RecordedBy)
    {
        public static Ends FirstOf(IEnumerable<Answer> answers, DateOnly asOf)
        {
            var first = new Ends();
            foreach (var answer in answers)
                if (Day.Of(answer.AnsweredOn) is { } on && on <= asOf && !(first.On <= on))
                    first = new(on, answer.Outcome, answer.RecordedBy);
            return first;
        }

        public static Ends Of(Ending? ending, DateOnly asOf) =>
            ending is not null && Day.Of(ending.EndedOn) is { } on && on <= asOf ? new(on, ending.Outcome, ending.RecordedBy) : new();

        // On one day the answer counts: it was there before the letter was called back.
        public static Ends Earlier(Ends answer, Ends ending) => ending.On is null || answer.On <= ending.On ? answer : ending;
    }
}

/// <summary>A stage on the way: reached after so many days, or not reached in as many as it was watched for.</summary>
readonly record struct Stage(int Days, bool Reached)
{
    public static Stage Of(string reachedOn, DateOnly transmitted, DateOnly seenOn, DateOnly ended) =>
        Day.Of(reachedOn) is { } day && day <= seenOn
            ? new(Math.Max(0, day.DaysSince(transmitted)), true)
            : new(Math.Max(0, ended.DaysSince(transmitted)), false);
}
