using Exchange.Requests.V1;

namespace Exchange.Requests.Tests;

/// <summary>What is left of a life when a step of it never was.</summary>
public sealed class StrikingSteps
{
    static readonly Step Sent = new() { OccurredOn = "2026-03-02", Transmitted = new() { Channel = Channel.OffExchange } };

    static readonly Step Asked = Partner(Status.SupplementRequested, "2026-03-10");

    static readonly Step Provided = new() { OccurredOn = "2026-03-20", RequesterActed = new() { Status = Status.SupplementProvided } };

    static readonly Step Executed = Partner(Status.Executed, "2026-04-01");

    [Fact]
    public void A_struck_reply_leaves_the_question_open()
    {
        var facts = After(Strike(3), Sent, Asked, Provided);

        facts.Status.ShouldBe(Status.SupplementRequested);
        facts.Supplements.ShouldBe([new Supplement { RequestedOn = "2026-03-10" }]);
    }

    [Fact]
    public void A_struck_answer_leaves_everything_else_as_if_it_had_never_come() =>
        After(Strike(4), Sent, Asked, Provided, Executed).ShouldBe(After(null, Sent, Asked, Provided));

    static JournalEntry Strike(int version) =>
        Entry(9, new Step { Corrected = new() { SupersededVersion = version, ProposedBy = "officer" } });

    static Step Partner(Status status, string on) => new() { OccurredOn = on, PartnerActed = new() { Status = status } };

    static JournalEntry Entry(int version, Step step) => new() { Version = version, Steps = { step } };

    static RequestFacts After(JournalEntry? correction, params Step[] steps)
    {
        var entries = steps.Select((step, i) => Entry(i + 1, step));
        return Corrections.Replay(new() { Reference = "BY-2026-000001" },
            Corrections.Standing(correction is null ? entries : entries.Append(correction)));
    }
}
