using Exchange.Requests.V1;
using Exchange.Testing;
using NaiveLetter = Exchange.Testing.Letter;

namespace Exchange.System.Tests;

/// <summary>
/// Letters live through weeks of random steps, late word, corrections, amendments and withdrawals; the figures of every day equal brute
/// force.
/// </summary>
public sealed class RestatingEveryDay : IAsyncLifetime
{
    const int LettersSent = 14;
    const int Rounds = 12;

    readonly Random random = new(2006);
    readonly Dictionary<string, (MlaRequest Request, NaiveLetter Naive)> sent = [];
    MovedExchange moved = null!;

    public async ValueTask InitializeAsync() => moved = await MovedExchange.Start();

    public async ValueTask DisposeAsync() => await moved.DisposeAsync();

    [Fact]
    public async Task Gives_the_figures_of_the_brute_force_for_any_day_before_and_after_corrections()
    {
        var first = moved.Today;
        for (var round = 0; round < Rounds; round++)
        {
            moved.Pass(random.Next(2, 6));
            while (sent.Count < LettersSent * (round + 1) / Rounds)
                await Send(sent.Count % 2 == 0 ? "PL" : "LT");
            foreach (var name in sent.Keys.ToList())
                await Step(name);
        }
        await Compare(first, days: 3);

        await Correct();
        await Compare(first, days: 6);
    }

    async Task Send(string partner)
    {
        var request = await moved.Send(partner);
        sent[request.Name] = (request, new()
        {
            Reference = request.Facts.Reference, RequestingState = "BY", RequestedState = partner, Instrument = "UNTOC-2000",
            Offence = "trafficking_in_persons",
            Measures = ["hearing_of_witness", "obtaining_documents"], Urgency = "routine", Transmitted = moved.Today,
            Due = new Dictionary<string, DateOnly> { ["policy"] = moved.Today.AddDays(MovedExchange.PolicyDays) },
        });
    }

    async Task Step(string name)
    {
        var (request, naive) = sent[name];
        // Word by post is some days old when it is recorded, but not older than the letter.
        var on = request.Facts.RequestedState == "PL"
            ? moved.Today : new[] { moved.Today.AddDays(-random.Next(6)), naive.Transmitted }.Max();
        var side = request.Facts.RequestedState == "PL" ? "requested_side" : "requesting_side";
        NaiveLetter? after = random.Next(12) switch
        {
            0 when await moved.Partner(request, act => act.Acknowledge = new(), on) =>
                naive with { Acknowledged = naive.Acknowledged ?? on },
            1 when await moved.Partner(request, act => act.Recognise = new(), on) => naive with { Recognised = naive.Recognised ?? on },
            2 when await moved.Partner(request, act => act.RequestSupplement = new() { Question = "which?" }, on) =>
                naive with { Questions = [.. naive.Questions, new(on, null)] },
            3 or 4 when await moved.Try("investigator", name, act => act.ProvideSupplement = new() { Reply = "this" }) =>
                naive with { Questions = [.. naive.Questions.Select(q => q with { Provided = q.Provided ?? moved.Today })] },
            5 when await moved.Partner(request, act => act.Postpone = new() { Ground = "own_proceedings_pending" }, on) =>
                naive with { Postponed = [.. naive.Postponed, on] },
            6 when await moved.Partner(request, act => act.ReportStatus = new() { Report = "under way" }, on) =>
                naive with { Reported = [.. naive.Reported, on] },
            7 when await moved.Partner(request, act => act.Answer = new() { Outcome = Outcome.Executed }, on) =>
                naive with { Answers = [.. naive.Answers, new(on, "executed", true, side)] },
            8 when await moved.Partner(request, act => act.Answer = new()
            {
                Outcome = Outcome.PartiallyExecuted, Measures = { new MeasureOutcome { Measure = "obtaining_documents", Done = true } },
            }, on) => naive with { Answers = [.. naive.Answers, new(on, "partially_executed", false, side)] },
            9 when random.Next(3) == 0 && await moved.Try("prosecutor", name, act => act.Withdraw = new() { Reason = "closed" }) =>
                naive with { Ending = new(moved.Today, "withdrawn") },
            10 when random.Next(3) == 0
                && await moved.Partner(request, act => act.ReturnLetter = new() { Ground = "form_defect", Reason = "no seal" }, on) =>
                naive with { Ending = new(on, "returned") },
            11 when random.Next(3) == 0
                && await moved.Try("prosecutor", name, act => act.CloseUnanswered = new() { Reason = "time" }) => naive,
            _ => null,
        };
        if (after is not null)
            sent[name] = (request, after);
    }

    async Task Correct()
    {
        var (struck, moved1, earlier) = (0, 0, 0);
        foreach (var name in sent.Keys.ToList())
        {
            var (request, naive) = sent[name];
            if (naive is { Answers: [.., { Outcome: "executed" }] } && struck++ < 2)
            {
                await moved.Correct(request, StepCode.Execute, proposal => proposal.Strike = true);
                sent[name] = (request, naive with { Answers = [.. naive.Answers.SkipLast(1)] });
            }
            else if (naive is { Answers: [.., { Outcome: "executed" } last] } && moved1++ < 2)
            {
                await moved.Correct(request, StepCode.Execute, proposal =>
                    (proposal.OccurredOn, proposal.Outcome, proposal.Ground) =
                        (MovedExchange.Iso(last.On.AddDays(-1)), Outcome.Refused, "ne_bis_in_idem"));
                sent[name] = (request, naive with
                {
                    Answers = [.. naive.Answers.SkipLast(1), last with { On = last.On.AddDays(-1), Outcome = "refused" }],
                });
            }
            else if (request.Facts.RequestedState == "LT" && earlier++ < 2)
            {
                await moved.Correct(
                    request, StepCode.Transmit, proposal => proposal.OccurredOn = MovedExchange.Iso(naive.Transmitted.AddDays(-3)));
                sent[name] = (request, naive with
                {
                    Transmitted = naive.Transmitted.AddDays(-3),
                    Due = naive.Due.ToDictionary(due => due.Key, due => due.Value.AddDays(-3)),
                });
            }
        }
        (struck > 0 && earlier > 0).ShouldBeTrue("the walk left something to correct");
        await Amend();
    }

    // What a letter asks for may change after it was sent; the days do not.
    async Task Amend()
    {
        foreach (var (name, (request, _)) in sent)
        {
            var letter = (await moved.As("prosecutor").Requests.GetLetterAsync(new() { Name = name })).Letter;
            letter.Purpose = "Also for the second count.";
            letter.Measures.RemoveAt(1);
            await moved.Try("prosecutor", name, act => act.Amend = new() { Letter = letter, Reason = "second count" });
        }
    }

    async Task Compare(DateOnly first, int days)
    {
        await moved.Exchange.Settled();
        var asOf = Enumerable.Range(0, days - 1).Select(_ => first.AddDays(random.Next(3, moved.Today.DayNumber - first.DayNumber)))
            .Append(moved.Today);
        foreach (var day in asOf)
        {
            var naive = new RegisterByBruteForce(sent.Values.Select(letter => letter.Naive), day);
            Tables.Parse(await moved.Exchange.Run("turnaround", "--by", "partner", "--as-of", MovedExchange.Iso(day), "--format", "csv"))
                .ShouldEqual(naive.Turnaround());
            Tables.Parse(
                await moved.Exchange.Run("turnaround", "--by", "partner", "--as-of", MovedExchange.Iso(day), "--rates", "--format", "csv"))
                .ShouldEqual(naive.Rates());
        }
    }
}
