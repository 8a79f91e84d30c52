using Exchange.Requests.V1;
using Exchange.Tracking.V1;
using static Exchange.Requests.V1.Status;

namespace Exchange.Cli.Tests;

/// <summary>A table of the lifecycle in small, and what officers hear of.</summary>
static partial class Sample
{
    static readonly Status[] Open =
        [Status.Transmitted, Delivered, Acknowledged, Recognised, InExecution, SupplementRequested, SupplementProvided, Postponed,
            Forwarded];

    /// <summary>The sample request is partially executed: answers bind there, a withdrawal of a draft would not.</summary>
    public static Move[] Moves { get; } =
    [
        Move(StepCode.SaveDraft, Side.RequestingSide, ["investigator", "prosecutor", "liaison"], [Draft], Unspecified,
            "The letter is saved as it is."),
        Move(StepCode.Withdraw, Side.RequestingSide, ["investigator", "prosecutor", "liaison"], [Draft, Submitted], Withdrawn,
            "The draft is given up."),
        Move(StepCode.Transmit, Side.RequestingSide, ["prosecutor"], [Submitted, PartiallyExecuted], Status.Transmitted,
            "The letter goes to the partner.",
            move => (move.Binds, move.Told) = (true, true),
            [.. Enum.GetValues<ClockName>().Where(clock => clock != ClockName.Unspecified).Select(clock => (clock, ClockAction.Start))]),
        Move(StepCode.RequestSupplement, Side.RequestedSide, ["prosecutor", "liaison"], [.. Open, PartiallyExecuted], SupplementRequested,
            "The partner needs more.",
            move => (move.RecordedOffExchange, move.Told) = (true, true), (ClockName.Net, ClockAction.Pause),
            (ClockName.Silence, ClockAction.Stop)),
        Move(StepCode.ExecuteInPart, Side.RequestedSide, ["prosecutor", "liaison"], [.. Open, PartiallyExecuted, ClosedUnanswered],
            PartiallyExecuted,
            "Answered in part.", move => (move.Binds, move.Told) = (true, true), (ClockName.Gross, ClockAction.Stop),
            (ClockName.Net, ClockAction.Stop)),
        Move(StepCode.Execute, Side.RequestedSide, ["prosecutor", "liaison"], [.. Open.Except([Postponed]), PartiallyExecuted], Executed,
            "Answered.", move => move.Binds = true),
        Move(StepCode.Assign, Side.RequestedSide, ["prosecutor", "liaison"],
            [.. Enum.GetValues<Status>().Where(status => status != Unspecified)], Unspecified, "The side says who of its own sees to it.",
            move => move.Late = true),
    ];

    public static InboxItem Item(long number, StepCode step) => new()
    {
        SealedNo = number, Request = Request.Name, Version = 3, Reference = "BY-2006-000042", RequestingState = "BY", RequestedState = "PL",
        Step = step,
        Status = Acknowledged, Side = Side.RequestedSide, OccurredOn = "2026-11-21", RecordedAt = new() { Seconds = 1_795_000_000 },
    };

    public static FlagChange Flag { get; } = new()
    {
        ChangeNo = 7, Request = Request.Name, Reference = "BY-2006-000042", CaseNumber = "BY-GPK-2006-00001", RequestingState = "BY",
        RequestedState = "PL",
        LimitKind = LimitKind.Policy, DueOn = "2006-07-09", Event = FlagEvent.Raised, WaitingOnUs = true,
        RecordedAt = new() { Seconds = 1_795_000_000 },
    };

    public static DueRung DueRung { get; } = new()
    {
        Partner = "PL",
        Rung = Rung.Reminder,
        Requests =
        {
            new RungRequest { Request = "requests/a", Reference = "BY-2026-000001", TransmittedOn = "2026-01-10", DueOn = "2026-07-09" },
            new RungRequest { Request = "requests/b", Reference = "BY-2026-000002", TransmittedOn = "2026-01-11", DueOn = "2026-07-10" },
        },
        Letter = "We refer to:\n- BY-2026-000001, due 2026-07-09\n- BY-2026-000002, due 2026-07-10\nPlease answer.",
    };

    static Move Move(
        StepCode step, Side side, string[] roles, Status[] from, Status to, string meaning, Action<Move>? more = null,
        params (ClockName, ClockAction)[] clocks)
    {
        var move = new Move
        {
            Step = step, Side = side, Roles = { roles }, FromStatuses = { from }, ToStatus = to, Meaning = meaning,
            Clocks = { clocks.Select(effect => new ClockEffect { Clock = effect.Item1, Action = effect.Item2 }) },
        };
        more?.Invoke(move);
        return move;
    }
}
