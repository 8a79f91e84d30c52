using Exchange.Requests.V1;
using Exchange.Testing;

namespace Exchange.System.Tests;

/// <summary>One letter from the investigator's draft to the partner's answer, every officer with a certificate of his own.</summary>
public sealed class AJourney : IAsyncLifetime
{
    RunningExchange exchange = null!;

    public async ValueTask InitializeAsync() => exchange = await RunningExchange.Start("BY", ["PL"]);

    public async ValueTask DisposeAsync() => await exchange.DisposeAsync();

    [Fact]
    public async Task Leads_from_the_draft_to_the_answer_on_the_exchange()
    {
        var (investigator, prosecutor, liaison) =
            (exchange.Officer("investigator"), exchange.Officer("prosecutor"), exchange.Officer("liaison-pl"));

        var draft = await investigator.Draft(Letters.Complete("UNTOC-2000"));
        draft.Facts.Reference.ShouldStartWith("BY-");
        await investigator.Take(draft.Name, act => act.Submit = new());
        await prosecutor.Approve(draft.Name);
        var sent = await prosecutor.Transmit(draft.Name);
        sent.Facts.Status.ShouldBe(Status.Transmitted);
        sent.Facts.TimeLimits.ShouldContain(limit => limit.Kind == LimitKind.Policy);

        await liaison.Take(draft.Name, act => act.ConfirmDelivery = new());
        await liaison.Take(draft.Name, act => act.Acknowledge = new() { Reference = "PL-1" });
        await liaison.Take(draft.Name, act => act.RequestSupplement = new() { Question = "Which address?" });
        await investigator.Take(draft.Name, act => act.ProvideSupplement = new() { Reply = "The one in the letter." });
        var answered = await liaison.Take(draft.Name, act => act.Answer = new() { Outcome = Outcome.Executed, Text = "Done." });

        answered.Facts.Status.ShouldBe(Status.Executed);
        answered.Facts.Answers.Single().RecordedBy.ShouldBe(Side.RequestedSide);
        var history = await liaison.Requests.GetHistoryAsync(new() { Name = draft.Name });
        history.Entries.Select(entry => entry.Step).ShouldBe(
        [
            StepCode.Transmit, StepCode.ConfirmDelivery, StepCode.Acknowledge, StepCode.RequestSupplement, StepCode.ProvideSupplement,
            StepCode.Execute,
        ]);
    }
}
