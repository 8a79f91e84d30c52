using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Exchange.Requests.V1;

namespace Exchange.Tracking;

/// <summary>
/// A <see cref="Course"/> in 21 bytes, with its terms and its profile by their codes. One that does not fit, for a day out of
/// range or several questions apart, is kept as it is.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
readonly struct PackedCourse
{
    /// <summary>Of the eight days and of how it ended.</summary>
    public const int DaysLength = 17;

    /// <summary>Of an observed day and four limits.</summary>
    public const int TermsLength = 10;

    // The day number of 31 December 1919: 1 January 1920 is 1, and the last day that fits is in 2099; 0 is "never".
    const int Epoch = 700_898;

    // Days from transmission to the due day start here, for a due day may lie before it.
    const int DueBias = 20_000;

    readonly ushort transmitted, acknowledged, recognised, heard, ended, finished, asked, provided;

    // Bits 0 to 2: the first outcome; 3 and 4: who recorded it; 5 to 7: the final outcome.
    readonly byte outcomes;

    PackedCourse(ReadOnlySpan<byte> days, ushort terms, ushort profile)
    {
        transmitted = BinaryPrimitives.ReadUInt16LittleEndian(days);
        acknowledged = BinaryPrimitives.ReadUInt16LittleEndian(days[2..]);
        recognised = BinaryPrimitives.ReadUInt16LittleEndian(days[4..]);
        heard = BinaryPrimitives.ReadUInt16LittleEndian(days[6..]);
        ended = BinaryPrimitives.ReadUInt16LittleEndian(days[8..]);
        finished = BinaryPrimitives.ReadUInt16LittleEndian(days[10..]);
        asked = BinaryPrimitives.ReadUInt16LittleEndian(days[12..]);
        provided = BinaryPrimitives.ReadUInt16LittleEndian(days[14..]);
        outcomes = days[16];
        (Terms, Profile) = (terms, profile);
    }

    public readonly ushort Terms;

    public readonly ushort Profile;

    /// <summary>False in a place that was left.</summary>
    public bool IsThere => transmitted != 0;

    /// <summary>The day it was transmitted, as a day number.</summary>
    public int Transmitted => transmitted + Epoch;

    /// <summary>From what <see cref="TryWrite(in Course, Span{byte})"/> wrote.</summary>
    public static PackedCourse Read(ReadOnlySpan<byte> days, ushort terms, ushort profile) => new(days, terms, profile);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Course Unpack(Terms terms) => new()
    {
        Transmitted = Number(transmitted),
        Acknowledged = Number(acknowledged),
        Recognised = Number(recognised),
        Heard = Number(heard),
        Ended = Number(ended),
        Finished = Number(finished),
        Asked = Number(asked),
        Provided = Number(provided),
        First = (Outcome)(outcomes & 7),
        RecordedBy = (Side)((outcomes >> 3) & 3),
        Final = (Outcome)(outcomes >> 5),
        Terms = terms,
    };

    /// <summary>Writes days and outcomes in <see cref="DaysLength"/> bytes; false where they do not fit.</summary>
    public static bool TryWrite(in Course course, Span<byte> to)
    {
        if (course.AskedAgain is not null || (int)course.First > 7 || (int)course.RecordedBy > 3 || (int)course.Final > 7)
            return false;
        to[16] = (byte)((int)course.First | ((int)course.RecordedBy << 3) | ((int)course.Final << 5));
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
        return new(Number(BinaryPrimitives.ReadUInt16LittleEndian(from)), Due(from[2..]), Due(from[4..]), Due(from[6..]), Due(from[8..]));

        static int Due(ReadOnlySpan<byte> at) =>
            BinaryPrimitives.ReadUInt16LittleEndian(at) is > 0 and var days ? days - DueBias : Course.Never;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int Number(ushort day) => Unbranched.Choose(day == 0, Course.Never, day + Epoch);

    static bool TryWriteDay(int day, Span<byte> to) => TryWrite(day == Course.Never ? 0 : day - Epoch, day == Course.Never, to);

    static bool TryWriteDue(int days, Span<byte> to) => TryWrite(days == Course.Never ? 0 : (long)days + DueBias, days == Course.Never, to);

    static bool TryWrite(long value, bool never, Span<byte> to)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(to, (ushort)value);
        return never || value is > 0 and <= ushort.MaxValue;
    }
}
