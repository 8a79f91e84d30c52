using Exchange.Reference;
using Exchange.Requests.V1;

namespace Exchange.Requests;

/// <summary>What a register's row says, in the words of the journal.</summary>
static class RegisterFacts
{
    /// <param name="before">What was known; limits once fixed stay, unless what they were fixed on was wrong.</param>
    public static RequestFacts Of(RequestRow row, RegisterContext context, RequestFacts? before)
    {
        var facts = new RequestFacts
        {
            Reference = row.Reference,
            CaseNumber = row.CaseNumber,
            RequestingState = row.RequestingState,
            RequestedState = row.RequestedState,
            RequestingAuthority = row.RequestingAuthority,
            Instrument = row.Instrument,
            Offence = row.Offence,
            Measures = { row.Measures },
            Urgency = row.Urgency,
            Channel = Channel.OffExchange,
            Status = StatusOf(row),
            TransmittedOn = row.TransmittedOn.ToIso(),
            AcknowledgedOn = row.AcknowledgedOn.ToIso(),
            Origin = Origin.Imported,
            RegisterOf = Writer(row, context),
            ObservedUntil = context.ObservedUntil.ToIso(),
        };
        if (row.SupplementRequestedOn is not null)
        {
            facts.Supplements.Add(new Supplement
            {
                RequestedOn = row.SupplementRequestedOn.ToIso(), ProvidedOn = row.SupplementProvidedOn.ToIso(),
            });
        }
        if (row.Outcome is Outcome.Withdrawn or Outcome.Returned)
        {
            facts.Ending = new()
            {
                EndedOn = row.RespondedOn.ToIso(), Outcome = row.Outcome, Ground = row.Ground, RecordedBy = Writer(row, context),
            };
        }
        else if (row.Outcome != Outcome.Unspecified)
        {
            facts.Answers.Add(AnswerOf(row, context));
        }

        facts.TimeLimits.Add(before is not null && SameLimits(before, facts)
            ? before.TimeLimits
            : TimeLimits.At(facts, row.TransmittedOn, askedFor: null, context.Reference, context.Options));
        return facts;
    }

    /// <summary>A register is kept by its own side, whoever acted.</summary>
    public static Side Writer(RequestRow row, RegisterContext context) =>
        row.RequestingState == context.State ? Side.RequestingSide : Side.RequestedSide;

    public static Status StatusOf(RequestRow row) => row switch
    {
        { Outcome: Outcome.Executed } => Status.Executed,
        { Outcome: Outcome.PartiallyExecuted } => Status.PartiallyExecuted,
        { Outcome: Outcome.Refused } => Status.Refused,
        { Outcome: Outcome.NotExecutable } => Status.NotExecutable,
        { Outcome: Outcome.Returned } => Status.Returned,
        { Outcome: Outcome.Withdrawn } => Status.Withdrawn,
        { SupplementProvidedOn: not null } => Status.SupplementProvided,
        { SupplementRequestedOn: not null } => Status.SupplementRequested,
        { AcknowledgedOn: not null } => Status.Acknowledged,
        _ => Status.Transmitted,
    };

    static Answer AnswerOf(RequestRow row, RegisterContext context) => new()
    {
        AnsweredOn = row.RespondedOn.ToIso(),
        Outcome = row.Outcome,
        Ground = row.Ground,
        Final = row.Outcome != Outcome.PartiallyExecuted,
        RecordedBy = Writer(row, context),
    };

    static bool SameLimits(RequestFacts before, RequestFacts now) =>
        (before.TransmittedOn, before.Urgency, before.Instrument, before.RequestingState, before.RequestedState)
        == (now.TransmittedOn, now.Urgency, now.Instrument, now.RequestingState, now.RequestedState);
}
