using Exchange.Requests.V1;

namespace Exchange.Cli.Tests;

public sealed class ReadingTheLifecycle(CannedServices services) : IClassFixture<CannedServices>
{
    [Fact]
    public async Task The_table_is_drawn_and_written_for_the_documentation()
    {
        Approved.Matches("lifecycle-120", (await services.Run("lifecycle", width: 120)).Out);
        Approved.Matches("lifecycle-markdown", (await services.Run("lifecycle --format markdown")).Out);
    }

    [Fact]
    public async Task The_table_is_there_for_programs()
    {
        var csv = (await services.Run("lifecycle --format csv")).Lines;
        csv[0].ShouldBe("step,side,roles,from,to,clocks,signed,recorded_off_exchange,late,told,command,meaning");
        csv[2].ShouldBe(
            "withdraw,requesting_side,investigator;prosecutor;liaison,draft;submitted,withdrawn,,no,no,no,no,withdraw,The draft is given"
            + " up.");
        csv.Length.ShouldBe(Sample.Moves.Length + 1);
        Lifecycle.Parser.ParseJson((await services.Run("lifecycle --format json")).Out).Moves.ShouldBe(Sample.Moves);
    }

    [Fact]
    public async Task Of_one_request_it_says_what_the_caller_may_do_now()
    {
        var printed = await services.Run("lifecycle --of BY-2006-000042");
        printed.Out.ShouldBe(
            """
            exchange request answer BY-2006-000042
                Answered in part. You sign it.
            exchange request answer BY-2006-000042
                Answered. You sign it.

            """);
    }

    [Fact]
    public async Task A_history_is_a_timeline_in_which_what_was_superseded_is_marked()
    {
        services.Requests.History =
        [
            Entry(1, StepCode.Transmit, "exchange://BY/general-prosecutor/international/1001?role=prosecutor",
                new() { OccurredOn = "2026-01-10", Transmitted = new() { Channel = Channel.OffExchange } }, new() { Transmit = new() }),
            Entry(2, StepCode.Refuse, "exchange://PL/embassy-minsk",
                new()
                {
                    OccurredOn = "2026-02-01",
                    PartnerActed = new()
                    {
                        Status = Status.Refused, Outcome = Outcome.Refused, Ground = "ne_bis_in_idem", RecordedBy = Side.RequestingSide,
                    },
                },
                new() { DocumentReference = "Oz 12", Answer = new() { Text = "Judged in 2019." } }),
            Entry(3, StepCode.ConfirmCorrection, "exchange://PL/embassy-minsk",
                new() { OccurredOn = "2026-02-02", Corrected = new() { SupersededVersion = 2, Reason = "misread" } },
                new() { ConfirmCorrection = new() { ProposedIn = 2 } }),
        ];
        services.Requests.History[1].SupersededSteps.Add(0);
        Approved.Matches("history-80", (await services.Run("request history BY-2006-000042")).Out);
        (await services.Run("request history BY-2006-000042 --format csv")).Lines[2].ShouldBe(
            "2,2026-11-18 11:06Z,refuse,2026-02-01,exchange://PL/embassy-minsk,yes,0,Judged in 2019.; Oz 12,");
    }

    static HistoryEntry Entry(int version, StepCode step, string actor, Step what, Act act) => new()
    {
        Version = version, Step = step, Actor = actor, RecordedAt = new() { Seconds = 1_795_000_000 }, Steps = { what }, Act = act,
        Signed = true,
    };
}
