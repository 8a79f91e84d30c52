using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Exchange.Tracking;

/// <summary>
/// Some thousand courses of one pair of states, in columns of 16 bits: 22 bytes each. Read as many at a time as a vector
/// holds lanes.
/// </summary>
/// <param name="length">Courses it has place for; several vectors of them.</param>
sealed class CourseBlock(int length)
{
    /// <summary>What a course takes.</summary>
    public const int BytesEach = Columns * sizeof(ushort);

    // Eight days, the outcomes, the codes of terms and profile; in the order of a form.
    const int Days = 8;
    const int OutcomesColumn = Days;
    const int TermsColumn = Days + 1;
    const int ProfileColumn = Days + 2;
    const int Columns = Days + 3;

    // Half a vector is read in vain behind the last.
    readonly ushort[] cells = new ushort[(Columns * length) + Vector<ushort>.Count];

    public int Length => length;

    /// <summary>The codes of the terms.</summary>
    public ReadOnlySpan<ushort> Terms => cells.AsSpan(TermsColumn * length, length);

    /// <summary>The codes of the profiles.</summary>
    public ReadOnlySpan<ushort> Profiles => cells.AsSpan(ProfileColumn * length, length);

    /// <param name="days">As <see cref="PackedCourse"/> writes them.</param>
    public void Put(int at, ReadOnlySpan<byte> days, ushort terms, ushort profile)
    {
        for (var column = 0; column < Days; column++)
            cells[(column * length) + at] = BinaryPrimitives.ReadUInt16LittleEndian(days[(column * sizeof(ushort))..]);
        cells[(OutcomesColumn * length) + at] = days[Days * sizeof(ushort)];
        cells[(TermsColumn * length) + at] = terms;
        cells[(ProfileColumn * length) + at] = profile;
    }

    /// <summary>Leaves the place empty: a course that is never transmitted.</summary>
    public void Clear(int at)
    {
        for (var column = 0; column < Columns; column++)
            cells[(column * length) + at] = 0;
    }

    /// <summary>The same with more places behind.</summary>
    public CourseBlock GrownTo(int more)
    {
        var grown = new CourseBlock(more);
        for (var column = 0; column < Columns; column++)
            cells.AsSpan(column * length, length).CopyTo(grown.cells.AsSpan(column * more));
        return grown;
    }

    /// <summary>As many as there are lanes, from this place on; an empty place is never transmitted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Courses Read(int at)
    {
        var outcomes = Column(OutcomesColumn, at);
        return new()
        {
            Transmitted = DaysOf(0, at),
            Acknowledged = DaysOf(1, at),
            Recognised = DaysOf(2, at),
            Heard = DaysOf(3, at),
            Ended = DaysOf(4, at),
            Finished = DaysOf(5, at),
            Asked = DaysOf(6, at),
            Provided = DaysOf(7, at),
            First = outcomes & new Vector<int>(PackedCourse.OutcomeBits),
            RecordedBy = (outcomes >> PackedCourse.RecordedByShift) & new Vector<int>(PackedCourse.RecordedByBits),
            Final = outcomes >> PackedCourse.FinalShift,
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    Vector<int> DaysOf(int column, int at)
    {
        var days = Column(column, at);
        return Vector.ConditionalSelect(Vector.Equals(days, Vector<int>.Zero), new(Course.Never), days + new Vector<int>(PackedCourse.Epoch));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    Vector<int> Column(int column, int at) => Vector.AsVectorInt32(Vector.WidenLower(new Vector<ushort>(cells, (column * length) + at)));
}
