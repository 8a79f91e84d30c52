using System.Globalization;
using Google.Protobuf.WellKnownTypes;

namespace Exchange.Cli;

/// <summary>How numbers, counts and instants are written for people.</summary>
static class TextFormat
{
    /// <summary>A number with commas between thousands: `1,234`.</summary>
    public static string Thousands(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A number with the noun in the form that goes with it: `1 request`, `1,234 requests`.</summary>
    public static string Count(long number, string one, string many) => $"{Thousands(number)} {(number == 1 ? one : many)}";

    /// <summary>An instant in UTC to the minute, `2026-03-02 14:05Z`; empty for null.</summary>
    public static string Minute(Timestamp? at) =>
        at?.ToDateTimeOffset().ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture) ?? "";
}
