using Exchange.Contracts;
using Exchange.Reference;
using Exchange.Requests.V1;
using Google.Protobuf;

namespace Exchange.Tracking;

/// <summary>What Tracking reads out of the facts of a request.</summary>
static class FactsExtensions
{
    /// <summary>The facts; null where the bytes are none.</summary>
    public static RequestFacts? TryParse(byte[] body)
    {
        try
        {
            return RequestFacts.Parser.ParseFrom(body);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    /// <summary>The request's id.</summary>
    public static Guid Id(this RequestFacts facts) => RequestId.Parse(facts.Request);

    /// <summary>
    /// Returns where everything that is read later can be read: one unreadable day would spoil every figure it belongs to, so it must
    /// not be stored.
    /// </summary>
    /// <exception cref="FormatException">
    /// A name or a day is not written as the contract says, or there is free text, which has no place here.
    /// </exception>
    public static void EnsureReadable(this RequestFacts facts)
    {
        if (!facts.Request.StartsWith(RequestId.Prefix, StringComparison.Ordinal) || facts.RecordedAt is null)
            throw new FormatException("Facts without a resource name or an instant of recording.");
        if (FreeTexts.FindIn(facts) is { } text)
            throw new FormatException($"Facts with free text in {text.Name}.");
        string[] days =
        [
            facts.TransmittedOn, facts.DeliveredOn, facts.AcknowledgedOn, facts.RecognisedOn, facts.ForwardedOn, facts.ObservedUntil,
            facts.ClosedOn, facts.Ending?.EndedOn ?? "",
            .. facts.AmendedOn,
            .. facts.Supplements.SelectMany(s => new[] { s.RequestedOn, s.ProvidedOn }),
            .. facts.Answers.Select(a => a.AnsweredOn),
            .. facts.Postponements.SelectMany(p => new[] { p.PostponedOn, p.ExpectedOn }),
            .. facts.TimeLimits.SelectMany(l => new[] { l.StartOn, l.DueOn }),
            .. facts.StatusReports.SelectMany(r => new[] { r.RequestedOn, r.ReportedOn }),
            .. facts.Reminders.Select(r => r.RemindedOn),
        ];
        foreach (var day in days)
            LegalDay.ParseOptional(day);
    }

    /// <summary>
    /// Which sides know of this version: what an officer did not give on the exchange, or happened by post since, counts and shows on its
    /// own side alone. The other sees <see cref="RequestFacts.ToldVersion"/>.
    /// </summary>
    public static KnownTo KnownTo(this RequestFacts facts) => facts.ToldVersion == facts.Version ? Tracking.KnownTo.Both
        : facts.RegisterOf is Side.RequestedSide ? Tracking.KnownTo.RequestedSide
        : Tracking.KnownTo.RequestingSide;

    /// <summary>Whether one officer transmitted it alone, and what became of that as far as is known now.</summary>
    public static TransmittedAlone Alone(this RequestFacts facts) => facts.TransmittedAlone switch
    {
        null => TransmittedAlone.Never,
        { ConfirmedOn.Length: > 0 } => TransmittedAlone.Confirmed,
        { LapsedOn.Length: > 0 } => TransmittedAlone.Lapsed,
        _ => TransmittedAlone.Unconfirmed,
    };

    /// <summary>
    /// Whether it is known from a register only, and no officer has adopted it: nothing after the register's last day counts against
    /// anybody.
    /// </summary>
    public static bool IsObserved(this RequestFacts facts) => facts.Origin == Origin.Imported && !facts.Adopted;

    /// <summary>The day on which this version was recorded, in the requesting state's zone.</summary>
    public static DateOnly RecordedDay(this RequestFacts facts, ReferenceData reference) =>
        reference.DayAt(facts.RequestingState, facts.RecordedAt.ToDateTimeOffset());

    /// <summary>The due day of a kind of limit; null where the request has none of the kind.</summary>
    public static DateOnly? DueOn(this RequestFacts facts, LimitKind kind) =>
        facts.TimeLimits.FirstOrDefault(l => l.Kind == kind) is { } limit ? LegalDay.ParseOptional(limit.DueOn) : null;
}
