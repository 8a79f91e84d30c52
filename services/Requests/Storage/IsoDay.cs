using System.Globalization;

namespace Exchange.Requests;

/// <summary>A legal day as it stands in letters, facts and registers: <c>YYYY-MM-DD</c>, without a zone of its own.</summary>
static class IsoDay
{
    /// <summary>The day as text; an empty text for null, that is for what has not happened.</summary>
    public static string Format(DateOnly? day) => day?.ToString("O") ?? "";

    /// <summary>The day; null when the text is not a calendar day written so, or lies before 1900, as mistyped years do.</summary>
    public static DateOnly? Parse(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year >= 1900
            ? day : null;
}
