using Exchange.Requests.V1;

namespace Exchange.Tracking;

/// <summary>
/// By when an answer was due, for each kind of limit, and until when the request's register was kept. Very many requests have
/// equal ones, because the limits are counted from the day of transmission; so the column store keeps each once.
/// </summary>
/// <param name="ObservedUntil">
/// The last day the register was kept, as a day number, for a request that is known from a register only;
/// <see cref="Timeline.Never"/> for every other.
/// </param>
/// <param name="Policy">
/// Days from transmission to the due day, negative where the due day is earlier, as are those of the other kinds;
/// <see cref="Timeline.Never"/> where there is no limit of the kind.
/// </param>
sealed record TimeLimitSet(int ObservedUntil, int Policy, int Requested, int Statutory, int Benchmark)
{
    /// <summary>The limits in the facts of a request.</summary>
    /// <param name="transmitted">The day number of transmission; with <see cref="Timeline.Never"/> there are no limits.</param>
    /// <exception cref="FormatException">A day is not written as the contract says.</exception>
    public static TimeLimitSet Of(RequestFacts facts, int transmitted)
    {
        return new(facts.IsObserved() ? Timeline.NumberOf(facts.ObservedUntil) : Timeline.Never,
            Days(LimitKind.Policy), Days(LimitKind.Requested), Days(LimitKind.Statutory), Days(LimitKind.Benchmark));

        int Days(LimitKind kind) =>
            transmitted != Timeline.Never && facts.DueOn(kind) is { } due ? due.DayNumber - transmitted : Timeline.Never;
    }

    /// <summary>The day number at which a request is seen: the as-of day, or the last day of its register where that came first.</summary>
    public int SeenOn(int asOf) => Math.Min(ObservedUntil, asOf);

    /// <summary>Days from transmission to the due day; <see cref="Timeline.Never"/> where there is no limit of the kind.</summary>
    public int DaysOf(LimitKind kind) => kind switch
    {
        LimitKind.Policy => Policy,
        LimitKind.Requested => Requested,
        LimitKind.Statutory => Statutory,
        LimitKind.Benchmark => Benchmark,
        _ => Timeline.Never,
    };
}

/// <summary>
/// What a request is about, by the codes of the reference data. Very many requests have equal ones, so the column store keeps each
/// once.
/// </summary>
/// <param name="Instrument">Code of the legal basis.</param>
/// <param name="Offence">Code of the offence.</param>
/// <param name="Urgency">Routine or urgent.</param>
/// <param name="Measures">Codes of the assistance asked for, each once, in the order of the letter.</param>
/// <param name="KnownTo">The sides that know of it, and in whose figures it counts.</param>
/// <param name="Alone">Whether one officer transmitted it alone, and what became of that.</param>
sealed record RequestProfile(
    string Instrument, string Offence, Urgency Urgency, KnownTo KnownTo, TransmittedAlone Alone, IReadOnlyList<string> Measures)
{
    public static RequestProfile Of(RequestFacts facts) => new(
        facts.Instrument, facts.Offence, facts.Urgency, facts.KnownTo(), facts.Alone(), [.. facts.Measures.Distinct()]);
}

/// <summary>Whether one officer transmitted a request alone, and what became of that.</summary>
enum TransmittedAlone
{
    /// <summary>A second officer had approved it.</summary>
    Never,

    /// <summary>It waits for a second officer.</summary>
    Unconfirmed,

    /// <summary>A second officer confirmed it.</summary>
    Confirmed,

    /// <summary>Nobody did in time.</summary>
    Lapsed,
}

/// <summary>Which sides know of a request.</summary>
enum KnownTo
{
    /// <summary>The state that sent it, from its letters or its register, with what happened by post.</summary>
    RequestingSide = 1,

    /// <summary>The state it was sent to, from its own register, or as it was told before the partner was reached by post.</summary>
    RequestedSide = 2,

    /// <summary>An officer of the one gave it to the other on the exchange.</summary>
    Both = 3,
}

/// <summary>The two states of a request, ISO 3166-1 alpha-2.</summary>
readonly record struct StatePair(string Requesting, string Requested);
