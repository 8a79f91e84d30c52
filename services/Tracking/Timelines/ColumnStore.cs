using System.Collections;
using Exchange.Requests.V1;

namespace Exchange.Tracking;

/// <summary>
/// The timelines of all requests in memory, in columns, partitioned by the two states so that a query about one partner reads that
/// partner's requests alone. A request is addressed by the dense row number that the database gives it. Not safe for threads:
/// one writer at a time, and no reader beside it.
/// </summary>
/// <remarks>
/// <para>
/// Layout: a partition has blocks of <see cref="BlockLength"/> places, each block in the columns of <see cref="TimelineBlock"/>.
/// Blocks are numbered across all partitions, in the order in which they were added. An address is the number of the block times
/// <see cref="BlockLength"/> plus the place in the block, so it takes one 32-bit number; <c>addresses</c> holds it by row.
/// </para>
/// <para>
/// What does not fit into a block, a day out of the codec's range or a code beyond 16 bits, is kept unpacked in a dictionary of its
/// partition. Its address is negative: -2 minus the number of the partition. -1 is the address of a row that is not in the store.
/// </para>
/// </remarks>
sealed class ColumnStore
{
    /// <summary>
    /// Places in one block: few enough that the last block of a partition wastes little, enough that lists of blocks stay short.
    /// </summary>
    public const int BlockLength = 1 << BlockBits;

    const int BlockBits = 12;
    const int PlaceMask = BlockLength - 1;
    const int Nowhere = -1;

    readonly DictionaryEncoding<TimeLimitSet> limits = new(TimelineCodec.ReadLimits);
    readonly DictionaryEncoding<RequestProfile> profiles = new(StoredTimeline.ReadProfile);
    readonly DictionaryEncoding<StatePair> states = new(StoredTimeline.ReadStates);
    readonly List<Partition> partitions = [];

    // By the number of the block: its partition, and its index among the blocks of that partition.
    readonly List<(Partition Of, int Index)> blocks = [];

    // By row: the partition that holds it as the requested side was told of it, where that is not what stands.
    readonly Dictionary<int, Partition> told = [];

    // By row, in pieces, so that growing copies nothing.
    readonly List<int[]> addresses = [];

    /// <summary>The sets of time limits by code.</summary>
    public IReadOnlyList<TimeLimitSet> Limits => limits.Values;

    /// <summary>The profiles by code.</summary>
    public IReadOnlyList<RequestProfile> Profiles => profiles.Values;

    /// <summary>The partitions by number.</summary>
    public IReadOnlyList<Partition> Partitions => partitions;

    /// <summary>Requests in the store; drafts are not in it.</summary>
    public long Count { get; private set; }

    /// <summary>Memory in bytes: exact for the arrays, an estimate for tables and dictionaries.</summary>
    public long Bytes => ((long)addresses.Count * BlockLength * sizeof(int)) + partitions.Sum(p => p.Bytes)
        + limits.Bytes + profiles.Bytes + states.Bytes + (24L * blocks.Count);

    /// <summary>Adds a request, or replaces what was known of it.</summary>
    /// <param name="row">Its row number, from 0.</param>
    /// <param name="stored">The whole of what <see cref="StoredTimeline"/> wrote, not the format alone.</param>
    public void Put(int row, ReadOnlySpan<byte> stored)
    {
        var partition = PartitionOf(StoredTimeline.StatesIn(stored));
        var limit = limits.CodeOf(StoredTimeline.LimitsIn(stored));
        var profile = profiles.CodeOf(StoredTimeline.ProfileIn(stored));
        if (limit <= ushort.MaxValue && profile <= ushort.MaxValue)
            PutPacked(row, partition, StoredTimeline.DaysIn(stored), (ushort)limit, (ushort)profile);
        else
            PutUnpacked(row, partition, new(TimelineCodec.Read(StoredTimeline.DaysIn(stored), limits.Values[limit]), profile));
    }

    /// <summary>Adds a request, or replaces what was known of it; takes it out where the facts are those of a draft.</summary>
    /// <param name="row">Its row number, from 0.</param>
    /// <param name="facts">Its newest version.</param>
    /// <exception cref="FormatException">A day is not written as the contract says.</exception>
    public void Put(int row, RequestFacts facts)
    {
        var stored = StoredTimeline.Of(facts);
        if (stored.Length > 1)
            Put(row, stored);
        else if (facts.TransmittedOn.Length > 0)
            PutUnpacked(row, PartitionOf(StoredTimeline.StatesOf(facts)),
                new(Timeline.Of(facts), profiles.CodeOf(StoredTimeline.ProfileOf(facts))));
        else
            Remove(row);
    }

