using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using Exchange.Platform;

namespace Exchange.Requests;

/// <summary>
/// Human references, <c>BY-2026-000123</c>. A replica takes a block of numbers of a state and year and gives them away: gaps are
/// allowed, repeats are not.
/// </summary>
sealed partial class References(Database database, TimeProvider time) : IRestoreHandler
{
    const int BlockSize = 20;

    /// <summary>How far numbers move on after a restore: more than are given away between two backups.</summary>
    const int Leap = 10_000;

    readonly ConcurrentDictionary<(string State, int Year), Block> blocks = [];

    /// <summary>The next one; a register may still hold it, and then the next after it is asked for.</summary>
    public async Task<string> Next(string state, int year, CancellationToken ct)
    {
        var block = blocks.GetOrAdd((state, year), _ => new());
        await block.Turn.WaitAsync(ct);
        try
        {
            if (block.Next == block.End)
                (block.Next, block.End) = await Take(state, year, ct);
            return $"{state}-{year:0000}-{block.Next++:000000}";
        }
        finally
        {
            block.Turn.Release();
        }
    }

    /// <summary>Leaps over what may have been given away after the copy was made, of every state that files here.</summary>
    public Task HandleRestore(Transaction tx) => tx.Execute(
        """
        INSERT INTO reference_blocks (state, year, next)
        SELECT k.state, k.year, $2 + 1 + coalesce(max(substring(r.reference FROM '^[A-Z]{2}-[0-9]{4}-([0-9]{1,8})$')::int), 0)
        FROM (SELECT state, year FROM reference_blocks
              UNION SELECT DISTINCT requesting_state, unnest($1::int[]) FROM requests) AS k (state, year)
        LEFT JOIN requests r ON r.requesting_state = k.state AND r.reference LIKE k.state || '-' || k.year || '-%'
        GROUP BY k.state, k.year
        ON CONFLICT (state, year) DO UPDATE SET next = greatest(reference_blocks.next + $2, excluded.next)
        """, [YearsNow(), Leap]);

    /// <summary>The years that it is now somewhere: numbers are given in the year of the state, which is not always that of UTC.</summary>
    int[] YearsNow()
    {
        var now = time.GetUtcNow();
        return [.. new[] { now.AddHours(-12).Year, now.AddHours(14).Year }.Distinct()];
    }

    /// <summary>Goes on beyond references that others have seen, and beyond what may have been given away after them.</summary>
    public async Task MoveBeyond(IEnumerable<string> seen, CancellationToken ct)
    {
        var highest = seen.Select(one => Counted().Match(one)).Where(match => match.Success)
            .Select(match => (State: match.Groups[1].Value, Year: Number(match.Groups[2]), No: Number(match.Groups[3])))
            .GroupBy(one => (one.State, one.Year)).Select(g => g.MaxBy(one => one.No)).ToList();
        await database.Execute(
            """
            INSERT INTO reference_blocks (state, year, next) SELECT state, year, no + 1 + $4 FROM unnest($1, $2, $3) AS s (state, year, no)
            ON CONFLICT (state, year) DO UPDATE SET next = greatest(reference_blocks.next, excluded.next)
            """,
            [highest.Select(h => h.State).ToArray(), highest.Select(h => h.Year).ToArray(), highest.Select(h => h.No).ToArray(), Leap], ct);
        blocks.Clear();

        static int Number(Group digits) => int.Parse(digits.ValueSpan, CultureInfo.InvariantCulture);
    }

    async Task<(int Next, int End)> Take(string state, int year, CancellationToken ct)
    {
        var next = await database.Query(
            "UPDATE reference_blocks SET next = next + $3 WHERE state = $1 AND year = $2 RETURNING next - $3",
            [state, year, BlockSize], row => row.GetInt32(0), ct);
        // The first block begins after the highest number that came in with a register; to look for it means to read them all.
        var first = next is [var known] ? known : (await database.Query(
            """
            INSERT INTO reference_blocks (state, year, next)
            SELECT $1, $2, $3 + 1 + coalesce(max(substring(reference FROM '^[A-Z]{2}-[0-9]{4}-([0-9]{1,8})$')::int), 0)
            FROM requests WHERE requesting_state = $1 AND reference LIKE $1 || '-' || $2 || '-%'
            ON CONFLICT (state, year) DO UPDATE SET next = reference_blocks.next + $3
            RETURNING next - $3
            """,
            [state, year, BlockSize], row => row.GetInt32(0), ct)).Single();
        return (first, first + BlockSize);
    }

    [GeneratedRegex(@"\A([A-Z]{2})-([0-9]{4})-([0-9]{1,8})\z")]
    private static partial Regex Counted();

    sealed class Block
    {
        public SemaphoreSlim Turn { get; } = new(1);

        public int Next { get; set; }

        public int End { get; set; }
    }
}
