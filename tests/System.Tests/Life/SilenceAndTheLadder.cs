using Exchange.Requests.V1;
using Exchange.System.Tests.Faults;
using Exchange.Testing;

namespace Exchange.System.Tests;

/// <summary>Two letters, one partner on the exchange and one by post: silence, the ladder, an answer each, and who recorded it.</summary>
public sealed class SilenceAndTheLadder : IAsyncLifetime
{
    MovedExchange moved = null!;

    public async ValueTask InitializeAsync() => moved = await MovedExchange.Start();

    public async ValueTask DisposeAsync() => await moved.DisposeAsync();

    [Fact]
    public async Task Ends_in_the_figures_with_the_share_that_the_requesting_side_recorded()
    {
        var (poland, lithuania) = (await moved.Send("PL"), await moved.Send("LT"));
        moved.Pass(MovedExchange.PolicyDays);
        await moved.Exchange.Settled();
        (await Flags()).ShouldBeEmpty();

        moved.Pass(1);
        await Eventually.Holds(
            async () => (await Flags()).Select(flag => flag["requested_state"]).Order(StringComparer.Ordinal).ShouldBe(["LT", "PL"]));
        (await moved.Exchange.Run("ladder", "due")).ShouldContain(poland.Facts.Reference);

        await moved.Exchange.Run("ladder", "take", "PL", "--rung", "reminder", "--yes");
        await Eventually.Holds(async () => (await moved.As("prosecutor").Requests.GetRequestAsync(new() { Name = poland.Name }))
            .Facts.Reminders.Select(reminder => reminder.Rung).ShouldBe([Rung.Reminder]));
        // Tracking has read in the journal that it was recorded, and tells of it no more.
        await Eventually.Holds(async () =>
            (await Rows.Count(moved.Exchange.Databases["tracking"], "SELECT count(*) FROM unrecorded_rungs")).ShouldBe(0));
        await Eventually.Holds(async () => (await moved.Exchange.Run("--as", "liaison-pl", "inbox", "--no-mark")).ShouldContain("remind"));
        (await moved.Exchange.Run("--as", "liaison-pl", "ladder", "list", "--format", "json")).ShouldContain(poland.Facts.Reference);
        (await moved.Exchange.Run("ladder", "due")).ShouldNotContain(poland.Facts.Reference);

        // It is our turn: the flag says so and the ladder rests however long it takes.
        (await moved.Partner(lithuania, act => act.RequestSupplement = new() { Question = "which house?" }, moved.Today)).ShouldBeTrue();
        moved.Pass(40);
        await moved.Exchange.Settled();
        (await moved.Exchange.Run("ladder", "due")).ShouldNotContain(lithuania.Facts.Reference);
        (await moved.Exchange.Run("unanswered", "--partner", "LT")).ShouldContain("waits on the requester");
        (await moved.Exchange.Run("ladder", "due")).ShouldContain("second reminder");

        await moved.As("investigator").Take(lithuania.Name, act => act.ProvideSupplement = new() { Reply = "the one by the river" });
        await moved.Partner(lithuania, act => act.Answer = new() { Outcome = Outcome.Executed }, moved.Today.AddDays(-1));
        await moved.Partner(
            poland, act => act.Answer = new() { Outcome = Outcome.Refused, Ground = "ne_bis_in_idem", Text = "judged here" }, moved.Today);
        await moved.Exchange.Settled();

        (await Flags()).ShouldBeEmpty();
        var rows = Tables.Parse(await moved.Exchange.Run("turnaround", "--by", "recorded-by", "--format", "csv"))
            .ToDictionary(row => row["group"]);
        rows["ALL"]["answered"].ShouldBe("2");
        rows["ALL"]["refused"].ShouldBe("1");
        rows["requesting_side"]["answered"].ShouldBe("1");
        rows["requested_side"]["answered"].ShouldBe("1");
        rows["ALL"]["response_rate"].ShouldBe("1");
    }

    async Task<IReadOnlyList<IReadOnlyDictionary<string, string>>> Flags() =>
        Tables.Parse(await moved.Exchange.Run("flag", "list", "--standing", "--format", "csv"));
}
