using System.Numerics;
using Exchange.Requests.V1;

namespace Exchange.Tracking;

/// <summary>Several courses side by side, one in each lane of a vector; each as in <see cref="Course"/>.</summary>
readonly struct Courses
{
    /// <summary>How many there are side by side.</summary>
    public static int Lanes => Vector<int>.Count;

    public required Vector<int> Transmitted { get; init; }

    public required Vector<int> Acknowledged { get; init; }

    public required Vector<int> Recognised { get; init; }

    public required Vector<int> Heard { get; init; }

    public required Vector<int> Ended { get; init; }

    public required Vector<int> Finished { get; init; }

    public required Vector<int> Asked { get; init; }

    public required Vector<int> Provided { get; init; }

    /// <summary>Days on which a later question was open by the end of the wait.</summary>
    public Vector<int> WaitedAgain { get; init; }

    /// <summary>An <see cref="Outcome"/> in each lane.</summary>
    public required Vector<int> First { get; init; }

    /// <summary>A <see cref="Side"/> in each lane.</summary>
    public required Vector<int> RecordedBy { get; init; }

    /// <summary>An <see cref="Outcome"/> in each lane.</summary>
    public required Vector<int> Final { get; init; }

    /// <summary>One course in every lane.</summary>
    public static Courses Of(in Course course, int seen) => new()
    {
        Transmitted = new(course.Transmitted),
        Acknowledged = new(course.Acknowledged),
        Recognised = new(course.Recognised),
        Heard = new(course.Heard),
        Ended = new(course.Ended),
        Finished = new(course.Finished),
        Asked = new(course.Asked),
        Provided = new(course.Provided),
        WaitedAgain = new(course.WaitedAgain(seen)),
        First = new((int)course.First),
        RecordedBy = new((int)course.RecordedBy),
        Final = new((int)course.Final),
    };
}
