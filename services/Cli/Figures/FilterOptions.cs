using System.CommandLine;
using Exchange.Reference;
using Exchange.Requests.V1;
using Exchange.Tracking.V1;
using Google.Protobuf.WellKnownTypes;
using Option = System.CommandLine.Option;

namespace Exchange.Cli;

/// <summary>Which requests count and as of when: the options that all figures share.</summary>
sealed class FilterOptions
{
    readonly Option<DateOnly?> asOf = TypedOptions.Day("--as-of", "End of this day; today unless given");

    readonly Option<DateTimeOffset?> knownBy = TypedOptions.Instant("--known-by", "Only what was recorded here up to this instant");

    readonly Option<Choice<Direction>> direction = TypedOptions.Choice(
        "--direction", "Which side your state is on", ("outgoing", Direction.Outgoing), ("incoming", Direction.Incoming));

    readonly Option<Choice<LimitKind>> limit = TypedOptions.Choice(
        "--limit", "Which kind of time limit decides what has fallen due",
        ("policy", LimitKind.Policy), ("requested", LimitKind.Requested), ("statutory", LimitKind.Statutory),
        ("benchmark", LimitKind.Benchmark));

    readonly Option<string[]> partners = TypedOptions.Codes("--partner", "Only these states", "XX");

    readonly Option<string[]> blocs = TypedOptions.Choices(
        "--bloc", "Only these blocs, as on the day of transmission", ("EU", "EU"), ("CIS", "CIS"), ("other", "other"));

    readonly Option<string[]> instruments = TypedOptions.Codes("--instrument", "Only these legal bases", "CODE");

    readonly Option<string[]> measures = TypedOptions.Codes("--measure", "Only with any of these measures", "CODE");

    readonly Option<string[]> offences = TypedOptions.Codes("--offence", "Only these offences", "CODE");

    readonly Option<Urgency[]> urgencies = TypedOptions.Choices(
        "--urgency", "Only as pressing as this", ("routine", Urgency.Routine), ("urgent", Urgency.Urgent));

    readonly Option<DateOnly?> from = TypedOptions.Day("--from", "Transmitted on or after this day");

    readonly Option<DateOnly?> to = TypedOptions.Day("--to", "Transmitted on or before this day");

    readonly Option<Side[]> recordedBy = TypedOptions.Choices(
        "--recorded-by", "Only where this side recorded the first answer", ("requesting", Side.RequestingSide),
        ("requested", Side.RequestedSide));

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[
            asOf, knownBy, direction, limit, partners, blocs, instruments, measures, offences, urgencies, from, to, recordedBy])
            command.Options.Add(option);
    }

    public Direction ViewOf(Session session) => session.Value(direction).Value;

    public string AsOf(Session session) => session.Value(asOf).ToIso();

    public Timestamp? KnownBy(Session session) => session.Value(knownBy) is { } instant ? Timestamp.FromDateTimeOffset(instant) : null;

    public LimitKind Limit(Session session) => session.Value(limit).Value;

    public Filter Filter(Session session) => new()
    {
        Partners = { session.Value(partners)!.Select(code => code.ToUpperInvariant()) },
        Blocs = { session.Value(blocs) },
        Instruments = { session.Value(instruments) },
        Measures = { session.Value(measures) },
        Offences = { session.Value(offences) },
        Urgencies = { session.Value(urgencies) },
        TransmittedFrom = session.Value(from).ToIso(),
        TransmittedTo = session.Value(to).ToIso(),
        RecordedBy = { session.Value(recordedBy) },
    };
}
