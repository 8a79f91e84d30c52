using System.Globalization;

namespace Exchange.Cli;

/// <summary>A share as a bar, its 95 % interval on the same line: `██████▒▒▒──┤`.</summary>
static class RateBar
{
    /// <summary>The bar and the whisker that follows it, together exactly as wide as asked.</summary>
    public static (string Bar, string Whisker) Draw(double value, double low, double high, int width, Glyphs glyphs)
    {
        var solid = Cells(Math.Min(low, value), width);
        var filled = Math.Max(Cells(value, width), solid);
        var end = Math.Max(Cells(high, width), filled);
        var bar = new string(glyphs.Solid, solid) + new string(glyphs.Within, filled - solid);
        var whisker = end == filled ? "" : new string(glyphs.Beyond, end - filled - 1) + glyphs.End;
        return (bar, whisker.PadRight(width - filled));
    }

    /// <summary>`44.2 %`; 100 % and 0 % are kept for exactly that.</summary>
    public static string Percent(double? share) => share is { } known ? $"{Number(known)} %" : "";

    public static string Interval(double? low, double? high, Glyphs glyphs) =>
        low is { } from && high is { } to ? $"{Number(from)}{glyphs.Dash}{Number(to)}" : "";

    static int Cells(double share, int width) => (int)Math.Round(Math.Clamp(share, 0, 1) * width, MidpointRounding.AwayFromZero);

    static string Number(double share) => share switch
    {
        >= 1 => "100",
        <= 0 => "0",
        _ => Math.Clamp(share * 100, 0.1, 99.9).ToString("0.0", CultureInfo.InvariantCulture),
    };
}
