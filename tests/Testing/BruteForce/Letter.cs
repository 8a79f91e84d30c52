using System.Globalization;

namespace Exchange.Testing;

/// <summary>A question of the partner, with the days it was asked and answered; the second is null while it is open.</summary>
public sealed record NaiveQuestion(DateOnly Asked, DateOnly? Provided);

/// <summary>One answer; its outcome in the word that a register uses.</summary>
public sealed record NaiveAnswer(DateOnly On, string Outcome, bool IsFinal, string RecordedBy);

/// <summary>The withdrawal or return of a letter, in the word that a register uses.</summary>
public sealed record NaiveEnding(DateOnly On, string Outcome);

/// <summary>
/// A letter of request with its days, as the brute force sees it. Shares no type with the product, so that a
/// misunderstanding there is not repeated here.
/// </summary>
public sealed record Letter
{
    /// <summary>The letter's reference, such as <c>BY-2006-000042</c>.</summary>
    public required string Reference { get; init; }

    /// <summary>The state that asks, ISO 3166-1 alpha-2.</summary>
    public required string RequestingState { get; init; }

    /// <summary>The state that is asked, ISO 3166-1 alpha-2.</summary>
    public required string RequestedState { get; init; }

    /// <summary>The code of the instrument it rests on.</summary>
    public required string Instrument { get; init; }

    /// <summary>The code of the offence.</summary>
    public required string Offence { get; init; }

    /// <summary>The codes of the measures asked for.</summary>
    public required IReadOnlyList<string> Measures { get; init; }

    /// <summary><c>routine</c> or <c>urgent</c>.</summary>
    public required string Urgency { get; init; }

    /// <summary>The day of transmission, on which every clock starts.</summary>
    public required DateOnly Transmitted { get; init; }

    /// <summary>The day the partner confirmed receipt; null where it has not.</summary>
    public DateOnly? Acknowledged { get; init; }

    /// <summary>The day the partner decided to execute; null where it has not.</summary>
    public DateOnly? Recognised { get; init; }

    /// <summary>The day it was passed on within the requested state; null where it was not.</summary>
    public DateOnly? Forwarded { get; init; }

    /// <summary>Days the partner said it would answer later.</summary>
    public IReadOnlyList<DateOnly> Postponed { get; init; } = [];

    /// <summary>Days the partner said how things stand.</summary>
    public IReadOnlyList<DateOnly> Reported { get; init; } = [];

    /// <summary>The partner's questions, in any order.</summary>
    public IReadOnlyList<NaiveQuestion> Questions { get; init; } = [];

    /// <summary>The partner's answers, in any order.</summary>
    public IReadOnlyList<NaiveAnswer> Answers { get; init; } = [];

    /// <summary>The withdrawal or return; null while there is none.</summary>
    public NaiveEnding? Ending { get; init; }

    /// <summary>Due days by kind of limit: <c>policy</c>, <c>requested</c>, <c>statutory</c>, <c>benchmark</c>.</summary>
    public required IReadOnlyDictionary<string, DateOnly> Due { get; init; }

    /// <summary>The last day its register was kept, where nobody took it over since.</summary>
    public DateOnly? ObservedUntil { get; init; }

    /// <summary>A row of <c>requests.csv</c>, by its column names.</summary>
    /// <param name="row">Columns as documented with the import.</param>
    /// <param name="policyDays">Days a routine request may take.</param>
    /// <param name="urgentDays">Days an urgent one may take.</param>
    /// <param name="observedUntil">The last day the register was kept.</param>
    public static Letter Of(IReadOnlyDictionary<string, string> row, int policyDays, int urgentDays, DateOnly? observedUntil)
    {
        var transmitted = DayOf(row["transmitted_on"])!.Value;
        var responded = DayOf(row["responded_on"]);
        var ends = row["outcome"] is "withdrawn" or "returned";
        return new()
        {
            Reference = row["reference"],
            RequestingState = row["requesting_state"],
            RequestedState = row["requested_state"],
            Instrument = row["instrument"],
            Offence = row["offence"],
            Measures = row["measures"].Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            Urgency = row["urgency"],
            Transmitted = transmitted,
            Acknowledged = DayOf(row["acknowledged_on"]),
            Questions = DayOf(row["supplement_requested_on"]) is { } asked ? [new(asked, DayOf(row["supplement_provided_on"]))] : [],
            Answers = responded is { } on && !ends
                ? [new(on, row["outcome"], row["outcome"] != "partially_executed", "requesting_side")] : [],
            Ending = responded is { } end && ends ? new(end, row["outcome"]) : null,
            Due = new Dictionary<string, DateOnly>
            {
                ["policy"] = transmitted.AddDays(row["urgency"] == "urgent" ? urgentDays : policyDays),
            },
            ObservedUntil = observedUntil,
        };
    }

    static DateOnly? DayOf(string text) =>
        text.Length == 0 ? null : DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
