using System.Buffers.Binary;
using Exchange.Requests.V1;

namespace Exchange.Tracking;

/// <summary>
/// The days and outcomes of a <see cref="Course"/> in 17 bytes, and its <see cref="Terms"/> in ten. One that does not fit, for a
/// day out of range or several questions apart, is kept as it is.
/// </summary>
static class PackedCourse
{
    /// <summary>Of the eight days and of how it ended.</summary>
    public const int DaysLength = 17;

    /// <summary>Of an observed day and four limits.</summary>
    public const int TermsLength = 10;

    /// <summary>The day number of 31 December 1919: 1 January 1920 is 1, and the last day that fits is in 2099; 0 is "never".</summary>
    public const int Epoch = 700_898;

    /// <summary>Bits 0 to 2 of the outcomes are the first, 3 and 4 who recorded it, 5 to 7 the final one.</summary>
    public const int OutcomeBits = 7, RecordedByShift = 3, RecordedByBits = 3, FinalShift = 5;

    // Days from transmission to the due day start here, for a due day may lie before it.
    const int DueBias = 20_000;

    /// <summary>What <see cref="TryWrite(in Course, Span{byte})"/> wrote.</summary>
    public static Course Read(ReadOnlySpan<byte> days, Terms terms) => new()
    {
        Transmitted = Day(days),
        Acknowledged = Day(days[2..]),
        Recognised = Day(days[4..]),
        Heard = Day(days[6..]),
        Ended = Day(days[8..]),
        Finished = Day(days[10..]),
        Asked = Day(days[12..]),
        Provided = Day(days[14..]),
        First = (Outcome)(days[16] & OutcomeBits),
        RecordedBy = (Side)((days[16] >> RecordedByShift) & RecordedByBits),
        Final = (Outcome)(days[16] >> FinalShift),
        Terms = terms,
    };

    /// <summary>Writes days and outcomes in <see cref="DaysLength"/> bytes; false where they do not fit.</summary>
    public static bool TryWrite(in Course course, Span<byte> to)
    {
        if (course.AskedAgain is not null || (int)course.First > OutcomeBits || (int)course.RecordedBy > RecordedByBits || (int)course.Final > OutcomeBits)
            return false;
        to[16] = (byte)((int)course.First | ((int)course.RecordedBy << RecordedByShift) | ((int)course.Final << FinalShift));
        return TryWriteDay(course.Transmitted, to) && TryWriteDay(course.Acknowledged, to[2..]) && TryWriteDay(course.Recognised, to[4..])
            && TryWriteDay(course.Heard, to[6..]) && TryWriteDay(course.Ended, to[8..]) && TryWriteDay(course.Finished, to[10..])
            && TryWriteDay(course.Asked, to[12..]) && TryWriteDay(course.Provided, to[14..]);
    }

    /// <summary>Writes the terms in <see cref="TermsLength"/> bytes; false where they do not fit.</summary>
    public static bool TryWrite(Terms terms, Span<byte> to) => TryWriteDay(terms.ObservedUntil, to)
        && TryWriteDue(terms.Policy, to[2..]) && TryWriteDue(terms.Requested, to[4..])
        && TryWriteDue(terms.Statutory, to[6..]) && TryWriteDue(terms.Benchmark, to[8..]);

    /// <summary>What <see cref="TryWrite(Terms, Span{byte})"/> wrote.</summary>
    public static Terms ReadTerms(ReadOnlySpan<byte> from)
    {
        return new(Day(from), Due(from[2..]), Due(from[4..]), Due(from[6..]), Due(from[8..]));

        static int Due(ReadOnlySpan<byte> at) =>
            BinaryPrimitives.ReadUInt16LittleEndian(at) is > 0 and var days ? days - DueBias : Course.Never;
    }

    static int Day(ReadOnlySpan<byte> at) => BinaryPrimitives.ReadUInt16LittleEndian(at) is > 0 and var day ? day + Epoch : Course.Never;

    static bool TryWriteDay(int day, Span<byte> to) => TryWrite(day == Course.Never ? 0 : day - Epoch, day == Course.Never, to);

    static bool TryWriteDue(int days, Span<byte> to) => TryWrite(days == Course.Never ? 0 : (long)days + DueBias, days == Course.Never, to);

    static bool TryWrite(long value, bool never, Span<byte> to)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(to, (ushort)value);
        return never || value is > 0 and <= ushort.MaxValue;
    }
}
