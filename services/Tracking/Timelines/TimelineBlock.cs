using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Exchange.Tracking;

/// <summary>
/// Up to some thousand timelines of one pair of states, stored by column: 22 bytes a request. It is read as many requests at a
/// time as a vector has lanes.
/// </summary>
/// <remarks>
/// <para>
/// Layout: one array of 16-bit cells, column after column, each column as long as the block has places. Columns 0 to 7 are the
/// eight days in the order of <see cref="TimelineCodec"/>, each as days since <see cref="TimelineCodec.Epoch"/> with 0 for
/// "never"; column 8 is the byte of the outcomes; columns 9 and 10 are the codes of the time limits and of the profile in the
/// dictionaries of the <see cref="ColumnStore"/>. The cell of column c and place p has index c * length + p.
/// </para>
/// <para>
/// A place that is empty has 0 in every column, so it reads as a request that was never transmitted, which no figure counts.
/// </para>
/// </remarks>
/// <param name="length">Places for timelines; a multiple of the lanes of a vector.</param>
sealed class TimelineBlock(int length)
{
    /// <summary>Bytes that one timeline takes.</summary>
    public const int BytesEach = ColumnCount * sizeof(ushort);

    const int DayColumns = 8;
    const int OutcomesColumn = DayColumns;
    const int LimitsColumn = DayColumns + 1;
    const int ProfileColumn = DayColumns + 2;
    const int ColumnCount = DayColumns + 3;

    // One vector longer than the columns: a read loads a full vector of 16-bit cells and uses the lower half, so the read of the
    // last places loads half a vector of cells that lie behind the end.
    readonly ushort[] cells = new ushort[(ColumnCount * length) + Vector<ushort>.Count];

    /// <summary>Places for timelines.</summary>
    public int Length => length;

    /// <summary>By place, the code of the time limits.</summary>
    public ReadOnlySpan<ushort> LimitCodes => cells.AsSpan(LimitsColumn * length, length);

    /// <summary>By place, the code of the profile.</summary>
    public ReadOnlySpan<ushort> ProfileCodes => cells.AsSpan(ProfileColumn * length, length);

    /// <summary>Writes a timeline over whatever is at the place.</summary>
    /// <param name="place">From 0.</param>
    /// <param name="days">Days and outcomes as <see cref="TimelineCodec"/> writes them.</param>
    /// <param name="limits">Code of the time limits.</param>
    /// <param name="profile">Code of the profile.</param>
    public void Put(int place, ReadOnlySpan<byte> days, ushort limits, ushort profile)
    {
        for (var column = 0; column < DayColumns; column++)
            cells[(column * length) + place] = BinaryPrimitives.ReadUInt16LittleEndian(days[(column * sizeof(ushort))..]);
        cells[(OutcomesColumn * length) + place] = days[DayColumns * sizeof(ushort)];
        cells[(LimitsColumn * length) + place] = limits;
        cells[(ProfileColumn * length) + place] = profile;
    }

    /// <summary>Empties the place.</summary>
    public void Clear(int place)
    {
        for (var column = 0; column < ColumnCount; column++)
            cells[(column * length) + place] = 0;
    }

    /// <summary>A copy with more places, the new ones empty and behind those there are.</summary>
    /// <param name="newLength">A larger multiple of the lanes of a vector.</param>
    public TimelineBlock GrownTo(int newLength)
    {
        var grown = new TimelineBlock(newLength);
        for (var column = 0; column < ColumnCount; column++)
            cells.AsSpan(column * length, length).CopyTo(grown.cells.AsSpan(column * newLength));
        return grown;
    }

    /// <summary>Reads as many timelines as there are lanes, from this place on.</summary>
    /// <param name="place">The first place; a multiple of <see cref="TimelineLanes.Lanes"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TimelineLanes Read(int place)
    {
        var outcomes = Column(OutcomesColumn, place);
        return new()
        {
            Transmitted = Days(0, place),
            Acknowledged = Days(1, place),
            Recognised = Days(2, place),
            Heard = Days(3, place),
            Ended = Days(4, place),
            Finished = Days(5, place),
            Asked = Days(6, place),
            Provided = Days(7, place),
            First = outcomes & new Vector<int>(TimelineCodec.OutcomeBits),
            RecordedBy = (outcomes >> TimelineCodec.RecordedByShift) & new Vector<int>(TimelineCodec.RecordedByBits),
            Final = outcomes >> TimelineCodec.FinalShift,
        };
    }

    /// <summary>
    /// Day numbers: the stored days plus the epoch, and "never" where 0 is stored. Without a branch: both are calculated, and each lane
    /// takes its own.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    Vector<int> Days(int column, int place)
    {
        var days = Column(column, place);
        return Vector.ConditionalSelect(Vector.Equals(days, Vector<int>.Zero), new(Timeline.Never),
            days + new Vector<int>(TimelineCodec.Epoch));
    }

    /// <summary>Loads a vector of 16-bit cells and widens its lower half to 32 bits, in which all arithmetic is done.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    Vector<int> Column(int column, int place) =>
        Vector.AsVectorInt32(Vector.WidenLower(new Vector<ushort>(cells, (column * length) + place)));
}
