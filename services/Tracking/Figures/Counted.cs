using System.Numerics;
using System.Runtime.CompilerServices;
using Exchange.Requests.V1;

namespace Exchange.Tracking;

/// <summary>All that is counted of a request beside its days, in one number, so that it is one addition. The outcome is in the lowest bits.</summary>
[Flags]
enum Way
{
    /// <summary>An <see cref="Requests.V1.Outcome"/>, the first.</summary>
    Outcome = 7,
    FallenDue = 1 << 3,
    OnTime = 1 << 4,
    NetOnTime = 1 << 5,
    Silent = 1 << 6,
    RecordedByRequestingSide = 1 << 7,
    Transmitted = 1 << 8,
    Ended = 1 << 9,
    Pending = 1 << 10,
    All = (1 << 11) - 1,
}

/// <summary>What several requests count for, worked out at once and then added one by one, each to its own group.</summary>
/// <param name="period">In which the caseflow is counted.</param>
sealed class Counted(Period period)
{
    // Above the way.
    const int FinalShift = 11;
    const int AcknowledgedShift = 14;
    const int RecognisedShift = 15;
    const int RecordedByShift = 16;

    readonly int[] marks = new int[Courses.Lanes];
    readonly int[] transmitted = new int[Courses.Lanes];
    readonly int[] gross = new int[Courses.Lanes];
    readonly int[] net = new int[Courses.Lanes];
    readonly int[] final = new int[Courses.Lanes];
    readonly int[] acknowledgement = new int[Courses.Lanes];
    readonly int[] recognition = new int[Courses.Lanes];

    public int Transmitted(int lane) => transmitted[lane];

    public int Gross(int lane) => gross[lane];

    public int Net(int lane) => net[lane];

    public int FinalDays(int lane) => final[lane];

    public int AcknowledgementDays(int lane) => acknowledgement[lane];

    public int RecognitionDays(int lane) => recognition[lane];

    public Way Way(int lane) => (Way)marks[lane] & Tracking.Way.All;

    public Outcome First(int lane) => (Outcome)(marks[lane] & (int)Tracking.Way.Outcome);

    public Outcome Final(int lane) => (Outcome)((marks[lane] >> FinalShift) & (int)Tracking.Way.Outcome);

    /// <summary>1 for yes.</summary>
    public int IsAcknowledged(int lane) => (marks[lane] >> AcknowledgedShift) & 1;

    /// <summary>1 for yes.</summary>
    public int IsRecognised(int lane) => (marks[lane] >> RecognisedShift) & 1;

    public Side AnswerRecordedBy(int lane) => (Side)(marks[lane] >> RecordedByShift);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Take(in Clocks clocks)
    {
        var (from, to) = (new Vector<int>(period.From.DayNumber), new Vector<int>(period.To.DayNumber));
        var recordedBy = clocks.RecordedBy & clocks.IsAnswered;
        var fallenDue = clocks.FallenDue;
        (clocks.First
            | If(fallenDue, Tracking.Way.FallenDue)
            | If(fallenDue & clocks.OnTime, Tracking.Way.OnTime)
            | If(fallenDue & clocks.NetOnTime, Tracking.Way.NetOnTime)
            | If(clocks.Silent, Tracking.Way.Silent)
            | If(Vector.Equals(recordedBy, new((int)Side.RequestingSide)), Tracking.Way.RecordedByRequestingSide)
            | If(IsBetween(clocks.Transmitted, from, to), Tracking.Way.Transmitted)
            | If(IsBetween(clocks.Ended, from, to), Tracking.Way.Ended)
            | If(Vector.LessThanOrEqual(clocks.Transmitted, to) & Vector.GreaterThan(clocks.Ended, to), Tracking.Way.Pending)
            | (clocks.Final << FinalShift)
            | (clocks.IsAcknowledged & new Vector<int>(1 << AcknowledgedShift))
            | (clocks.IsRecognised & new Vector<int>(1 << RecognisedShift))
            | (recordedBy << RecordedByShift)).CopyTo(marks);
        clocks.Transmitted.CopyTo(transmitted);
        clocks.Gross.CopyTo(gross);
        clocks.Net.CopyTo(net);
        clocks.FinalDays.CopyTo(final);
        clocks.AcknowledgementDays.CopyTo(acknowledgement);
        clocks.RecognitionDays.CopyTo(recognition);
    }

    static Vector<int> If(Vector<int> holds, Way way) => holds & new Vector<int>((int)way);

    static Vector<int> IsBetween(Vector<int> days, Vector<int> from, Vector<int> to) => Vector.LessThanOrEqual(from, days) & Vector.LessThanOrEqual(days, to);
}
