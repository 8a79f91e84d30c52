using Exchange.Requests.V1;

namespace Exchange.Tracking;

/// <summary>
/// The courses of all requests in memory, sorted by their two states so that a question about one partner touches that
/// partner's alone. Addressed by the dense row number that the database gives. For one writer at a time, and no reader beside it.
/// </summary>
sealed class Columns
{
    /// <summary>Courses in one block: small enough for a little growth, large enough that the blocks cost nothing.</summary>
    public const int BlockLength = 1 << BlockBits;

    const int BlockBits = 12;
    const int Nowhere = -1;

    readonly Coded<Terms> terms = new(PackedCourse.ReadTerms);
    readonly Coded<Profile> profiles = new(CourseForm.ReadProfile);
    readonly Coded<StatePair> states = new(CourseForm.ReadStates);
    readonly List<Partition> partitions = [];
    readonly List<(Partition Of, int Index)> blocks = [];

    // By row number: block and place in it; below -1 the partition in whose side table it is; -1 for nowhere.
    readonly List<int[]> places = [];

    public IReadOnlyList<Terms> Terms => terms.Values;

    public IReadOnlyList<Profile> Profiles => profiles.Values;

    public IReadOnlyList<Partition> Partitions => partitions;

    /// <summary>Requests in it, drafts left out.</summary>
    public long Count { get; private set; }

    /// <summary>Of all arrays; of tables and codes about.</summary>
    public long Bytes => ((long)places.Count * BlockLength * sizeof(int)) + partitions.Sum(p => p.Bytes) + terms.Bytes + profiles.Bytes + states.Bytes + (24L * blocks.Count);

    /// <summary>Puts a request in, or what is known of it now in the place of what was.</summary>
    /// <param name="row">Its row number, from 0.</param>
    /// <param name="form">As <see cref="CourseForm"/> wrote it, in full.</param>
    public void Put(int row, ReadOnlySpan<byte> form)
    {
        var partition = PartitionOf(CourseForm.StatesIn(form));
        var (term, profile) = (terms.CodeOf(CourseForm.TermsIn(form)), profiles.CodeOf(CourseForm.ProfileIn(form)));
        if (term <= ushort.MaxValue && profile <= ushort.MaxValue)
            PutPacked(row, partition, CourseForm.DaysIn(form), (ushort)term, (ushort)profile);
        else
            PutAside(row, partition, new(PackedCourse.Read(CourseForm.DaysIn(form), terms.Values[term]), profile));
    }

    /// <summary>The same from the facts themselves.</summary>
    public void Put(int row, RequestFacts facts)
    {
        var form = CourseForm.Of(facts);
        if (form.Length > 1)
            Put(row, form);
        else if (facts.TransmittedOn.Length > 0)
            PutAside(row, PartitionOf(CourseForm.StatesOf(facts)), new(Course.Of(facts), profiles.CodeOf(CourseForm.ProfileOf(facts))));
        else
            Take(row);
    }

    void PutPacked(int row, Partition partition, ReadOnlySpan<byte> days, ushort term, ushort profile)
    {
        ref var place = ref PlaceOf(row);
        if (place >= 0 && blocks[place >> BlockBits] is var (of, index) && of == partition)
        {
            of.Blocks[index].Put(place & (BlockLength - 1), days, term, profile);
            return;
        }
        Take(row);
        if (!partition.Free.TryPop(out place))
        {
            var (at, isNew) = partition.Grow();
            if (isNew)
            {
                partition.BlockNumbers.Add(blocks.Count);
                blocks.Add((partition, partition.Blocks.Count - 1));
            }
            place = (partition.BlockNumbers[^1] << BlockBits) | at;
        }
        partition.Blocks[blocks[place >> BlockBits].Index].Put(place & (BlockLength - 1), days, term, profile);
        Count++;
    }

    void PutAside(int row, Partition partition, SideCourse course)
    {
        Take(row);
        partition.Aside[row] = course;
        PlaceOf(row) = Nowhere - 1 - partition.Number;
        Count++;
    }

    /// <summary>Leaves nothing of it behind.</summary>
    void Take(int row)
    {
        ref var place = ref PlaceOf(row);
        if (place == Nowhere)
            return;
        if (place >= 0)
        {
            var (of, index) = blocks[place >> BlockBits];
            of.Blocks[index].Clear(place & (BlockLength - 1));
            of.Free.Push(place);
        }
        else
        {
            partitions[Nowhere - 1 - place].Aside.Remove(row);
        }
        place = Nowhere;
        Count--;
    }

    ref int PlaceOf(int row)
    {
        while (places.Count <= row >> BlockBits)
        {
            var added = new int[BlockLength];
            added.AsSpan().Fill(Nowhere);
            places.Add(added);
        }
        return ref places[row >> BlockBits][row & (BlockLength - 1)];
    }

    Partition PartitionOf(ReadOnlySpan<byte> pair)
    {
        var code = states.CodeOf(pair);
        if (code == partitions.Count)
            partitions.Add(new(code, states.Values[code]));
        return partitions[code];
    }
}

/// <summary>A course that does not fit into the columns.</summary>
sealed record SideCourse(Course Course, int Profile);

/// <summary>The courses of one pair of states.</summary>
sealed class Partition(int number, StatePair states)
{
    // Several vectors.
    const int SmallestBlock = 16;

    int used;

    public int Number => number;

    public StatePair States => states;

    public List<CourseBlock> Blocks { get; } = [];

    /// <summary>Of its blocks among all.</summary>
    public List<int> BlockNumbers { get; } = [];

    /// <summary>Places that were left.</summary>
    public Stack<int> Free { get; } = [];

    /// <summary>By row number.</summary>
    public Dictionary<int, SideCourse> Aside { get; } = [];

    public long Bytes => (Blocks.Sum(block => (long)block.Length) * CourseBlock.BytesEach) + (sizeof(int) * (Free.Count + BlockNumbers.Count))
        + Aside.Values.Sum(side => 160L + (8 * (side.Course.AskedAgain?.Length ?? 0)));

    /// <summary>One more place in the last block, and whether the block is new.</summary>
    public (int At, bool IsNew) Grow()
    {
        var isNew = Blocks.Count == 0 || used == Columns.BlockLength;
        if (isNew)
        {
            Blocks.Add(new CourseBlock(Blocks.Count == 0 ? SmallestBlock : Columns.BlockLength));
            used = 0;
        }
        else if (used == Blocks[^1].Length)
        {
            Blocks[^1] = Blocks[^1].GrownTo(used * 2);
        }
        return (used++, isNew);
    }
}
