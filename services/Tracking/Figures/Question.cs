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

    public required Wanted Wanted { get; init; }

    /// <summary>Whether a pair of states has the viewer on the side asked for and a partner that is wanted, and which partner that is.</summary>
    public bool Counts(StatePair states, out string partner)
    {
        partner = Outgoing ? states.Requested : states.Requesting;
        return (Outgoing ? states.Requesting : states.Requested) == Viewer && (Wanted.Partners?.Contains(partner) ?? true);
    }

    /// <summary>The request as of the day, or null where it does not count.</summary>
    public Seen? See(RequestFacts facts, ReferenceData reference) =>
        Counts(new(facts.RequestingState, facts.RequestedState), out var partner) && Wanted.Counts(Profile.Of(facts))
        && Clock.At(facts, AsOf, Kind) is { } clock && reference.BlocOf(partner, clock.TransmittedOn) is var bloc
        && Wanted.Counts(bloc) && Wanted.Counts(clock.Transmitted) && Wanted.Counts(clock.AnswerRecordedBy)
            ? new(facts, clock, partner, bloc) : null;
}

/// <summary>Which requests count: all that is named must hold, and null names nothing.</summary>
sealed record Wanted
{
    public IReadOnlySet<string>? Partners { get; init; }

    public IReadOnlySet<string>? Blocs { get; init; }

    public IReadOnlySet<string>? Instruments { get; init; }

    public IReadOnlySet<string>? Measures { get; init; }

    public IReadOnlySet<string>? Offences { get; init; }

    public IReadOnlySet<Urgency>? Urgencies { get; init; }

    public IReadOnlySet<Side>? RecordedBy { get; init; }

    /// <summary>The first day of transmission.</summary>
    public required DateOnly From { get; init; }

    /// <summary>The last day of transmission.</summary>
    public required DateOnly To { get; init; }

    public bool Counts(Profile profile) =>
        (Instruments?.Contains(profile.Instrument) ?? true) && (Offences?.Contains(profile.Offence) ?? true)
        && (Urgencies?.Contains(profile.Urgency) ?? true) && (Measures?.Overlaps(profile.Measures) ?? true);

    public bool Counts(string bloc) => Blocs?.Contains(bloc) ?? true;

    /// <summary>By the day of transmission.</summary>
    public bool Counts(int transmitted) => From.DayNumber <= transmitted && transmitted <= To.DayNumber;

    /// <summary>By who recorded the first answer.</summary>
    public bool Counts(Side recordedBy) => RecordedBy?.Contains(recordedBy) ?? true;
}

/// <summary>A request with its clock, from one side.</summary>
/// <param name="Partner">The other state.</param>
/// <param name="Bloc">The other state's on the day of transmission.</param>
readonly record struct Seen(RequestFacts Facts, Clock Clock, string Partner, string Bloc);
