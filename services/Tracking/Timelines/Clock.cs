using Exchange.Requests.V1;

namespace Exchange.Tracking;

/// <summary>
/// The clocks of one request as they stood at the end of a day, from what had happened by then and nothing after. Every figure
/// is a sum over these. Days are day numbers, <see cref="Timeline.Never"/> for "not by then". The calculation is that of
/// <see cref="ClockLanes"/>, of which this is one lane.
/// </summary>
readonly record struct Clock
{
    Clock(in ClockLanes lanes, bool isAsking)
    {
        (Seen, Transmitted, Due, Ended) = (lanes.Seen[0], lanes.Transmitted[0], lanes.Due[0], lanes.Ended[0]);
        (Waited, Gross, Net) = (lanes.Waited[0], lanes.Gross[0], lanes.Net[0]);
        (First, Final, FinalDays) = ((Outcome)lanes.First[0], (Outcome)lanes.Final[0], lanes.FinalDays[0]);
        Acknowledgement = new(lanes.AcknowledgementDays[0], lanes.IsAcknowledged[0] != 0);
        Recognition = new(lanes.RecognitionDays[0], lanes.IsRecognised[0] != 0);
        (IsOpen, IsAnswered, Heard) = (lanes.IsOpen[0] != 0, lanes.IsAnswered[0] != 0, lanes.IsHeard[0] != 0);
        (FallenDue, OnTime) = (lanes.FallenDue[0] != 0, lanes.OnTime[0] != 0);
        (NetOnTime, Silent) = (lanes.NetOnTime[0] != 0, lanes.Silent[0] != 0);
        AnswerRecordedBy = (Side)(lanes.RecordedBy & lanes.IsAnswered)[0];
        WaitingOnUs = IsOpen && isAsking;
    }

    /// <summary>The day it is seen at: the as-of day, or the last day its register was kept where that came first.</summary>
    public int Seen { get; }

    public int Transmitted { get; }

    /// <summary>
    /// The due day of the kind of limit asked for; never where the request has no limit of that kind, and then it never falls due.
    /// </summary>
    public int Due { get; }

    /// <summary>What ended the wait: the first answer, or a withdrawal or return before any. Unspecified while open.</summary>
    public Outcome First { get; }

    /// <summary>The day the wait ended.</summary>
    public int Ended { get; }

    /// <summary>Days on which the partner waited for the requester's reply, up to the end of the wait.</summary>
    public int Waited { get; }

    /// <summary>Days from transmission to the end of the wait, or to the day it is seen at while it lasts; at least 0.</summary>
    public int Gross { get; }

    /// <summary>Gross days without those on which the partner waited for the requester's reply.</summary>
    public int Net { get; }

    public Stage Acknowledgement { get; }

    public Stage Recognition { get; }

    /// <summary>What ended the whole matter: the final answer, a withdrawal or a return. Unspecified while nothing has.</summary>
    public Outcome Final { get; }

    /// <summary>Days from transmission to the end of the whole matter, or to the day it is seen at; at least 0.</summary>
    public int FinalDays { get; }

    /// <summary>Whether the requested side did anything, even short of an answer.</summary>
    public bool Heard { get; }

    /// <summary>Whether it is open and a question of the partner waits for the requester's reply.</summary>
    public bool WaitingOnUs { get; }

    /// <summary>Whether it is neither answered nor withdrawn nor returned.</summary>
    public bool IsOpen { get; }

    /// <summary>Whether the wait was ended by an answer.</summary>
    public bool IsAnswered { get; }

    /// <summary>Whether the due day is reached, and the request was not withdrawn or returned before it.</summary>
    public bool FallenDue { get; }

    /// <summary>Whether it was answered on the due day or before.</summary>
    public bool OnTime { get; }

    /// <summary>Whether it was answered on time when days of <see cref="Waited"/> are not counted.</summary>
    public bool NetOnTime { get; }

    /// <summary>Whether it has fallen due, is open, and nothing was ever heard of it.</summary>
    public bool Silent { get; }

    /// <summary>The side that recorded the first answer; unspecified where there is none.</summary>
    public Side AnswerRecordedBy { get; }

    /// <summary>Whether it has fallen due and is open.</summary>
    public bool Overdue => FallenDue && IsOpen;

    public DateOnly SeenOn => DateOnly.FromDayNumber(Seen);

    public DateOnly TransmittedOn => DateOnly.FromDayNumber(Transmitted);

    /// <summary><see cref="Due"/>; null for never.</summary>
    public DateOnly? DueOn => Timeline.DayOf(Due);

    /// <summary><see cref="Ended"/>; null for never.</summary>
    public DateOnly? EndedOn => Timeline.DayOf(Ended);

    /// <summary>The clocks of a request as of a day; null where it had not been transmitted by then.</summary>
    /// <param name="facts">The request.</param>
    /// <param name="asOf">The last day that counts.</param>
    /// <param name="kind">The kind of limit by which it falls due.</param>
    /// <exception cref="FormatException">A day is not written as the contract says.</exception>
    public static Clock? At(RequestFacts facts, DateOnly asOf, LimitKind kind)
    {
        var timeline = Timeline.Of(facts);
        var seen = timeline.Limits.SeenOn(asOf.DayNumber);
        return timeline.Transmitted <= seen
            ? new(ClockLanes.At(TimelineLanes.Of(timeline, seen), new(seen), new(timeline.Limits.DaysOf(kind))), timeline.IsAsking(seen))
            : null;
    }
}

/// <summary>A stage on the way to an answer.</summary>
/// <param name="Days">Days from transmission until the stage was reached, or for which it was waited for in vain; at least 0.</param>
/// <param name="Reached">Whether it was reached.</param>
readonly record struct Stage(int Days, bool Reached);
