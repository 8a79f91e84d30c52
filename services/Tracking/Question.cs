using Exchange.Contracts;
using Exchange.Requests.V1;

namespace Exchange.Tracking;

/// <summary>What is asked, checked: whose requests, as of when, by what was known when, and which of them.</summary>
sealed record Question
{
    public required string Viewer { get; init; }

    public required bool Outgoing { get; init; }

    public required DateOnly AsOf { get; init; }

    public DateTimeOffset? KnownBy { get; init; }

    public required LimitKind Kind { get; init; }

    /// <summary>Each says whether a request counts; all must.</summary>
    public required IReadOnlyList<Func<Seen, bool>> Conditions { get; init; }

    /// <summary>The request as of the day, or null where it does not count.</summary>
    public Seen? See(RequestFacts facts, ReferenceData reference)
    {
        if (Clock.At(facts, AsOf, Kind) is not { } clock)
            return null;
        var partner = Outgoing ? facts.RequestedState : facts.RequestingState;
        var seen = new Seen(facts, clock, partner, reference.BlocOf(partner, clock.TransmittedOn));
        return Conditions.All(condition => condition(seen)) ? seen : null;
    }
}

/// <summary>A request with its clock, from one side.</summary>
/// <param name="Partner">The other state.</param>
/// <param name="Bloc">The other state's on the day of transmission.</param>
readonly record struct Seen(RequestFacts Facts, Clock Clock, string Partner, string Bloc)
{
    /// <summary>Who recorded the first answer; unspecified where there is none.</summary>
    public Side RecordedBy => Clock.IsAnswered ? Clock.RecordedBy : Side.Unspecified;
}
