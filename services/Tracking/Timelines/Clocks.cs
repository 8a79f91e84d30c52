using System.Numerics;
using System.Runtime.CompilerServices;
using Exchange.Requests.V1;

namespace Exchange.Tracking;

/// <summary>
/// How several requests stood at the end of a day, one in each lane: what had happened by then and nothing after. All that is
/// said of a clock is worked out here; <see cref="Clock"/> is one lane of it. A condition is all bits of a lane or none.
/// </summary>
readonly struct Clocks
{
    static Vector<int> Never => new(Course.Never);

    public Vector<int> Seen { get; private init; }

    public Vector<int> Transmitted { get; private init; }

    public Vector<int> Due { get; private init; }

    public Vector<int> First { get; private init; }

    public Vector<int> Ended { get; private init; }

    public Vector<int> RecordedBy { get; private init; }

    public Vector<int> Waited { get; private init; }

    public Vector<int> Final { get; private init; }

    public Vector<int> FinalDays { get; private init; }

    public Vector<int> IsAcknowledged { get; private init; }

    public Vector<int> AcknowledgementDays { get; private init; }

    public Vector<int> IsRecognised { get; private init; }

    public Vector<int> RecognitionDays { get; private init; }

    public Vector<int> IsHeard { get; private init; }

    public Vector<int> IsOpen => Vector.Equals(First, Vector<int>.Zero);

    public Vector<int> IsAnswered => Vector.GreaterThanOrEqual(First, new((int)Outcome.Executed)) & Vector.LessThanOrEqual(First, new((int)Outcome.NotExecutable));

    // One officer's evening is another's morning: the partner's legal day may lie before the day of transmission.
    public Vector<int> Gross => Vector.Max(Vector.Min(Ended, Seen) - Transmitted, Vector<int>.Zero);

    public Vector<int> Net => Gross - Waited;

    public Vector<int> FallenDue => Vector.LessThanOrEqual(Due, Seen) & (IsOpen | IsAnswered | Vector.GreaterThanOrEqual(Ended, Due));

    public Vector<int> OnTime => HasDue & IsAnswered & Vector.LessThanOrEqual(Ended, Due);

    public Vector<int> NetOnTime => HasDue & IsAnswered & Vector.LessThanOrEqual(Ended - Waited, Due);

    public Vector<int> Silent => FallenDue & IsOpen & ~IsHeard;

    Vector<int> HasDue => ~Vector.Equals(Due, Never);

    /// <summary>The requests as they were seen on a day, which is not before that of their transmission.</summary>
    /// <param name="of">What happened to them on any day.</param>
    /// <param name="seen">By <see cref="Terms.SeenOn"/>.</param>
    /// <param name="dueAfter">By <see cref="Terms.DaysOf"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Clocks At(in Courses of, Vector<int> seen, Vector<int> dueAfter)
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
            AcknowledgementDays = Vector.Max(Vector.ConditionalSelect(isAcknowledged, of.Acknowledged, end) - of.Transmitted, Vector<int>.Zero),
            IsRecognised = isRecognised,
            RecognitionDays = Vector.Max(Vector.ConditionalSelect(isRecognised, of.Recognised, end) - of.Transmitted, Vector<int>.Zero),
            IsHeard = Vector.LessThanOrEqual(of.Heard, seen),
        };
    }
}
