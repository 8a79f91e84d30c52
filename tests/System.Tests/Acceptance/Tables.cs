using System.Globalization;
using Exchange.Testing;

namespace Exchange.System.Tests;

/// <summary>Compares tables as a reader would: the same columns and rows, every number to 1e-6.</summary>
static class Tables
{
    const double Tolerance = 1e-6;

    public static IReadOnlyList<IReadOnlyDictionary<string, string>> Parse(string csv)
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, csv);
        try
        {
            return Csv.Read(file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    public static void ShouldEqual(
        this IReadOnlyList<IReadOnlyDictionary<string, string>> actual, IReadOnlyList<IReadOnlyDictionary<string, string>> expected)
    {
        actual.Count.ShouldBe(expected.Count);
        var differences = new List<string>();
        foreach (var (ours, theirs) in actual.Zip(expected))
        {
            ours.Keys.ShouldBe(theirs.Keys, ignoreOrder: true);
            differences.AddRange(from column in theirs.Keys
                                 where !Same(ours[column], theirs[column])
                                 let row = theirs.GetValueOrDefault("group", theirs.Values.First())
                                 select $"{row} {column}: {ours[column]} instead of {theirs[column]}");
        }
        differences.ShouldBeEmpty();
    }

    // The expected files and the brute force are written with seven significant digits or more, hence relative above one.
    static bool Same(string actual, string expected) =>
        actual == expected
        || (double.TryParse(actual, CultureInfo.InvariantCulture, out var a)
            && double.TryParse(expected, CultureInfo.InvariantCulture, out var b)
            && Math.Abs(a - b) <= Tolerance * Math.Max(1, Math.Abs(b)));
}
