using System.Text;
using System.Text.Unicode;

namespace Exchange.Requests;

enum CsvScanResult
{
    Row,
    NeedsMore,
    MalformedQuotes,
}

/// <summary>What one look at the bytes from the start of a row found.</summary>
/// <param name="Result">Whether the row is whole.</param>
/// <param name="Fields">The fields found so far.</param>
/// <param name="Length">Bytes of a whole row, its line end included.</param>
/// <param name="InQuotes">The bytes ended inside a quoted field.</param>
readonly record struct CsvScan(CsvScanResult Result, string?[] Fields, int Length, bool InQuotes)
{
    const byte Quote = (byte)'"';

    /// <param name="bytes">From the start of a row.</param>
    /// <param name="complete">Nothing follows these bytes.</param>
    public static CsvScan Of(ReadOnlySpan<byte> bytes, bool complete)
    {
        List<string?> fields = [];
        var at = 0;
        while (true)
        {
            var quoted = at < bytes.Length && bytes[at] == Quote;
            var length = quoted ? QuotedLength(bytes[at..], complete) : UnquotedLength(bytes[at..]);
            if (length < 0)
                return new(CsvScanResult.NeedsMore, [.. fields], 0, InQuotes: true);

            var stop = at + length;
            if (stop < bytes.Length && bytes[stop] is not ((byte)',' or (byte)'\r' or (byte)'\n'))
                return new(CsvScanResult.MalformedQuotes, [.. fields], 0, InQuotes: false);
            if (!complete && (stop == bytes.Length || (bytes[stop] == '\r' && stop + 1 == bytes.Length)))
                return new(CsvScanResult.NeedsMore, [.. fields], 0, InQuotes: false);

            fields.Add(quoted ? Text(bytes[(at + 1)..(stop - 1)])?.Replace("\"\"", "\"") : Text(bytes[at..stop]));
            if (stop == bytes.Length)
                return new(CsvScanResult.Row, [.. fields], stop, InQuotes: false);
            if (bytes[stop] != ',')
                return new(CsvScanResult.Row, [.. fields], stop + (bytes[stop..] is [(byte)'\r', (byte)'\n', ..] ? 2 : 1), InQuotes: false);

            at = stop + 1;
        }
    }

    static int UnquotedLength(ReadOnlySpan<byte> bytes)
    {
        var length = bytes.IndexOfAny(",\r\n\""u8);
        return length < 0 ? bytes.Length : length;
    }

    /// <summary>Both quotes included; negative when the closing one is not among the bytes, or may be half of a doubled one.</summary>
    static int QuotedLength(ReadOnlySpan<byte> bytes, bool complete)
    {
        for (var at = 1; ; at += 2)
        {
            var next = bytes[at..].IndexOf(Quote);
            if (next < 0)
                return -1;

            at += next;
            if (at + 1 == bytes.Length)
                return complete ? at + 1 : -1;
            if (bytes[at + 1] != Quote)
                return at + 1;
        }
    }

    static string? Text(ReadOnlySpan<byte> bytes) => Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : null;
}
