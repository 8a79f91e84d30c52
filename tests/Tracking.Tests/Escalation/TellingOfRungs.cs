using Exchange.Reference;
using Exchange.Requests.V1;
using Exchange.Testing;
using Exchange.Tracking.V1;

namespace Exchange.Tracking.Tests;

/// <summary>Who is told of a rung that was taken.</summary>
public sealed class TellingOfRungs(RunningTracking tracking) : IClassFixture<RunningTracking>
{
    [Fact]
    public async Task Is_told_to_Requests_again_until_its_journal_holds_it()
    {
        var sent = tracking.Sent("BY-2026-000801", "NO");
        await tracking.Apply(sent);
        var id = RungEntry.IdOf(await Take("NO", Rung.Reminder, sent));

        tracking.SetClock(tracking.Clock.GetUtcNow().AddMinutes(2));

        // Nobody listens here, so it stays; under the same id each time.
        await Eventually.Holds(async () => (await Count("SELECT count(*) FROM outbox WHERE id = $1")).ShouldBe(1));
        (await Count("SELECT count(*) FROM unrecorded_rungs WHERE rung = $1 AND tries = 1")).ShouldBe(1);
        await new UnrecordedRungs(tracking.Database).Remove(id, sent.Id(), default);
        (await new UnrecordedRungs(tracking.Database).TakeDue(tracking.Clock.GetUtcNow().AddYears(1), default)).ShouldNotContain(id);

        async Task<long> Count(string sql) => (await tracking.Database.Query(sql, [id], row => row.GetInt64(0), default)).Single();
    }

    [Fact]
    public async Task The_partner_reads_letters_to_its_own_authorities_about_what_it_was_given()
    {
        var (reminded, raised, byPost) = (tracking.Sent("EE-2026-000001", "PL"), tracking.Sent("EE-2026-000002", "PL"),
            tracking.Sent("EE-2026-000003", "PL"));
        reminded.ToldVersion = raised.ToldVersion = 1;
        raised.Reminders.Add(new Reminder { Rung = Rung.CentralAuthority, RemindedOn = tracking.Today.AddDays(-31).ToIso() });
        await tracking.Apply(reminded, raised, byPost);
        var prosecutor = tracking.As("prosecutor");
        (RequestFacts Request, Rung Rung)[] letters =
            [(reminded, Rung.Reminder), (raised, Rung.LiaisonChannel), (byPost, Rung.Reminder)];
        foreach (var (request, rung) in letters)
            await Take("PL", rung, request);

        // Requests has recorded them.
        foreach (var (request, rung) in letters)
            await tracking.Apply(tracking.Next(request, facts =>
            {
                facts.Reminders.Add(new Reminder { Rung = rung, RemindedOn = tracking.Today.ToIso() });
                facts.ToldVersion = request == byPost ? 0 : facts.Version;
            }));

        var told = (await tracking.As("liaison-pl").ListTakenRungsAsync(new())).Rungs.ShouldHaveSingleItem();
        (told.Letter, told.ConfirmedBy).ShouldBe(("About EE-2026-000001.", "exchange://BY/general-prosecutor"));
        (await prosecutor.ListTakenRungsAsync(new() { Partners = { "PL" } })).Rungs.Count.ShouldBe(3);
    }

    async Task<TakenRung> Take(string partner, Rung rung, RequestFacts about) =>
        await tracking.As("prosecutor").TakeRungAsync(tracking.Signed(new()
        {
            Partner = partner, Rung = rung, Letter = $"About {about.Reference}.", CommandId = Officer.NewId(), Requests = { about.Request },
        }, "prosecutor"));
}
