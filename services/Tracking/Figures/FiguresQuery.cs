using Exchange.Reference;
using Exchange.Requests.V1;

namespace Exchange.Tracking;

/// <summary>A query for figures or for what is unanswered, with its fields checked by <see cref="QueryReader"/>.</summary>
sealed record FiguresQuery
{
    /// <summary>The state that asks, ISO 3166-1 alpha-2.</summary>
    public required string Viewer { get; init; }

    /// <summary>Whether the requests that the viewer sent are asked about; those it received otherwise.</summary>
    public required bool Outgoing { get; init; }

    /// <summary>The last day that counts, the viewer's own; not after today there.</summary>
    public required DateOnly AsOf { get; init; }

    /// <summary>What was recorded after this instant is left out; null for everything known now.</summary>
    public DateTimeOffset? KnownBy { get; init; }

    /// <summary>The kind of limit by which requests fall due.</summary>
    public required LimitKind Kind { get; init; }

    public required RequestFilter Filter { get; init; }

    /// <summary>Requests that are closed to the caller: lists and their totals leave them out, figures count them.</summary>
    public IReadOnlySet<Guid> Closed { get; init; } = new HashSet<Guid>();

    /// <summary>Whether requests between these states are asked about, and which of the two states is the viewer's partner.</summary>
    public bool Matches(StatePair states, out string partner)
    {
        partner = Outgoing ? states.Requested : states.Requesting;
        return (Outgoing ? states.Requesting : states.Requested) == Viewer && (Filter.Partners?.Contains(partner) ?? true);
    }

    /// <summary>Whether requests of this profile are asked about, and the viewer's side knows of them.</summary>
    public bool Matches(RequestProfile profile) =>
        profile.KnownTo.HasFlag(Outgoing ? KnownTo.RequestingSide : KnownTo.RequestedSide) && Filter.Matches(profile);

    /// <summary>The request with its clocks as of the day; null where it is not asked about, or had not been transmitted by then.</summary>
    /// <exception cref="FormatException">A day is not written as the contract says.</exception>
    public SelectedRequest? Select(RequestFacts facts, ReferenceData reference) =>
        Matches(new(facts.RequestingState, facts.RequestedState), out var partner) && Matches(RequestProfile.Of(facts))
        && Clock.At(facts, AsOf, Kind) is { } clock && reference.BlocOf(partner, clock.TransmittedOn) is var bloc
        && Filter.Matches(bloc) && Filter.Matches(clock.Transmitted) && Filter.Matches(clock.AnswerRecordedBy)
            ? new(facts, clock, partner, bloc) : null;
}

/// <summary>
/// Which requests count. A request must match every part that is not null, by one of its values; a part that is null matches every
/// request.
/// </summary>
sealed record RequestFilter
{
    public IReadOnlySet<string>? Partners { get; init; }

    public IReadOnlySet<string>? Blocs { get; init; }

    public IReadOnlySet<string>? Instruments { get; init; }

    public IReadOnlySet<string>? Measures { get; init; }

    public IReadOnlySet<string>? Offences { get; init; }

    public IReadOnlySet<Urgency>? Urgencies { get; init; }

    public IReadOnlySet<Side>? RecordedBy { get; init; }

    /// <summary>The first day of transmission that counts.</summary>
    public required DateOnly From { get; init; }

    /// <summary>The last day of transmission that counts.</summary>
    public required DateOnly To { get; init; }

    public bool Matches(RequestProfile profile) =>
        (Instruments?.Contains(profile.Instrument) ?? true) && (Offences?.Contains(profile.Offence) ?? true)
        && (Urgencies?.Contains(profile.Urgency) ?? true) && (Measures?.Overlaps(profile.Measures) ?? true);

    /// <summary>By the partner's bloc on the day of transmission.</summary>
    public bool Matches(string bloc) => Blocs?.Contains(bloc) ?? true;

    /// <summary>By the day number of transmission.</summary>
    public bool Matches(int transmitted) => From.DayNumber <= transmitted && transmitted <= To.DayNumber;

    /// <summary>By the side that recorded the first answer; unspecified where there is none.</summary>
    public bool Matches(Side recordedBy) => RecordedBy?.Contains(recordedBy) ?? true;
}

/// <summary>A request that a query asks about.</summary>
/// <param name="Facts">What is known of it.</param>
/// <param name="Clock">Its clocks as of the query's day.</param>
/// <param name="Partner">The state that is not the viewer, ISO 3166-1 alpha-2.</param>
/// <param name="Bloc">The partner's bloc on the day of transmission.</param>
readonly record struct SelectedRequest(RequestFacts Facts, Clock Clock, string Partner, string Bloc);
