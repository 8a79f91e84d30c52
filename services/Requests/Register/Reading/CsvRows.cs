using System.Runtime.CompilerServices;

namespace Exchange.Requests;

/// <summary>
/// Reads CSV (RFC 4180) row by row in flat memory. Unlike a general reader it goes on after a broken row at the next
/// line, so that one unclosed quote names one row and does not swallow the rest of a register. The cut of the input
/// into pieces never shows in the rows.
/// </summary>
sealed class CsvRows(Stream source, int maxRowBytes)
{
    readonly byte[] buffer = new byte[2 * maxRowBytes];
    int start;
    int end;
    bool complete;

    /// <summary>Every row but empty lines. An empty line counts, as in a spreadsheet; a quoted line break does not.</summary>
    public async IAsyncEnumerable<CsvRow> Read([EnumeratorCancellation] CancellationToken ct)
    {
        await SkipByteOrderMark(ct);
        for (long number = 1; await Fill(1, ct); number++)
        {
            var scan = Scan();
            while (scan.Result == CsvScanResult.NeedsMore && end - start < maxRowBytes && !complete)
            {
                await Fill(end - start + 1, ct);
                scan = Scan();
            }

            var defect = scan.Result switch
            {
                CsvScanResult.Row => CsvDefect.None,
                CsvScanResult.NeedsMore when !scan.InQuotes => CsvDefect.TooLong,
                _ => CsvDefect.MalformedQuotes,
            };
            if (defect == CsvDefect.None)
                start += scan.Length;
            else
                await SkipLine(ct);

            if (defect != CsvDefect.None || !IsEmptyLine(scan.Fields))
                yield return new(number, scan.Fields, defect);
        }
    }

    static bool IsEmptyLine(string?[] fields) => fields is [""];

    CsvScan Scan()
    {
        var length = Math.Min(end - start, maxRowBytes);
        return CsvScan.Of(buffer.AsSpan(start, length), complete && length == end - start);
    }

    async Task SkipByteOrderMark(CancellationToken ct)
    {
        await Fill(3, ct);
        if (buffer.AsSpan(start, end - start) is [0xEF, 0xBB, 0xBF, ..])
            start += 3;
    }

    async Task SkipLine(CancellationToken ct)
    {
        int length;
        while ((length = buffer.AsSpan(start, end - start).IndexOfAny((byte)'\r', (byte)'\n')) < 0)
        {
            start = end;
            if (!await Fill(1, ct))
                return;
        }

        start += length;
        await Fill(2, ct);
        start += buffer.AsSpan(start, end - start) is [(byte)'\r', (byte)'\n', ..] ? 2 : 1;
    }

    /// <summary>False when the source ends before so many bytes are there.</summary>
    async Task<bool> Fill(int wanted, CancellationToken ct)
    {
        if (buffer.Length - start < maxRowBytes + 1)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
        }

        while (end - start < wanted && !complete)
        {
            var count = await source.ReadAsync(buffer.AsMemory(end), ct);
            end += count;
            complete = count == 0;
        }

        return end - start >= wanted;
    }
}

/// <summary>A row of a CSV file as it is written there.</summary>
/// <param name="Number">The first row of the file is 1.</param>
/// <param name="Fields">Unquoted; null where the bytes are not UTF-8. Of a broken row those before the break.</param>
/// <param name="Defect">What is broken.</param>
readonly record struct CsvRow(long Number, string?[] Fields, CsvDefect Defect);

/// <summary>Why a row cannot be read.</summary>
enum CsvDefect
{
    None,

    /// <summary>A quote inside an unquoted field, text after a closing quote, or a quote never closed.</summary>
    MalformedQuotes,

    /// <summary>The row is longer than the reader accepts.</summary>
    TooLong,
}
