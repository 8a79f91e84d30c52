using System.Collections.Concurrent;
using Exchange.Platform;

namespace Exchange.Requests;

/// <summary>
/// Human references, <c>BY-2026-000123</c>. A replica takes a block of numbers of a state and year and gives them away: gaps are
/// allowed, repeats are not.
/// </summary>
sealed class References(Database database)
{
    const int BlockSize = 20;

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

    sealed class Block
    {
        public SemaphoreSlim Turn { get; } = new(1);

        public int Next { get; set; }

        public int End { get; set; }
    }
}
