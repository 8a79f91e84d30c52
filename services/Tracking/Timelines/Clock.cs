using Exchange.Requests.V1;

namespace Exchange.Tracking;

/// <summary>
/// How one request stood at the end of a day: what had happened by then and nothing after. Every figure is a sum over
/// these. Days within are day numbers, <see cref="Course.Never"/> for "not by then".
/// </summary>
readonly record struct Clock
{
    Clock(in Clocks clocks, bool isAsking)
    {
        (Seen, Transmitted, Due, Ended, Waited, Gross, Net) = (clocks.Seen[0], clocks.Transmitted[0], clocks.Due[0], clocks.Ended[0], clocks.Waited[0], clocks.Gross[0], clocks.Net[0]);
        (First, Final, FinalDays) = ((Outcome)clocks.First[0], (Outcome)clocks.Final[0], clocks.FinalDays[0]);
        Acknowledgement = new(clocks.AcknowledgementDays[0], clocks.IsAcknowledged[0] != 0);
        Recognition = new(clocks.RecognitionDays[0], clocks.IsRecognised[0] != 0);
        (IsOpen, IsAnswered, Heard) = (clocks.IsOpen[0] != 0, clocks.IsAnswered[0] != 0, clocks.IsHeard[0] != 0);
        (FallenDue, OnTime, NetOnTime, Silent) = (clocks.FallenDue[0] != 0, clocks.OnTime[0] != 0, clocks.NetOnTime[0] != 0, clocks.Silent[0] != 0);
        AnswerRecordedBy = (Side)(clocks.RecordedBy & clocks.IsAnswered)[0];
        WaitingOnUs = IsOpen && isAsking;
    }

    /// <summary>The day it is seen at: the as-of day, or the last day its register was kept where that came first.</summary>
    public int Seen { get; }

    public int Transmitted { get; }

    /// <summary>By the kind of limit asked for; never when it has none of that kind, and then it never falls due.</summary>
    public int Due { get; }

    /// <summary>What ended the wait: the first answer, or a withdrawal or return before any. Unspecified while open.</summary>
    public Outcome First { get; }

    public int Ended { get; }

    /// <summary>Days the partner waited for the requester's reply, up to the end of the wait.</summary>
    public int Waited { get; }

    public int Gross { get; }

    public int Net { get; }

    public Stage Acknowledgement { get; }

    public Stage Recognition { get; }

    /// <summary>What ended the whole matter: the final answer, a withdrawal or a return.</summary>
    public Outcome Final { get; }

    public int FinalDays { get; }

    /// <summary>The requested side did something, be it short of an answer.</summary>
    public bool Heard { get; }

    /// <summary>A question of the partner is open.</summary>
    public bool WaitingOnUs { get; }

    public bool IsOpen { get; }

    public bool IsAnswered { get; }

    public bool FallenDue { get; }

    public bool OnTime { get; }

    public bool NetOnTime { get; }

    public bool Silent { get; }

    /// <summary>Who recorded the first answer; unspecified where there is none.</summary>
    public Side AnswerRecordedBy { get; }

    public bool Overdue => FallenDue && IsOpen;

    public DateOnly SeenOn => DateOnly.FromDayNumber(Seen);

    public DateOnly TransmittedOn => DateOnly.FromDayNumber(Transmitted);

    public DateOnly? DueOn => Day.OfNumber(Due);

    public DateOnly? EndedOn => Day.OfNumber(Ended);

    /// <summary>The request as of a day; null where it had not been transmitted by then.</summary>
    public static Clock? At(RequestFacts facts, DateOnly asOf, LimitKind kind)
    {
        var course = Course.Of(facts);
        var seen = course.Terms.SeenOn(asOf.DayNumber);
        return course.Transmitted <= seen
            ? new(Clocks.At(Courses.Of(course, seen), new(seen), new(course.Terms.DaysOf(kind))), course.IsAsking(seen))
            : null;
    }
}

/// <summary>A stage on the way: reached after so many days, or not reached in as many as it was watched for.</summary>
readonly record struct Stage(int Days, bool Reached);
