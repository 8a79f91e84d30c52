using System.Numerics;
using System.Runtime.CompilerServices;
using Exchange.Requests.V1;

namespace Exchange.Tracking;

/// <summary>
/// Everything that an aggregate counts of a request apart from its numbers of days, in one number of 11 bits, so that counting a
/// request is one addition in a table of all 2,048 combinations. The lowest three bits are the first
/// <see cref="Requests.V1.Outcome"/>, each other bit is a property.
/// </summary>
[Flags]
enum CountFlags
{
    /// <summary>The bits of the first outcome.</summary>
    Outcome = 7,

    /// <summary>Fallen due by the as-of day.</summary>
    FallenDue = 1 << 3,

    /// <summary>Fallen due, and answered on the due day or before.</summary>
    OnTime = 1 << 4,

    /// <summary>Fallen due, and answered on time when days of waiting for the requester's reply are not counted.</summary>
    NetOnTime = 1 << 5,

    /// <summary>Fallen due, open, and nothing was ever heard of it.</summary>
    Silent = 1 << 6,

    /// <summary>Answered, and the requesting side recorded the answer.</summary>
    RecordedByRequestingSide = 1 << 7,

    /// <summary>Transmitted within the period.</summary>
    Transmitted = 1 << 8,

    /// <summary>Ended within the period.</summary>
    Ended = 1 << 9,

    /// <summary>Transmitted by the end of the period and not ended by then.</summary>
    Pending = 1 << 10,

    /// <summary>Every bit.</summary>
    All = (1 << 11) - 1,
}

/// <summary>
/// What the requests in the lanes of a vector contribute to their aggregates: calculated for all lanes at once by <see cref="Set"/>,
/// then read lane by lane, because each request may belong to another bucket. One object serves a whole scan.
/// </summary>
/// <remarks>
/// What is small is packed into one number per lane, so that a lane is read with few loads: bits 0 to 10 are the
/// <see cref="CountFlags"/>, 11 to 13 the final outcome, 14 whether it was acknowledged, 15 whether it was recognised, and from 16 on
/// the side that recorded the first answer.
/// </remarks>
/// <param name="period">The period of the caseflow figures.</param>
sealed class AggregateInput(Period period)
{
    const int FinalShift = 11;
    const int AcknowledgedShift = 14;
    const int RecognisedShift = 15;
    const int RecordedByShift = 16;

    readonly int[] packed = new int[TimelineLanes.Lanes];
    readonly int[] transmitted = new int[TimelineLanes.Lanes];
    readonly int[] gross = new int[TimelineLanes.Lanes];
    readonly int[] net = new int[TimelineLanes.Lanes];
    readonly int[] final = new int[TimelineLanes.Lanes];
    readonly int[] acknowledgement = new int[TimelineLanes.Lanes];
    readonly int[] recognition = new int[TimelineLanes.Lanes];

    /// <summary>The day number of transmission.</summary>
    public int Transmitted(int lane) => transmitted[lane];

    public int Gross(int lane) => gross[lane];

    public int Net(int lane) => net[lane];

    public int FinalDays(int lane) => final[lane];

    public int AcknowledgementDays(int lane) => acknowledgement[lane];

    public int RecognitionDays(int lane) => recognition[lane];

    public CountFlags Flags(int lane) => (CountFlags)packed[lane] & CountFlags.All;

    public Outcome First(int lane) => (Outcome)(packed[lane] & (int)CountFlags.Outcome);

    public Outcome Final(int lane) => (Outcome)((packed[lane] >> FinalShift) & (int)CountFlags.Outcome);

    /// <summary>1 where it was acknowledged, 0 where not: the kind under which the days are counted.</summary>
    public int IsAcknowledged(int lane) => (packed[lane] >> AcknowledgedShift) & 1;

    /// <summary>1 where it was recognised, 0 where not: the kind under which the days are counted.</summary>
    public int IsRecognised(int lane) => (packed[lane] >> RecognisedShift) & 1;

    /// <summary>The side that recorded the first answer; unspecified where there is none.</summary>
    public Side AnswerRecordedBy(int lane) => (Side)(packed[lane] >> RecordedByShift);

    /// <summary>Calculates the contributions of the requests with these clocks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Set(in ClockLanes clocks)
    {
        var (from, to) = (new Vector<int>(period.From.DayNumber), new Vector<int>(period.To.DayNumber));
        var recordedBy = clocks.RecordedBy & clocks.IsAnswered;
        var fallenDue = clocks.FallenDue;
        (clocks.First
            | If(fallenDue, CountFlags.FallenDue)
            | If(fallenDue & clocks.OnTime, CountFlags.OnTime)
            | If(fallenDue & clocks.NetOnTime, CountFlags.NetOnTime)
            | If(clocks.Silent, CountFlags.Silent)
            | If(Vector.Equals(recordedBy, new((int)Side.RequestingSide)), CountFlags.RecordedByRequestingSide)
            | If(IsBetween(clocks.Transmitted, from, to), CountFlags.Transmitted)
            | If(IsBetween(clocks.Ended, from, to), CountFlags.Ended)
            | If(Vector.LessThanOrEqual(clocks.Transmitted, to) & Vector.GreaterThan(clocks.Ended, to), CountFlags.Pending)
            | (clocks.Final << FinalShift)
            | (clocks.IsAcknowledged & new Vector<int>(1 << AcknowledgedShift))
            | (clocks.IsRecognised & new Vector<int>(1 << RecognisedShift))
            | (recordedBy << RecordedByShift)).CopyTo(packed);
        clocks.Transmitted.CopyTo(transmitted);
        clocks.Gross.CopyTo(gross);
        clocks.Net.CopyTo(net);
        clocks.FinalDays.CopyTo(final);
        clocks.AcknowledgementDays.CopyTo(acknowledgement);
        clocks.RecognitionDays.CopyTo(recognition);
    }

    /// <summary>The flag in lanes where the mask is set, 0 in the others.</summary>
    static Vector<int> If(Vector<int> mask, CountFlags flag) => mask & new Vector<int>((int)flag);

    /// <summary>A mask of the days from the first to the last, both inclusive.</summary>
    static Vector<int> IsBetween(Vector<int> days, Vector<int> from, Vector<int> to) =>
        Vector.LessThanOrEqual(from, days) & Vector.LessThanOrEqual(days, to);
}
