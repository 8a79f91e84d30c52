using Exchange.Requests.V1;

namespace Exchange.Requests.Tests;

public sealed class WhoIsTold
{
    const string Asking = "exchange://BY/general-prosecutor/international/1001?role=prosecutor";
    const string Asked = "exchange://PL/embassy-minsk/liaison/4001?role=liaison";

    [Theory]
    [InlineData(StepCode.Transmit, Asking, "PL")]
    [InlineData(StepCode.Amend, Asking, "PL")]
    [InlineData(StepCode.ProvideSupplement, Asking, "PL")]
    [InlineData(StepCode.RequestStatusReport, Asking, "PL")]
    [InlineData(StepCode.Withdraw, Asking, "PL")]
    [InlineData(StepCode.Remind, Asking, "PL")]
    [InlineData(StepCode.Remind, "exchange://service/tracking", "PL")]
    [InlineData(StepCode.CloseUnanswered, Asking, "PL")]
    [InlineData(StepCode.ChangeChannel, Asking, "PL")]
    [InlineData(StepCode.NameSubjects, Asking, "PL")]
    [InlineData(StepCode.Acknowledge, Asked, "BY")]
    [InlineData(StepCode.Execute, Asked, "BY")]
    [InlineData(StepCode.ExecuteInPart, Asked, "BY")]
    [InlineData(StepCode.Return, Asked, "BY")]
    [InlineData(StepCode.RequestSupplement, Asked, "BY")]
    [InlineData(StepCode.ReportStatus, Asked, "BY")]
    [InlineData(StepCode.Assign, Asking, "BY")]
    [InlineData(StepCode.Assign, Asked, "PL")]
    [InlineData(StepCode.ProposeCorrection, Asked, "PL")]
    [InlineData(StepCode.RejectCorrection, Asking, "BY")]
    [InlineData(StepCode.ConfirmCorrection, Asked, "PL BY")]
    [InlineData(StepCode.ConfirmCorrection, Asking, "BY PL")]
    [InlineData(StepCode.AddDocument, Asked, "")]
    [InlineData(StepCode.Adopt, Asking, "")]
    public void After_transmission_the_other_side_is_told_and_colleagues_are_asked(StepCode step, string actor, string told) =>
        Told(step, actor, "2026-03-02", Channel.OnExchange).ShouldBe(told);

    [Theory]
    [InlineData(StepCode.SaveDraft, "")]
    [InlineData(StepCode.NameSubjects, "")]
    [InlineData(StepCode.AddDocument, "")]
    [InlineData(StepCode.Withdraw, "")]
    [InlineData(StepCode.Submit, "BY")]
    [InlineData(StepCode.SendBack, "BY")]
    [InlineData(StepCode.Approve, "BY")]
    [InlineData(StepCode.Assign, "BY")]
    public void Of_a_draft_only_colleagues_hear(StepCode step, string told) => Told(step, Asking, "", Channel.OnExchange).ShouldBe(told);

    [Theory]
    [InlineData(StepCode.Transmit, "")]
    [InlineData(StepCode.Remind, "")]
    [InlineData(StepCode.Execute, "BY")]
    [InlineData(StepCode.Acknowledge, "BY")]
    [InlineData(StepCode.ConfirmCorrection, "BY")]
    [InlineData(StepCode.ChangeChannel, "PL")]
    public void A_partner_off_the_exchange_is_told_by_post_and_what_is_recorded_for_it_is_news_to_colleagues(StepCode step, string told) =>
        Told(step, Asking, "2026-03-02", Channel.OffExchange).ShouldBe(told);

    [Theory]
    [InlineData(Asking)]
    [InlineData(Asked)]
    public void An_import_is_news_to_nobody(string actor) =>
        Told(StepCode.Unspecified, actor, "2026-03-02", Channel.OffExchange).ShouldBe("");

    [Fact]
    public void A_disclosure_or_a_case_is_news_to_nobody() =>
        InboxRule.AddresseesOf(new() { Step = StepCode.Assign, Actor = new() { Identity = Asking } }).ShouldBeEmpty();

    [Theory]
    [InlineData(StepCode.Execute, Asking, Side.RequestedSide)]
    [InlineData(StepCode.Execute, Asked, Side.RequestedSide)]
    [InlineData(StepCode.Remind, "exchange://service/tracking", Side.RequestingSide)]
    [InlineData(StepCode.Assign, Asked, Side.RequestedSide)]
    [InlineData(StepCode.Assign, Asking, Side.RequestingSide)]
    public void A_step_is_of_the_side_that_took_it_whoever_wrote_it_down(StepCode step, string actor, Side side) =>
        InboxRule.SideOf(Entry(step, actor, "2026-03-02", Channel.OnExchange)).ShouldBe(side);

    [Theory]
    [InlineData(Rung.CentralAuthority, "PL")]
    [InlineData(Rung.LiaisonChannel, "")]
    public void The_liaison_channel_is_our_own(Rung rung, string told)
    {
        var entry = Entry(StepCode.Remind, Asking, "2026-03-02", Channel.OnExchange);
        entry.Steps.Add(new Step { Reminded = new() { Rung = rung } });

        string.Join(' ', InboxRule.AddresseesOf(entry)).ShouldBe(told);
    }

    [Fact]
    public void Who_was_given_nothing_is_not_told_where_to_look() =>
        Told(StepCode.ChangeChannel, Asking, "2026-03-02", Channel.OffExchange, given: false).ShouldBe("");

    static string Told(StepCode step, string actor, string transmittedOn, Channel channel, bool given = true) =>
        string.Join(' ', InboxRule.AddresseesOf(Entry(step, actor, transmittedOn, channel, given)));

    static JournalEntry Entry(StepCode step, string actor, string transmittedOn, Channel channel, bool given = true) => new()
    {
        Step = step, Actor = new() { Identity = actor },
        Facts = new()
        {
            RequestingState = "BY", RequestedState = "PL", TransmittedOn = transmittedOn, Channel = channel,
            Given = given && transmittedOn.Length > 0,
        },
    };
}
