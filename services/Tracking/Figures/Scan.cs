using System.Runtime.CompilerServices;
using Exchange.Contracts;
using Exchange.Requests.V1;

namespace Exchange.Tracking;

/// <summary>
/// One pass through courses, by one thread: their clocks are worked out several at a time, and what each counts for is added to
/// its cell. Nothing is allocated for it.
/// </summary>
sealed class Scan
{
    readonly Question question;
    readonly Cells cells;
    readonly Period period;
    readonly ReferenceData reference;
    readonly Tally?[] tallies;
    readonly bool[] blocCounts;
    readonly bool[] profileCounts;
    readonly bool[] sideCounts;
    readonly int from;
    readonly int to;
    readonly int[] seenByTerms;
    readonly int[] dueAfterByTerms;
    readonly int[] seen = new int[Courses.Lanes];
    readonly int[] dueAfter = new int[Courses.Lanes];
    readonly int[] profiles = new int[Courses.Lanes];
    readonly Counted counted;
    Partition? partition;
    (int From, int Bloc)[] blocs = [];

    public Scan(Question question, Cells cells, Period period, ReferenceData reference, Columns columns)
    {
        (this.question, this.cells, this.period, this.reference) = (question, cells, period, reference);
        tallies = new Tally?[cells.Count];
        blocCounts = [.. Cells.Blocs.Select(question.Wanted.Counts)];
        profileCounts = [.. columns.Profiles.Select(question.Wanted.Counts)];
        sideCounts = [.. Enum.GetValues<Side>().Order().Select(question.Wanted.Counts)];
        (from, to) = (question.Wanted.From.DayNumber, question.Wanted.To.DayNumber);
        seenByTerms = [.. columns.Terms.Select(terms => terms.SeenOn(question.AsOf.DayNumber))];
        dueAfterByTerms = [.. columns.Terms.Select(terms => terms.DaysOf(question.Kind))];
        counted = new(period);
    }

    /// <summary>What was counted, by cell.</summary>
    public IEnumerable<(int Cell, Tally Tally)> Tallies() =>
        tallies.Select((tally, cell) => (cell, tally)).Where(counted => counted.tally is not null)!;

    public void Add(Partition of, CourseBlock block)
    {
        TurnTo(of);
        for (var at = 0; at < block.Length; at += Courses.Lanes)
        {
            var terms = block.Terms.Slice(at, Courses.Lanes);
            var about = block.Profiles.Slice(at, Courses.Lanes);
            for (var lane = 0; lane < terms.Length; lane++)
                (seen[lane], dueAfter[lane], profiles[lane]) = (seenByTerms[terms[lane]], dueAfterByTerms[terms[lane]], about[lane]);
            counted.Take(Clocks.At(block.Read(at), new(seen), new(dueAfter)));
            for (var lane = 0; lane < terms.Length; lane++)
                Add(lane);
        }
    }

    public void AddAside(Partition of)
    {
        TurnTo(of);
        foreach (var (course, profile) in of.Aside.Values)
        {
            (seen[0], profiles[0]) = (course.Terms.SeenOn(question.AsOf.DayNumber), profile);
            counted.Take(Clocks.At(Courses.Of(course, seen[0]), new(seen[0]), new(course.Terms.DaysOf(question.Kind))));
            Add(0);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void Add(int lane)
    {
        var transmitted = counted.Transmitted(lane);
        // An empty place is never transmitted.
        if (transmitted < from || transmitted > Math.Min(to, seen[lane]) || !profileCounts[profiles[lane]] || !sideCounts[(int)counted.AnswerRecordedBy(lane)])
            return;
        var bloc = BlocOn(transmitted);
        if (!blocCounts[bloc])
            return;
        ref var tally = ref tallies[cells.Of(partition!, bloc, profiles[lane], transmitted, counted.AnswerRecordedBy(lane))];
        (tally ??= new(period)).Add(counted, lane);
    }

    void TurnTo(Partition of)
    {
        if (partition == of)
            return;
        partition = of;
        question.Counts(of.States, out var partner);
        blocs = [.. reference.BlocsOf(partner).Select(b => (b.From.DayNumber, BlocOf(b.Bloc)))];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    int BlocOn(int day)
    {
        var bloc = blocs[0].Bloc;
        for (var i = 1; i < blocs.Length && blocs[i].From <= day; i++)
            bloc = blocs[i].Bloc;
        return bloc;
    }

    static int BlocOf(string name)
    {
        for (var i = 0; i < Cells.Blocs.Count; i++)
            if (Cells.Blocs[i] == name)
                return i;
        throw new ArgumentOutOfRangeException(nameof(name), name, null);
    }
}
