using System.Globalization;

namespace Exchange.Testing;

/// <summary>Membership of blocs by date, read from the table of the contracts by means of its own.</summary>
public sealed class NaiveBlocs
{
    readonly IReadOnlyList<IReadOnlyDictionary<string, string>> rows =
        Csv.Read(Repository.PathOf("services/Reference/Tables/memberships.csv"));

    /// <summary><c>EU</c>, <c>CIS</c> or <c>other</c>; both ends of a membership are inside.</summary>
    public string Of(string state, DateOnly day)
    {
        var text = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return rows.FirstOrDefault(row => row["alpha2"] == state
            && string.CompareOrdinal(row["valid_from"], text) <= 0
            && (row["valid_to"].Length == 0 || string.CompareOrdinal(text, row["valid_to"]) <= 0))?["bloc"] ?? "other";
    }
}

/// <summary>Reads RFC 4180 files without line breaks in their fields, which is all the register's own are.</summary>
public static class Csv
{
    /// <summary>The rows by column name.</summary>
    public static IReadOnlyList<IReadOnlyDictionary<string, string>> Read(string path)
    {
        var lines = File.ReadAllLines(path);
        var names = Fields(lines[0]);
        return [.. lines.Skip(1).Where(line => line.Length > 0)
            .Select(line => names.Zip(Fields(line)).ToDictionary(f => f.First, f => f.Second))];
    }

    static List<string> Fields(string line)
    {
        List<string> fields = [""];
        var quoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '"' && quoted && i + 1 < line.Length && line[i + 1] == '"')
                fields[^1] += line[i++];
            else if (line[i] == '"')
                quoted = !quoted;
            else if (line[i] == ',' && !quoted)
                fields.Add("");
            else
                fields[^1] += line[i];
        }
        return fields;
    }
}
