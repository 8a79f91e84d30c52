using System.Runtime.CompilerServices;
using Exchange.Contracts;

namespace Exchange.Tracking;

/// <summary>One pass through courses, by one thread: what each counts for is added to its cell, and nothing is allocated for it.</summary>
sealed class Scan
{
    readonly Question question;
    readonly Cells cells;
    readonly Period period;
    readonly ReferenceData reference;
    readonly Tally?[] tallies;
    readonly bool[] blocCounts;
    readonly bool[] profileCounts;
    readonly (Terms Terms, int Seen, int DueAfter)[] terms;
    readonly int from;
    readonly int to;
    Partition? partition;
    (int From, int Bloc)[] blocs = [];

    public Scan(Question question, Cells cells, Period period, ReferenceData reference, Columns columns)
    {
        (this.question, this.cells, this.period, this.reference) = (question, cells, period, reference);
        tallies = new Tally?[cells.Count];
        blocCounts = [.. Cells.Blocs.Select(question.Wanted.Counts)];
        profileCounts = [.. columns.Profiles.Select(question.Wanted.Counts)];
        terms = [.. columns.Terms.Select(t => (t, t.SeenOn(question.AsOf.DayNumber), t.DaysOf(question.Kind)))];
        (from, to) = (question.Wanted.From.DayNumber, Math.Min(question.Wanted.To.DayNumber, question.AsOf.DayNumber));
    }

    /// <summary>What was counted, by cell.</summary>
    public IEnumerable<(int Cell, Tally Tally)> Tallies() =>
        tallies.Select((tally, cell) => (cell, tally)).Where(counted => counted.tally is not null)!;

    public void Add(Partition of, PackedCourse[] block)
    {
        TurnTo(of);
        foreach (ref readonly var packed in block.AsSpan())
        {
            if (!packed.IsThere || packed.Transmitted < from || packed.Transmitted > to || !profileCounts[packed.Profile])
                continue;
            ref readonly var term = ref terms[packed.Terms];
            Add(packed.Unpack(term.Terms), term.Seen, term.DueAfter, packed.Profile);
        }
    }

    public void AddAside(Partition of)
    {
        TurnTo(of);
        foreach (var (course, profile) in of.Aside.Values)
            if (profileCounts[profile])
                Add(course, course.Terms.SeenOn(question.AsOf.DayNumber), course.Terms.DaysOf(question.Kind), profile);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void Add(in Course course, int seen, int dueAfter, int profile)
    {
        if (course.Transmitted > seen)
            return;
        var clock = Clock.At(course, seen, dueAfter);
        var bloc = BlocOn(course.Transmitted);
        if (!blocCounts[bloc] || !question.Wanted.Counts(course.Transmitted, clock.AnswerRecordedBy))
            return;
        ref var tally = ref tallies[cells.Of(partition!, bloc, profile, course.Transmitted, clock.AnswerRecordedBy)];
        (tally ??= new(period)).Add(clock);
    }

    void TurnTo(Partition of)
    {
        if (partition == of)
            return;
        partition = of;
        question.Counts(of.States, out var partner);
        blocs = [.. reference.BlocsOf(partner).Select(b => (b.From.DayNumber, BlocOf(b.Bloc)))];
    }

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
