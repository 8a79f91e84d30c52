using System.Numerics;
using System.Runtime.CompilerServices;
using Exchange.Requests.V1;

namespace Exchange.Tracking;

/// <summary>
/// The clocks of several requests as they stood at the end of a day, one request in each lane, from what had happened by then and
/// nothing after. This is the only place where clocks are calculated; <see cref="Clock"/> documents the fields and is one lane.
/// </summary>
/// <remarks>
/// There are no branches. A condition is a mask, all bits of a lane set where it holds and none where not, as vector comparisons
/// give it; so <c>&amp;</c>, <c>|</c> and <c>~</c> combine conditions, a value <c>&amp;</c> a mask is the value or 0, and 0 is the
/// "unspecified" of the enumerations. "Never" is the largest number, so it compares as later than every day; adding to it would
/// overflow, which only <see cref="Due"/> could do and takes care of.
/// </remarks>
readonly struct ClockLanes
{
    static Vector<int> Never => new(Timeline.Never);

    public Vector<int> Seen { get; private init; }

    public Vector<int> Transmitted { get; private init; }

    public Vector<int> Due { get; private init; }

    /// <summary>An <see cref="Outcome"/> in each lane.</summary>
    public Vector<int> First { get; private init; }

    public Vector<int> Ended { get; private init; }

    /// <summary>A <see cref="Side"/> in each lane, of whatever ended the wait.</summary>
    public Vector<int> RecordedBy { get; private init; }

    public Vector<int> Waited { get; private init; }

    /// <summary>An <see cref="Outcome"/> in each lane.</summary>
    public Vector<int> Final { get; private init; }

    public Vector<int> FinalDays { get; private init; }

    /// <summary>The mask of requests that were acknowledged.</summary>
    public Vector<int> IsAcknowledged { get; private init; }

    public Vector<int> AcknowledgementDays { get; private init; }

    /// <summary>The mask of requests that were recognised.</summary>
    public Vector<int> IsRecognised { get; private init; }

    public Vector<int> RecognitionDays { get; private init; }

    /// <summary>The mask of requests of which the requested side has done anything.</summary>
    public Vector<int> IsHeard { get; private init; }

    /// <summary>The mask of requests that are neither answered nor withdrawn nor returned.</summary>
    public Vector<int> IsOpen => Vector.Equals(First, Vector<int>.Zero);

    /// <summary>
    /// The mask of requests that were answered. Outcomes that are answers are numbered from executed to not executable, without others
    /// between.
    /// </summary>
    public Vector<int> IsAnswered =>
        Vector.GreaterThanOrEqual(First, new((int)Outcome.Executed)) & Vector.LessThanOrEqual(First, new((int)Outcome.NotExecutable));

    // At least 0: one officer's evening is another's morning, and the partner's legal day may lie before the day of transmission.
    public Vector<int> Gross => Vector.Max(Vector.Min(Ended, Seen) - Transmitted, Vector<int>.Zero);

    public Vector<int> Net => Gross - Waited;

    /// <summary>The mask of requests that have fallen due.</summary>
    public Vector<int> FallenDue => Vector.LessThanOrEqual(Due, Seen) & (IsOpen | IsAnswered | Vector.GreaterThanOrEqual(Ended, Due));

    /// <summary>The mask of requests that were answered on the due day or before.</summary>
    public Vector<int> OnTime => HasDue & IsAnswered & Vector.LessThanOrEqual(Ended, Due);

    /// <summary>The mask of requests that were answered on time when days of waiting for the requester are not counted.</summary>
    public Vector<int> NetOnTime => HasDue & IsAnswered & Vector.LessThanOrEqual(Ended - Waited, Due);

    /// <summary>The mask of requests that have fallen due, are open, and of which nothing was ever heard.</summary>
    public Vector<int> Silent => FallenDue & IsOpen & ~IsHeard;

    Vector<int> HasDue => ~Vector.Equals(Due, Never);

    /// <summary>The clocks of requests as they were seen on a day.</summary>
    /// <param name="of">What happened to them on any day, earlier or later.</param>
    /// <param name="seen">
    /// The day numbers they are seen at, by <see cref="TimeLimitSet.SeenOn"/>; not before the day of transmission.
    /// </param>
    /// <param name="dueAfter">
    /// Days from transmission to the due day, by <see cref="TimeLimitSet.DaysOf"/>; never where there is no limit.
    /// </param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ClockLanes At(in TimelineLanes of, Vector<int> seen, Vector<int> dueAfter)
    {
        var isEnded = Vector.LessThanOrEqual(of.Ended, seen);
        var end = Vector.Min(of.Ended, seen);
        var isAcknowledged = Vector.LessThanOrEqual(of.Acknowledged, seen);
        var isRecognised = Vector.LessThanOrEqual(of.Recognised, seen);
        return new()
        {
            Seen = seen,
            Transmitted = of.Transmitted,
            Due = Vector.ConditionalSelect(Vector.Equals(dueAfter, Never), Never, of.Transmitted + dueAfter),
            First = of.First & isEnded,
            Ended = Vector.ConditionalSelect(isEnded, of.Ended, Never),
            RecordedBy = of.RecordedBy & isEnded,
            Waited = Vector.Max(Vector.Min(of.Provided, end) - Vector.Max(of.Asked, of.Transmitted), Vector<int>.Zero) + of.WaitedAgain,
            Final = of.Final & Vector.LessThanOrEqual(of.Finished, seen),
            FinalDays = Vector.Max(Vector.Min(of.Finished, seen) - of.Transmitted, Vector<int>.Zero),
            IsAcknowledged = isAcknowledged,
            AcknowledgementDays =
                Vector.Max(Vector.ConditionalSelect(isAcknowledged, of.Acknowledged, end) - of.Transmitted, Vector<int>.Zero),
            IsRecognised = isRecognised,
            RecognitionDays = Vector.Max(Vector.ConditionalSelect(isRecognised, of.Recognised, end) - of.Transmitted, Vector<int>.Zero),
            IsHeard = Vector.LessThanOrEqual(of.Heard, seen),
        };
    }
}
