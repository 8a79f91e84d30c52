using System.Text;
using Npgsql;

namespace Exchange.System.Tests;

/// <summary>Looks for words in everything a database holds, whichever way they may lie there in plain.</summary>
sealed class PlaintextSearch(IReadOnlyCollection<string> words)
{
    /// <summary>Where any of the words stand in the text.</summary>
    public IEnumerable<string> In(string place, string text) =>
        from word in words
        where FormsOf(word).Any(form => text.Contains(form, StringComparison.OrdinalIgnoreCase))
        select $"{place}: {word}";

    /// <summary>Where any of the words stand in any column of any table.</summary>
    public async Task<List<string>> InDatabase(string name, string connectionString)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        List<string> found = [];
        foreach (var table in await Column(source,
            """
            SELECT quote_ident(table_schema) || '.' || quote_ident(table_name) FROM information_schema.tables
            WHERE table_schema NOT IN ('pg_catalog', 'information_schema')
            """))
        {
            foreach (var row in await Rows(source, table))
                found.AddRange(In($"{name} {table}", row));
        }
        return found;
    }

    // As text, as the hex of the three encodings that programs write, as base64 of UTF-8 at its three alignments, as escaped JSON.
    static IEnumerable<string> FormsOf(string word)
    {
        yield return word;
        foreach (var encoding in new[] { Encoding.UTF8, Encoding.Unicode, Encoding.BigEndianUnicode })
            yield return Convert.ToHexString(encoding.GetBytes(word));
        for (var shift = 0; shift < 3; shift++)
        {
            var bytes = Encoding.UTF8.GetBytes(word);
            var whole = Convert.ToBase64String([.. new byte[shift], .. bytes]);
            // The characters at both ends also depend on the neighbours.
            yield return whole[(shift == 0 ? 0 : 4)..(whole.Length - 4)];
        }
        yield return string.Concat(word.Select(letter => letter < 128 ? $"{letter}" : $"\\u{(int)letter:x4}"));
    }

    static async Task<List<string>> Rows(NpgsqlDataSource source, string table)
    {
        await using var command = source.CreateCommand($"SELECT * FROM {table}");
        await using var reader = await command.ExecuteReaderAsync();
        List<string> rows = [];
        while (await reader.ReadAsync())
            rows.Add(string.Join('\n', Enumerable.Range(0, reader.FieldCount).Select(column => AsText(reader.GetValue(column)))));
        return rows;
    }

    // Bytes twice: their hex finds any encoding, their UTF-8 is what a dump would show.
    static string AsText(object value) => value is byte[] bytes
        ? $"{Convert.ToHexString(bytes)}\n{Encoding.UTF8.GetString(bytes)}"
        : $"{value}";

    static async Task<List<string>> Column(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        List<string> values = [];
        while (await reader.ReadAsync())
            values.Add(reader.GetString(0));
        return values;
    }
}
