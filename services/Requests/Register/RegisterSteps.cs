using Exchange.Reference;
using Exchange.Requests.V1;
using Google.Protobuf;

namespace Exchange.Requests;

/// <summary>The steps an import writes into the journal: that a register was seen, and what it told.</summary>
static class RegisterSteps
{
    public static Step Observed(RegisterContext context, byte[] fingerprint) => new()
    {
        OccurredOn = context.ObservedUntil.ToIso(),
        Observed = new() { ObservedUntil = context.ObservedUntil.ToIso(), Fingerprint = ByteString.CopyFrom(fingerprint) },
    };

    public static Step Corrected(RegisterContext context, int supersededVersion) => new()
    {
        OccurredOn = context.ObservedUntil.ToIso(),
        Corrected = new() { Reason = "The register's row has changed.", SupersededVersion = supersededVersion },
    };

    public static Step Named(RequestRow row, SubjectsNamed subjects) =>
        new() { OccurredOn = row.TransmittedOn.ToIso(), SubjectsNamed = subjects };

    /// <summary>What became of the letter, from its transmission on.</summary>
    public static IEnumerable<Step> Life(RequestRow row, RequestFacts facts, RegisterContext context)
    {
        var writer = RegisterFacts.Writer(row, context);
        yield return new()
        {
            OccurredOn = facts.TransmittedOn,
            Transmitted = new() { Channel = facts.Channel, TimeLimits = { facts.TimeLimits } }
        };
        if (row.AcknowledgedOn is not null)
            yield return Partner(row.AcknowledgedOn, Status.Acknowledged);
        if (row.SupplementRequestedOn is not null)
            yield return Partner(row.SupplementRequestedOn, Status.SupplementRequested);
        if (row.SupplementProvidedOn is not null)
            yield return Requester(row.SupplementProvidedOn, Status.SupplementProvided);
        if (row.Outcome == Outcome.Withdrawn)
            yield return Requester(row.RespondedOn, Status.Withdrawn);
        else if (row.Outcome != Outcome.Unspecified)
            yield return Partner(row.RespondedOn, RegisterFacts.StatusOf(row), row.Outcome, row.Ground);

        Step Partner(DateOnly? day, Status status, Outcome outcome = Outcome.Unspecified, string ground = "") => new()
        {
            OccurredOn = day.ToIso(),
            PartnerActed = new() { Status = status, Outcome = outcome, Ground = ground, RecordedBy = writer },
        };

        static Step Requester(DateOnly? day, Status status) =>
            new() { OccurredOn = day.ToIso(), RequesterActed = new() { Status = status } };
    }
}
