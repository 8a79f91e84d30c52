using System.Globalization;

namespace Exchange.Reference;

/// <summary>
/// A legal day: a whole calendar day in the zone of the state that acts, without a time of day. It is a <see cref="DateOnly"/>
/// in code, an ISO 8601 text such as <c>2008-12-31</c> in the contracts, and empty there where something has not happened. This
/// is the only place that turns texts into days, days into texts, and instants into days and back.
/// </summary>
public static class LegalDay
{
    const string Iso8601 = "yyyy-MM-dd";

    /// <summary>The day that the text names.</summary>
    /// <param name="iso">Four digits of the year, two of the month, two of the day, with hyphens between.</param>
    /// <exception cref="FormatException">The text is empty, is written otherwise, or names a day that the calendar lacks.</exception>
    public static DateOnly Parse(string iso) => DateOnly.ParseExact(iso, Iso8601, CultureInfo.InvariantCulture);

    /// <summary>The day that the text names; null for the empty text, which says that something has not happened.</summary>
    /// <exception cref="FormatException">The text is neither empty nor a day, see <see cref="Parse"/>.</exception>
    public static DateOnly? ParseOptional(string iso) => iso.Length == 0 ? null : Parse(iso);

    /// <summary>The day that the text names; false, and the first day there is, where it names none. The empty text names none.</summary>
    public static bool TryParse(string? iso, out DateOnly day) =>
        DateOnly.TryParseExact(iso, Iso8601, CultureInfo.InvariantCulture, DateTimeStyles.None, out day);

    /// <summary>
    /// The day that somebody entered; null where the text is not a day, see <see cref="Parse"/>, or lies before the year, as
    /// mistyped ones do.
    /// </summary>
    /// <param name="earliestYear">The first year that is believed; 1900 for what happens to a letter.</param>
    public static DateOnly? ParseEntered(string iso, int earliestYear = 1900) =>
        TryParse(iso, out var day) && day.Year >= earliestYear ? day : null;

    /// <summary>The day as the contracts write it, ten characters.</summary>
    public static string ToIso(this DateOnly day) => day.ToString(Iso8601, CultureInfo.InvariantCulture);

    /// <summary>The day as the contracts write it; the empty text for null.</summary>
    public static string ToIso(this DateOnly? day) => day?.ToIso() ?? "";

    /// <summary>Whole days from <paramref name="start"/> to this day: 0 on the day itself, negative before it.</summary>
    public static int DaysSince(this DateOnly day, DateOnly start) => day.DayNumber - start.DayNumber;

    /// <summary>The day it is now in a state: the date of what its officers do now.</summary>
    public static DateOnly Today(State state, TimeProvider time) => At(state, time.GetUtcNow());

    /// <summary>The day it is in a state at an instant.</summary>
    public static DateOnly At(State state, DateTimeOffset instant) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, state.Zone).DateTime);

    /// <summary>The day it is in UTC at an instant: for what is done in no state, as by a service.</summary>
    public static DateOnly OfUtc(DateTimeOffset instant) => DateOnly.FromDateTime(instant.UtcDateTime);

    /// <summary>The first instant of a day in a state, in UTC.</summary>
    public static DateTimeOffset StartOf(DateOnly day, State state)
    {
        var zone = state.Zone;
        var midnight = day.ToDateTime(TimeOnly.MinValue);

        // Where clocks go forward at midnight (Cairo, Beirut) 00:00 does not exist; the offset that was valid until
        // then leads to the very instant of the change.
        var offset = zone.GetUtcOffset(zone.IsInvalidTime(midnight) ? midnight.AddHours(-3) : midnight);

        // Where they go back across midnight it comes twice; the day begins with the first.
        if (zone.IsAmbiguousTime(midnight))
            offset = zone.GetAmbiguousTimeOffsets(midnight).Max();

        return new DateTimeOffset(midnight, offset).ToUniversalTime();
    }

    /// <summary>
    /// The last microsecond of a day in a state, in UTC; "as of D" includes it. A microsecond and not a tick, for PostgreSQL
    /// counts no finer.
    /// </summary>
    public static DateTimeOffset EndOf(DateOnly day, State state) => StartOf(day.AddDays(1), state).AddMicroseconds(-1);
}
