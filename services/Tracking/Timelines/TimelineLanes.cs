using System.Numerics;
using Exchange.Requests.V1;

namespace Exchange.Tracking;

/// <summary>
/// The timelines of several requests side by side, so that one vector instruction calculates for all of them: lane i of every
/// vector belongs to the i-th request. The fields are those of <see cref="Timeline"/>, with the same unit and the same "never".
/// </summary>
readonly struct TimelineLanes
{
    /// <summary>How many requests are side by side: 4, 8 or 16, as the processor's vectors are wide.</summary>
    public static int Lanes => Vector<int>.Count;

    public required Vector<int> Transmitted { get; init; }

    public required Vector<int> Acknowledged { get; init; }

    public required Vector<int> Recognised { get; init; }

    public required Vector<int> Heard { get; init; }

    public required Vector<int> Ended { get; init; }

    public required Vector<int> Finished { get; init; }

    public required Vector<int> Asked { get; init; }

    public required Vector<int> Provided { get; init; }

    /// <summary>
    /// Days on which a later question was open, by <see cref="Timeline.WaitedAgain"/>; 0 for timelines that fit into a block.
    /// </summary>
    public Vector<int> WaitedAgain { get; init; }

    /// <summary>An <see cref="Outcome"/> in each lane.</summary>
    public required Vector<int> First { get; init; }

    /// <summary>A <see cref="Side"/> in each lane.</summary>
    public required Vector<int> RecordedBy { get; init; }

    /// <summary>An <see cref="Outcome"/> in each lane.</summary>
    public required Vector<int> Final { get; init; }

    /// <summary>The same timeline in every lane, for one request by itself.</summary>
    /// <param name="timeline">The request's timeline.</param>
    /// <param name="seen">The day number it is seen at, by <see cref="TimeLimitSet.SeenOn"/>.</param>
    public static TimelineLanes Of(in Timeline timeline, int seen) => new()
    {
        Transmitted = new(timeline.Transmitted),
        Acknowledged = new(timeline.Acknowledged),
        Recognised = new(timeline.Recognised),
        Heard = new(timeline.Heard),
        Ended = new(timeline.Ended),
        Finished = new(timeline.Finished),
        Asked = new(timeline.Asked),
        Provided = new(timeline.Provided),
        WaitedAgain = new(timeline.WaitedAgain(seen)),
        First = new((int)timeline.First),
        RecordedBy = new((int)timeline.RecordedBy),
        Final = new((int)timeline.Final),
    };
}
