using Exchange.Requests;
using Exchange.Requests.V1;

namespace Exchange.Tracking.Tests;

/// <summary>
/// What the table of the lifecycle says of each clock is what the clocks do: every move from every status, before and after.
/// </summary>
public sealed class ClocksOfTheLifecycle
{
    const string Sent = "2026-01-01";
    const string Asked = "2026-01-11";
    const string Taken = "2026-02-01";

    static readonly DateOnly Seen = new(2026, 3, 1);

    static readonly Status[] Live =
    [
        Status.Transmitted, Status.Delivered, Status.Acknowledged, Status.Recognised, Status.InExecution, Status.SupplementRequested,
        Status.SupplementProvided, Status.Postponed, Status.Forwarded, Status.PartiallyExecuted,
    ];

    public static TheoryData<int> Moves =>
        [.. Enumerable.Range(0, LifecycleTable.Moves.Count).Where(i => StepOf(LifecycleTable.Moves[i]) is not null)];

    [Theory]
    [MemberData(nameof(Moves))]
    public void Are_as_the_table_says(int index)
    {
        var move = LifecycleTable.Moves[index];
        foreach (var from in move.From.Intersect(Live))
        {
            var before = FactsIn(from, move);
            var after = before.Clone();
            RequestFold.Apply(after, StepOf(move)!);
            var (was, now) = (ClockOf(before), ClockOf(after));
            var told = $"{move.Step} from {from}";

            Check(ClockName.Gross, now.IsAnswered, !now.IsOpen && !now.IsAnswered, (was.IsOpen, was.Gross) == (now.IsOpen, now.Gross));
            Check(ClockName.FinalAnswer, now.Final is not (Outcome.Unspecified or Outcome.Withdrawn or Outcome.Returned),
                now.Final is Outcome.Withdrawn or Outcome.Returned, was.Final == now.Final);
            Check(ClockName.Acknowledgement, now.Acknowledgement.Reached, false,
                was.Acknowledgement.Reached == now.Acknowledgement.Reached);
            Check(ClockName.Recognition, now.Recognition.Reached, false, was.Recognition.Reached == now.Recognition.Reached);
            Check(ClockName.Silence, now.Heard || !now.IsOpen, false, was.Heard == now.Heard);
            Check(ClockName.Limits, !now.Overdue, false, was.Overdue == now.Overdue);
            var net = ActionOn(ClockName.Net);
            (net switch
            {
                ClockAction.Pause => now.WaitingOnUs || now.IsAnswered,
                ClockAction.Resume => !now.WaitingOnUs && now.Net == now.Gross - 21,
                ClockAction.Stop => now.IsAnswered,
                ClockAction.Censor => !now.IsOpen,
                _ => (was.Net, was.WaitingOnUs) == (now.Net, now.WaitingOnUs),
            }).ShouldBeTrue($"{told}: net clock, {net}");

            void Check(ClockName clock, bool stopped, bool censored, bool untouched)
            {
                var action = ActionOn(clock);
                // A part of an answer ended the wait already; whatever ends it again finds it ended.
                var ended = from == Status.PartiallyExecuted && clock is not ClockName.FinalAnswer;
                (action switch
                {
                    ClockAction.Stop => stopped,
                    ClockAction.Censor => censored || ended,
                    _ => untouched,
                }).ShouldBeTrue($"{told}: {clock}, {action}");
            }
        }

        ClockAction ActionOn(ClockName clock) => move.Clocks.FirstOrDefault(effect => effect.Clock == clock).Action;
    }

    static Clock ClockOf(RequestFacts facts) => Clock.At(facts, Seen, LimitKind.Policy).ShouldNotBeNull();

    static RequestFacts FactsIn(Status status, LifecycleMove move)
    {
        var facts = new RequestFacts
        {
            RequestingState = "BY", RequestedState = "PL", Status = status, TransmittedOn = Sent, Origin = Origin.OnTheExchange,
            Measures = { "hearing_of_witness" },
            TimeLimits = { new TimeLimit { Kind = LimitKind.Policy, StartOn = Sent, DueOn = "2026-02-15" } },
        };
        if (status == Status.SupplementRequested)
            facts.Supplements.Add(new Supplement { RequestedOn = Asked });
        if (status == Status.PartiallyExecuted)
            facts.Answers.Add(new Answer { AnsweredOn = Asked, Outcome = Outcome.PartiallyExecuted });
        if (move.Step == StepCode.ReportStatus)
            facts.StatusReports.Add(new StatusReport { RequestedOn = Asked });
        return facts;
    }

    /// <summary>
    /// The step as the journal would have it; null for moves that leave the facts of no letter that was sent changed, or replay them.
    /// </summary>
    static Step? StepOf(LifecycleMove move) => move.Step switch
    {
        _ when move.From.Intersect(Live).ToList() is [] => null,
        StepCode.RequestStatusReport or StepCode.ReportStatus => new() { OccurredOn = Taken, StatusReported = new() { Side = move.Side } },
        StepCode.Remind => new() { OccurredOn = Taken, Reminded = new() { Rung = Rung.Reminder } },
        StepCode.Amend => new() { OccurredOn = Taken, LetterWritten = new() { Amendment = true } },
        StepCode.ChangeChannel => new() { OccurredOn = Taken, ChannelChanged = new() { Channel = Channel.OffExchange } },
        StepCode.Acknowledge when move.Late => Partner(Status.Acknowledged, late: true),
        StepCode.ConfirmDelivery when move.Late => Partner(Status.Delivered, late: true),
        _ when move.To is not { } to => null,
        _ when move.Side == Side.RequestingSide => new() { OccurredOn = Taken, RequesterActed = new() { Status = move.To.Value } },
        _ => Partner(move.To.Value, late: false),
    };

    static Step Partner(Status status, bool late) => new()
    {
        OccurredOn = Taken,
        PartnerActed = new()
        {
            Status = status, Late = late,
            Outcome = status switch
            {
                Status.Executed => Outcome.Executed,
                Status.PartiallyExecuted => Outcome.PartiallyExecuted,
                Status.Refused =>
                    Outcome.Refused,
                Status.NotExecutable => Outcome.NotExecutable,
                Status.Returned => Outcome.Returned,
                _ => Outcome.Unspecified,
            },
        },
    };
}
