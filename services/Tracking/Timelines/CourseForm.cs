using System.Text;
using Exchange.Requests.V1;

namespace Exchange.Tracking;

/// <summary>
/// The form in which <c>facts.course</c> keeps what the columns need of a request: the format, days and outcomes, terms, the two
/// states, the profile. Memory is filled from it many times faster than by parsing the facts. It follows from the facts.
/// </summary>
static class CourseForm
{
    /// <summary>The first byte. Rows written in another format are read from their facts, and written anew.</summary>
    public const byte Format = 1;

    const int Terms = 1 + PackedCourse.DaysLength;
    const int States = Terms + PackedCourse.TermsLength;

    /// <summary>The form; its first byte alone where the request does not fit, or was not sent: then the facts are read.</summary>
    public static byte[] Of(RequestFacts facts)
    {
        var course = Course.Of(facts);
        Span<byte> fixedPart = stackalloc byte[States];
        fixedPart[0] = Format;
        return course.Transmitted != Course.Never && PackedCourse.TryWrite(course, fixedPart[1..]) && PackedCourse.TryWrite(course.Terms, fixedPart[Terms..])
            ? [.. fixedPart, .. Text(StatesText(facts)), .. Encoding.UTF8.GetBytes(ProfileText(Profile.Of(facts)))]
            : [Format];
    }

    public static ReadOnlySpan<byte> DaysIn(ReadOnlySpan<byte> form) => form[1..Terms];

    public static ReadOnlySpan<byte> TermsIn(ReadOnlySpan<byte> form) => form[Terms..States];

    public static ReadOnlySpan<byte> StatesIn(ReadOnlySpan<byte> form) => form.Slice(States + 1, form[States]);

    public static ReadOnlySpan<byte> ProfileIn(ReadOnlySpan<byte> form) => form[(States + 1 + form[States])..];

    public static StatePair ReadStates(ReadOnlySpan<byte> form) =>
        Encoding.UTF8.GetString(form).Split('\n') is [var requesting, var requested] ? new(requesting, requested) : throw Unreadable();

    public static Profile ReadProfile(ReadOnlySpan<byte> form) =>
        Encoding.UTF8.GetString(form).Split('\n') is [[var urgency], var instrument, var offence, .. var measures]
            ? new(instrument, offence, (Urgency)(urgency - '0'), measures) : throw Unreadable();

    public static byte[] StatesOf(RequestFacts facts) => Encoding.UTF8.GetBytes(StatesText(facts));

    public static byte[] ProfileOf(RequestFacts facts) => Encoding.UTF8.GetBytes(ProfileText(Profile.Of(facts)));

    static byte[] Text(string text) => Encoding.UTF8.GetBytes(text) is { Length: <= byte.MaxValue } bytes ? [(byte)bytes.Length, .. bytes] : throw Unreadable();

    static string StatesText(RequestFacts facts) => $"{facts.RequestingState}\n{facts.RequestedState}";

    static string ProfileText(Profile profile) =>
        string.Join('\n', [$"{(char)('0' + (int)profile.Urgency)}", profile.Instrument, profile.Offence, .. profile.Measures]);

    static FormatException Unreadable() => new("States or codes of a request are not written as the contract says.");
}

/// <summary>Who asks whom.</summary>
readonly record struct StatePair(string Requesting, string Requested);
