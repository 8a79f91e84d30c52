using System.Globalization;

namespace Exchange.Cli;

/// <summary>A column of a CSV result: its name and how a row fills it; an absent value is empty.</summary>
sealed record Column<T>(string Name, Func<T, string> Text)
{
    public Column(string name, Func<T, long?> number) : this(name, row => number(row)?.ToString(CultureInfo.InvariantCulture) ?? "")
    {
    }

    // As authorities exchange their figures: nobody reads seventeen digits, and JSON has them all.
    public Column(string name, Func<T, double?> number) : this(name, row => number(row)?.ToString("G7", CultureInfo.InvariantCulture) ?? "")
    {
    }
}
