using System.Globalization;

namespace Exchange.Cli;

/// <summary>A column of a CSV result: its name and how a row fills it; an absent value is empty.</summary>
sealed record Column<T>(string Name, Func<T, string> Text)
{
    public Column(string name, Func<T, long?> number) : this(name, row => number(row)?.ToString(CultureInfo.InvariantCulture) ?? "")
    {
    }

    // "R" so that reading the text gives the same number again.
    public Column(string name, Func<T, double?> number) : this(name, row => number(row)?.ToString("R", CultureInfo.InvariantCulture) ?? "")
    {
    }
}
