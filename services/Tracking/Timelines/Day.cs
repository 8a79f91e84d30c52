using System.Globalization;

namespace Exchange.Tracking;

/// <summary>Calendar days as the contracts write them, ISO 8601, empty for "not yet".</summary>
static class Day
{
    const string Iso = "yyyy-MM-dd";

    public static DateOnly? Of(string day) => day.Length == 0 ? null : DateOnly.ParseExact(day, Iso, CultureInfo.InvariantCulture);

    public static bool TryRead(string day, out DateOnly value) =>
        DateOnly.TryParseExact(day, Iso, CultureInfo.InvariantCulture, DateTimeStyles.None, out value);

    /// <summary>The day number, or <see cref="Course.Never"/> for "not yet".</summary>
    public static int Number(string day) => Of(day)?.DayNumber ?? Course.Never;

    /// <summary>The day of a number; null for <see cref="Course.Never"/>.</summary>
    public static DateOnly? OfNumber(int number) => number == Course.Never ? null : DateOnly.FromDayNumber(number);

    public static string Text(this DateOnly day) => day.ToString(Iso, CultureInfo.InvariantCulture);

    public static int DaysSince(this DateOnly day, DateOnly start) => day.DayNumber - start.DayNumber;
}
