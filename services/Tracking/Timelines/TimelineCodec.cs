using System.Buffers.Binary;
using Exchange.Requests.V1;

namespace Exchange.Tracking;

/// <summary>
/// Writes the days and outcomes of a <see cref="Timeline"/> in 17 bytes and its <see cref="TimeLimitSet"/> in ten, and reads them
/// back. Numbers are unsigned, of 16 bits, little endian. A timeline that does not fit, because a day is out of range or because
/// several questions were open apart from each other, is not encoded at all and has to be kept as it is.
/// </summary>
/// <remarks>
/// Days and outcomes: bytes 0 to 15 are the days transmitted, acknowledged, recognised, heard, ended, finished, asked and provided,
/// each as days since <see cref="Epoch"/>, 0 for "never"; byte 16 holds the outcomes. Time limits: bytes 0 and 1 are the last day of
/// the register, written as the days are; then come the limits policy, requested, statutory and benchmark, each as days from
/// transmission plus <see cref="DueBias"/>, 0 for "no limit". Rows of the database hold these bytes: another layout needs another
/// <see cref="StoredTimeline.Format"/>.
/// </remarks>
static class TimelineCodec
{
    /// <summary>Bytes of the eight days and of the outcomes.</summary>
    public const int DaysLength = 17;

    /// <summary>Bytes of the last day of the register and of four limits.</summary>
    public const int LimitsLength = 10;

    /// <summary>
    /// The day number of 31 December 1919: 1 January 1920 is written as 1, and 65,535, the last day that fits, is in 2099.
    /// </summary>
    public const int Epoch = 700_898;

    /// <summary>
    /// In the byte of the outcomes, bits 0 to 2 are the first one, bits 3 and 4 the side that recorded it, bits 5 to 7 the final one.
    /// </summary>
    public const int OutcomeBits = 7, RecordedByShift = 3, RecordedByBits = 3, FinalShift = 5;

    // Added to the days from transmission to the due day, because a due day may lie before transmission.
    const int DueBias = 20_000;

    /// <summary>The timeline of days and outcomes that were written here.</summary>
    /// <param name="days">At least <see cref="DaysLength"/> bytes.</param>
    /// <param name="limits">Its time limits, which are not among the days.</param>
    public static Timeline Read(ReadOnlySpan<byte> days, TimeLimitSet limits) => new()
    {
        Transmitted = ReadDay(days),
        Acknowledged = ReadDay(days[2..]),
        Recognised = ReadDay(days[4..]),
        Heard = ReadDay(days[6..]),
        Ended = ReadDay(days[8..]),
        Finished = ReadDay(days[10..]),
        Asked = ReadDay(days[12..]),
        Provided = ReadDay(days[14..]),
        First = (Outcome)(days[16] & OutcomeBits),
        RecordedBy = (Side)((days[16] >> RecordedByShift) & RecordedByBits),
        Final = (Outcome)(days[16] >> FinalShift),
        Limits = limits,
    };

    /// <summary>Writes days and outcomes in <see cref="DaysLength"/> bytes.</summary>
    /// <returns>False where they do not fit; the bytes then mean nothing.</returns>
    public static bool TryWrite(in Timeline timeline, Span<byte> to)
    {
        if (timeline.AskedAgain is not null || (int)timeline.First > OutcomeBits || (int)timeline.RecordedBy > RecordedByBits
            || (int)timeline.Final > OutcomeBits)
            return false;
        to[16] = (byte)((int)timeline.First | ((int)timeline.RecordedBy << RecordedByShift) | ((int)timeline.Final << FinalShift));
        return TryWriteDay(timeline.Transmitted, to) && TryWriteDay(timeline.Acknowledged, to[2..])
            && TryWriteDay(timeline.Recognised, to[4..])
            && TryWriteDay(timeline.Heard, to[6..]) && TryWriteDay(timeline.Ended, to[8..]) && TryWriteDay(timeline.Finished, to[10..])
            && TryWriteDay(timeline.Asked, to[12..]) && TryWriteDay(timeline.Provided, to[14..]);
    }

    /// <summary>Writes time limits in <see cref="LimitsLength"/> bytes.</summary>
    /// <returns>False where they do not fit; the bytes then mean nothing.</returns>
    public static bool TryWrite(TimeLimitSet limits, Span<byte> to) => TryWriteDay(limits.ObservedUntil, to)
        && TryWriteDue(limits.Policy, to[2..]) && TryWriteDue(limits.Requested, to[4..])
        && TryWriteDue(limits.Statutory, to[6..]) && TryWriteDue(limits.Benchmark, to[8..]);

    /// <summary>The time limits that were written here.</summary>
    /// <param name="from">At least <see cref="LimitsLength"/> bytes.</param>
    public static TimeLimitSet ReadLimits(ReadOnlySpan<byte> from)
    {
        return new(ReadDay(from), Due(from[2..]), Due(from[4..]), Due(from[6..]), Due(from[8..]));

        static int Due(ReadOnlySpan<byte> at) =>
            BinaryPrimitives.ReadUInt16LittleEndian(at) is > 0 and var days ? days - DueBias : Timeline.Never;
    }

    static int ReadDay(ReadOnlySpan<byte> at) => BinaryPrimitives.ReadUInt16LittleEndian(at) is > 0 and var day ? day + Epoch
        : Timeline.Never;

    static bool TryWriteDay(int day, Span<byte> to) => TryWrite(day == Timeline.Never ? 0 : day - Epoch, day == Timeline.Never, to);

    static bool TryWriteDue(int days, Span<byte> to) =>
        TryWrite(days == Timeline.Never ? 0 : (long)days + DueBias, days == Timeline.Never, to);

    static bool TryWrite(long value, bool never, Span<byte> to)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(to, (ushort)value);
        return never || value is > 0 and <= ushort.MaxValue;
    }
}
