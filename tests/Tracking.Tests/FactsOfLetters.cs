using Exchange.Reference;
using Exchange.Requests.V1;
using Exchange.Testing;
using Google.Protobuf.WellKnownTypes;
using Letter = Exchange.Testing.Letter;

namespace Exchange.Tracking.Tests;

/// <summary>One version of a request: what was known from an instant on.</summary>
sealed record Known(Guid Id, int Version, DateTimeOffset RecordedAt, Letter Letter, bool Imported = true, bool Adopted = false)
{
    public static readonly Dictionary<string, LimitKind> Kinds = new()
    {
        ["policy"] = LimitKind.Policy,
        ["requested"] = LimitKind.Requested,
        ["statutory"] = LimitKind.Statutory,
        ["benchmark"] = LimitKind.Benchmark,
    };

    /// <summary>The same in the words of the contract.</summary>
    public RequestFacts Facts() => new()
    {
        Request = $"requests/{Id}",
        Version = Version,
        RecordedAt = RecordedAt.ToTimestamp(),
        Reference = Letter.Reference,
        RequestingState = Letter.RequestingState,
        RequestedState = Letter.RequestedState,
        Instrument = Letter.Instrument,
        Offence = Letter.Offence,
        Measures = { Letter.Measures },
        Urgency = Letter.Urgency == "urgent" ? Urgency.Urgent : Urgency.Routine,
        TransmittedOn = Letter.Transmitted.ToIso(),
        AcknowledgedOn = Text(Letter.Acknowledged),
        RecognisedOn = Text(Letter.Recognised),
        ForwardedOn = Text(Letter.Forwarded),
        Supplements = { Letter.Questions.Select(q => new Supplement { RequestedOn = q.Asked.ToIso(), ProvidedOn = Text(q.Provided) }) },
        Answers = { Letter.Answers.Select(AnswerOf) },
        Ending = Letter.Ending is { } ending ? new() { EndedOn = ending.On.ToIso(), Outcome = OutcomeOf(ending.Outcome) } : null,
        Postponements = { Letter.Postponed.Select(day => new Postponement { PostponedOn = day.ToIso() }) },
        TimeLimits = { Letter.Due.Select(due =>
            new TimeLimit { Kind = Kinds[due.Key], StartOn = Letter.Transmitted.ToIso(), DueOn = due.Value.ToIso() }) },
        Origin = Imported ? Origin.Imported : Origin.OnTheExchange,
        ObservedUntil = Text(Letter.ObservedUntil),
        Adopted = Adopted,
        Given = true,
        ToldVersion = Version,
    };

    static string Text(DateOnly? day) => day?.ToIso() ?? "";

    static Answer AnswerOf(NaiveAnswer answer) => new()
    {
        AnsweredOn = answer.On.ToIso(),
        Outcome = OutcomeOf(answer.Outcome),
        Final = answer.IsFinal,
        RecordedBy = answer.RecordedBy == "requesting_side" ? Side.RequestingSide : Side.RequestedSide,
    };

    static Outcome OutcomeOf(string outcome) => outcome switch
    {
        "executed" => Outcome.Executed,
        "partially_executed" => Outcome.PartiallyExecuted,
        "refused" => Outcome.Refused,
        "not_executable" => Outcome.NotExecutable,
        "returned" => Outcome.Returned,
        "withdrawn" => Outcome.Withdrawn,
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null),
    };
}
