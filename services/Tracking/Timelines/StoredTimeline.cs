using System.Text;
using Exchange.Requests.V1;

namespace Exchange.Tracking;

/// <summary>
/// The bytes in the column <c>facts.course</c>: what the column store needs of a request, so that it fills many times faster than by
/// parsing the facts. They follow from the facts, and can be written anew from them at any time.
/// </summary>
/// <remarks>
/// Layout: the format, one byte; days and outcomes, 17 bytes; time limits, ten bytes, both by <see cref="TimelineCodec"/>; the length
/// of the states, one byte; the two states in UTF-8, requesting and requested, with a line feed between; and up to the end, in
/// UTF-8 with line feeds between, the urgency, the sides that know of it and whether one officer sent it as three digits, the
/// instrument, the offence and the measures. States and profile are only compared as bytes when memory is filled; they are decoded
/// once for each value, by a <see cref="DictionaryEncoding{T}"/>.
/// </remarks>
static class StoredTimeline
{
    /// <summary>The first byte. Rows in another format are read from their facts, and written anew.</summary>
    public const byte Format = 1;

    const int LimitsAt = 1 + TimelineCodec.DaysLength;
    const int StatesAt = LimitsAt + TimelineCodec.LimitsLength;

    /// <summary>
    /// The bytes for the facts of a request; the format alone where they do not fit or nothing was transmitted: then the facts are
    /// read.
    /// </summary>
    public static byte[] Of(RequestFacts facts)
    {
        var timeline = Timeline.Of(facts);
        Span<byte> fixedPart = stackalloc byte[StatesAt];
        fixedPart[0] = Format;
        var fits = timeline.Transmitted != Timeline.Never && TimelineCodec.TryWrite(timeline, fixedPart[1..])
            && TimelineCodec.TryWrite(timeline.Limits, fixedPart[LimitsAt..]);
        return fits ? [.. fixedPart, .. WithLength(StatesOf(facts)), .. ProfileOf(facts)] : [Format];
    }

    /// <summary>Days and outcomes, as <see cref="TimelineCodec"/> writes them.</summary>
    /// <param name="stored">More than the format alone, as are those of the parts below.</param>
    public static ReadOnlySpan<byte> DaysIn(ReadOnlySpan<byte> stored) => stored[1..LimitsAt];

    /// <summary>The time limits, as <see cref="TimelineCodec"/> writes them.</summary>
    public static ReadOnlySpan<byte> LimitsIn(ReadOnlySpan<byte> stored) => stored[LimitsAt..StatesAt];

    /// <summary>The two states, for <see cref="ReadStates"/>.</summary>
    public static ReadOnlySpan<byte> StatesIn(ReadOnlySpan<byte> stored) => stored.Slice(StatesAt + 1, stored[StatesAt]);

    /// <summary>The profile, for <see cref="ReadProfile"/>.</summary>
    public static ReadOnlySpan<byte> ProfileIn(ReadOnlySpan<byte> stored) => stored[(StatesAt + 1 + stored[StatesAt])..];

    /// <summary>Decodes the two states.</summary>
    /// <exception cref="FormatException">The bytes are not of two states.</exception>
    public static StatePair ReadStates(ReadOnlySpan<byte> states) =>
        Encoding.UTF8.GetString(states).Split('\n') is [var requesting, var requested] ? new(requesting, requested) : throw Unreadable();

    /// <summary>Decodes the profile.</summary>
    /// <exception cref="FormatException">The bytes are not of a profile.</exception>
    public static RequestProfile ReadProfile(ReadOnlySpan<byte> profile) =>
        Encoding.UTF8.GetString(profile).Split('\n')
            is [[var urgency, var knownTo, var alone], var instrument, var offence, .. var measures]
            ? new(instrument, offence, (Urgency)(urgency - '0'), (KnownTo)(knownTo - '0'), (TransmittedAlone)(alone - '0'), measures)
            : throw Unreadable();

    /// <summary>Encodes the two states of a request.</summary>
    public static byte[] StatesOf(RequestFacts facts) => Encoding.UTF8.GetBytes($"{facts.RequestingState}\n{facts.RequestedState}");

    /// <summary>Encodes the profile of a request.</summary>
    public static byte[] ProfileOf(RequestFacts facts) => Write(RequestProfile.Of(facts));

    /// <summary>Encodes a profile.</summary>
    public static byte[] Write(RequestProfile profile)
    {
        return Encoding.UTF8.GetBytes(
            string.Join('\n', [$"{Digit((int)profile.Urgency)}{Digit((int)profile.KnownTo)}{Digit((int)profile.Alone)}",
                profile.Instrument, profile.Offence, .. profile.Measures]));

        static char Digit(int code) => (char)('0' + code);
    }

    static byte[] WithLength(byte[] bytes) => bytes.Length <= byte.MaxValue ? [(byte)bytes.Length, .. bytes] : throw Unreadable();

    static FormatException Unreadable() => new("States or codes of a request are not written as the contract says.");
}
