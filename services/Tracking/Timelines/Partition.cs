namespace Exchange.Tracking;

/// <summary>A timeline that does not fit into a block, with the code of the request's profile, which may be beyond 16 bits.</summary>
sealed record UnpackedTimeline(Timeline Timeline, int Profile);

/// <summary>The timelines of one pair of states within a <see cref="ColumnStore"/>.</summary>
/// <param name="number">Its index among the partitions of the store.</param>
/// <param name="states">The pair.</param>
sealed class Partition(int number, StatePair states)
{
    // The first block grows from so many places, by doubling: most pairs of states have few requests. A multiple of every vector's lanes.
    const int SmallestBlock = 16;

    // Estimates for one entry of the dictionary, and for each later question it holds.
    const long BytesOfUnpacked = 160;
    const long BytesOfQuestion = 8;

    // Places of the last block that were given, whether or not they have been left since.
    int used;

    public int Number => number;

    public StatePair States => states;

    /// <summary>All blocks but the last are full, apart from the free places.</summary>
    public List<TimelineBlock> Blocks { get; } = [];

    /// <summary>By index of the block in <see cref="Blocks"/>, its number among the blocks of the whole store.</summary>
    public List<int> BlockNumbers { get; } = [];

    /// <summary>Addresses whose request was taken out; they are given again before the partition grows.</summary>
    public Stack<int> FreeAddresses { get; } = [];

    /// <summary>Timelines that do not fit into a block, by row number.</summary>
    public Dictionary<int, UnpackedTimeline> Unpacked { get; } = [];

    /// <summary>
    /// By row number, requests that left the exchange as the requested side was last told of them; what stands is in a place of its own.
    /// </summary>
    public Dictionary<int, UnpackedTimeline> Told { get; } = [];

    /// <summary>All that is in no block.</summary>
    public IEnumerable<KeyValuePair<int, UnpackedTimeline>> OutsideBlocks => Unpacked.Concat(Told);

    /// <summary>Memory in bytes: exact for the blocks, an estimate for the rest.</summary>
    public long Bytes => (Blocks.Sum(block => (long)block.Length) * TimelineBlock.BytesEach)
        + (sizeof(int) * (FreeAddresses.Count + BlockNumbers.Count))
        + OutsideBlocks.Sum(one => BytesOfUnpacked + (BytesOfQuestion * (one.Value.Timeline.AskedAgain?.Length ?? 0)));

    /// <summary>The address, in the whole store, of a place in one of the blocks.</summary>
    /// <param name="block">Index in <see cref="Blocks"/>.</param>
    /// <param name="place">Place in the block.</param>
    public int AddressOf(int block, int place) => (BlockNumbers[block] * ColumnStore.BlockLength) | place;

    /// <summary>Gives one more place in the last block; says whether that block was added for it.</summary>
    public (int Place, bool IsNewBlock) Grow()
    {
        var isNew = Blocks.Count == 0 || used == ColumnStore.BlockLength;
        if (isNew)
        {
            Blocks.Add(new TimelineBlock(Blocks.Count == 0 ? SmallestBlock : ColumnStore.BlockLength));
            used = 0;
        }
        else if (used == Blocks[^1].Length)
        {
            Blocks[^1] = Blocks[^1].GrownTo(used * 2);
        }
        return (used++, isNew);
    }
}