    /// <summary>Says how the requested side sees a request that was put here.</summary>
    /// <param name="row">Its row number.</param>
    /// <param name="facts">As that side was told of it; null where it sees what stands, or nothing.</param>
    /// <exception cref="FormatException">A day is not written as the contract says.</exception>
    public void PutTold(int row, RequestFacts? facts)
    {
        if (told.Remove(row, out var before))
            before.Told.Remove(row);
        if (facts is null)
            return;
        var profile = RequestProfile.Of(facts) with { KnownTo = KnownTo.RequestedSide };
        told[row] = PartitionOf(StoredTimeline.StatesOf(facts));
        told[row].Told[row] = new(Timeline.Of(facts), profiles.CodeOf(StoredTimeline.Write(profile)));
    }

    /// <summary>
    /// Where these rows are: their addresses, or the complements of those in no block. Rows that are not in the store are left out.
    /// </summary>
    public HashSet<int> LocationsOf(IEnumerable<int> rows)
    {
        HashSet<int> locations = [];
        foreach (var row in rows)
            if (row >> BlockBits < addresses.Count && addresses[row >> BlockBits][row & PlaceMask] is not Nowhere and var address)
                locations.Add(address >= 0 ? address : ~row);
        return locations;
    }

    /// <summary>The rows of requests that are in blocks, in the order of the rows.</summary>
    /// <param name="of">Their addresses, by <see cref="Partition.AddressOf"/>; each at most once.</param>
    /// <remarks>
    /// Goes through the addresses of all rows, 4 bytes each. The other direction is not kept, because it would take four more bytes
    /// for every request, and is needed for no more than the rows of a page.
    /// </remarks>
    public List<int> RowsAt(IReadOnlyCollection<int> of)
    {
        var wanted = new BitArray?[blocks.Count];
        foreach (var address in of)
            (wanted[address >> BlockBits] ??= new(BlockLength))[address & PlaceMask] = true;
        List<int> rows = new(of.Count);
        for (var piece = 0; piece < addresses.Count && rows.Count < of.Count; piece++)
        {
            var some = addresses[piece];
            for (var i = 0; i < some.Length; i++)
                if (some[i] is >= 0 and var address && wanted[address >> BlockBits] is { } block && block[address & PlaceMask])
                    rows.Add((piece << BlockBits) | i);
        }
        return rows;
    }

    void PutPacked(int row, Partition partition, ReadOnlySpan<byte> days, ushort limit, ushort profile)
    {
        ref var address = ref AddressOf(row);
        if (address >= 0 && blocks[address >> BlockBits] is var (of, index) && of == partition)
        {
            of.Blocks[index].Put(address & PlaceMask, days, limit, profile);
            return;
        }
        Remove(row);
        if (!partition.FreeAddresses.TryPop(out address))
        {
            var (place, isNew) = partition.Grow();
            if (isNew)
            {
                partition.BlockNumbers.Add(blocks.Count);
                blocks.Add((partition, partition.Blocks.Count - 1));
            }
            address = partition.AddressOf(partition.Blocks.Count - 1, place);
        }
        partition.Blocks[blocks[address >> BlockBits].Index].Put(address & PlaceMask, days, limit, profile);
        Count++;
    }

    void PutUnpacked(int row, Partition partition, UnpackedTimeline timeline)
    {
        Remove(row);
        partition.Unpacked[row] = timeline;
        AddressOf(row) = Nowhere - 1 - partition.Number;
        Count++;
    }

    /// <summary>Takes a row out; does nothing where it is not in the store.</summary>
    void Remove(int row)
    {
        ref var address = ref AddressOf(row);
        if (address == Nowhere)
            return;
        if (address >= 0)
        {
            var (of, index) = blocks[address >> BlockBits];
            of.Blocks[index].Clear(address & PlaceMask);
            of.FreeAddresses.Push(address);
        }
        else
        {
            partitions[Nowhere - 1 - address].Unpacked.Remove(row);
        }
        address = Nowhere;
        Count--;
    }

    ref int AddressOf(int row)
    {
        while (addresses.Count <= row >> BlockBits)
        {
            var added = new int[BlockLength];
            added.AsSpan().Fill(Nowhere);
            addresses.Add(added);
        }
        return ref addresses[row >> BlockBits][row & PlaceMask];
    }

    Partition PartitionOf(ReadOnlySpan<byte> pair)
    {
        var code = states.CodeOf(pair);
        if (code == partitions.Count)
            partitions.Add(new(code, states.Values[code]));
        return partitions[code];
    }
}
