using System.Runtime.CompilerServices;
using Exchange.Requests.V1;
using static Exchange.Tracking.Unbranched;

namespace Exchange.Tracking;

/// <summary>
/// How one request stood at the end of a day: what had happened by then and nothing after. Every figure is a sum over
/// these. Days within are day numbers, <see cref="Course.Never"/> for "not by then".
/// </summary>
readonly record struct Clock
{
    /// <summary>The day it is seen at: the as-of day, or the last day its register was kept where that came first.</summary>
    public required int Seen { get; init; }

    public required int Transmitted { get; init; }

    /// <summary>By the kind of limit asked for; never when it has none of that kind, and then it never falls due.</summary>
    public required int Due { get; init; }

    /// <summary>What ended the wait: the first answer, or a withdrawal or return before any. Unspecified while open.</summary>
    public required Outcome First { get; init; }

    public required int Ended { get; init; }

    public required Side RecordedBy { get; init; }

    /// <summary>Days the partner waited for the requester's reply, up to the end of the wait.</summary>
    public required int Waited { get; init; }

    public required Stage Acknowledgement { get; init; }

    public required Stage Recognition { get; init; }

    /// <summary>What ended the whole matter: the final answer, a withdrawal or a return.</summary>
    public required Outcome Final { get; init; }

    public required int FinalDays { get; init; }

    /// <summary>The requested side did something, be it short of an answer.</summary>
    public required bool Heard { get; init; }

    /// <summary>A question of the partner is open.</summary>
    public required bool WaitingOnUs { get; init; }

    public DateOnly SeenOn => DateOnly.FromDayNumber(Seen);

    public DateOnly TransmittedOn => DateOnly.FromDayNumber(Transmitted);

    public DateOnly? DueOn => Day.OfNumber(Due);

    public DateOnly? EndedOn => Day.OfNumber(Ended);

    public bool IsOpen => First == Outcome.Unspecified;

    public bool IsAnswered => First is Outcome.Executed or Outcome.PartiallyExecuted or Outcome.Refused or Outcome.NotExecutable;

    // One officer's evening is another's morning: the partner's legal day may lie before the day of transmission.
    public int Gross => NotNegative(Least(Ended, Seen) - Transmitted);

    public int Net => Gross - Waited;

    public bool FallenDue => Due <= Seen & (IsOpen | IsAnswered | Ended >= Due);

    public bool OnTime => Due != Course.Never & IsAnswered & Ended <= Due;

    public bool NetOnTime => Due != Course.Never & IsAnswered & Ended - Waited <= Due;

    public bool Overdue => FallenDue & IsOpen;

    public bool Silent => Overdue & !Heard;

    /// <summary>Who recorded the first answer; unspecified where there is none.</summary>
    public Side AnswerRecordedBy => (Side)If(IsAnswered, (int)RecordedBy);

    /// <summary>The request as of a day; null where it had not been transmitted by then.</summary>
    public static Clock? At(RequestFacts facts, DateOnly asOf, LimitKind kind)
    {
        var course = Course.Of(facts);
        var seen = course.Terms.SeenOn(asOf.DayNumber);
        return course.Transmitted <= seen ? At(course, seen, course.Terms.DaysOf(kind)) : null;
    }

    /// <summary>The request as it was seen on a day, which is not before that of its transmission.</summary>
    /// <param name="course">What happened to it on any day.</param>
    /// <param name="seen">By <see cref="Terms.SeenOn"/>.</param>
    /// <param name="dueAfter">By <see cref="Terms.DaysOf"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Clock At(in Course course, int seen, int dueAfter)
    {
        var ended = course.Ended <= seen;
        var finished = course.Finished <= seen;
        var end = Least(course.Ended, seen);
        return new()
        {
            Seen = seen,
            Transmitted = course.Transmitted,
            Due = Choose(dueAfter == Course.Never, Course.Never, course.Transmitted + If(dueAfter != Course.Never, dueAfter)),
            First = (Outcome)If(ended, (int)course.First),
            Ended = Choose(ended, course.Ended, Course.Never),
            RecordedBy = (Side)If(ended, (int)course.RecordedBy),
            Waited = WaitedUntil(course, end),
            Acknowledgement = Stage.Of(course.Acknowledged, course.Transmitted, seen, end),
            Recognition = Stage.Of(course.Recognised, course.Transmitted, seen, end),
            Final = (Outcome)If(finished, (int)course.Final),
            FinalDays = NotNegative(Least(course.Finished, seen) - course.Transmitted),
            Heard = course.Heard <= seen,
            WaitingOnUs = !ended & IsAsking(course, seen),
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int WaitedUntil(in Course course, int end)
    {
        var waited = NotNegative(Least(course.Provided, end) - Greatest(course.Asked, course.Transmitted));
        return course.AskedAgain is { } again ? waited + WaitedAgain(again, course.Transmitted, end) : waited;
    }

    static int WaitedAgain((int Asked, int Provided)[] again, int from, int end)
    {
        var waited = 0;
        foreach (var (asked, provided) in again)
            waited += Math.Max(0, Math.Min(provided, end) - Math.Max(asked, from));
        return waited;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool IsAsking(in Course course, int seen) =>
        (course.Asked <= seen & seen < course.Provided) || (course.AskedAgain is { } again && IsAskingAgain(again, seen));

    static bool IsAskingAgain((int Asked, int Provided)[] again, int seen) =>
        Array.Exists(again, question => question.Asked <= seen && seen < question.Provided);
}

/// <summary>A stage on the way: reached after so many days, or not reached in as many as it was watched for.</summary>
readonly record struct Stage(int Days, bool Reached)
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Stage Of(int reached, int transmitted, int seen, int end) =>
        new(NotNegative(Choose(reached <= seen, reached, end) - transmitted), reached <= seen);
}
