using Exchange.Contracts;
using Exchange.Reference;
using Exchange.Requests.V1;
using Exchange.Tracking.V1;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Time.Testing;

namespace Exchange.Tracking.Tests;

public sealed class TakingFactsIn
{
    readonly FakeTimeProvider clock = new(new(2019, 6, 1, 12, 0, 0, TimeSpan.Zero));
    readonly RandomLetters random = new(7);

    [Fact]
    public async Task Comes_to_the_same_tables_in_any_order_three_times_over_and_on_two_connections()
    {
        var versions = random.Histories(200).ConvertAll(known => known.Facts());
        await using var inOrder = await FactsDatabase.Create(clock);
        await using var anyhow = await FactsDatabase.Create(clock);

        foreach (var version in versions)
            await inOrder.Store.Apply([version], default);
        var deliveries = random.Shuffled(versions.Concat(versions).Concat(versions)).Chunk(37).ToList();
        await Task.WhenAll(Deliver(deliveries.Where((_, i) => i % 2 == 0)), Deliver(deliveries.Where((_, i) => i % 2 == 1)));

        var tables = await inOrder.Tables();
        tables.Count(row => row.StartsWith("facts ", StringComparison.Ordinal)).ShouldBe(200);
        tables.Count(row => row.StartsWith("facts_versions ", StringComparison.Ordinal)).ShouldBe(versions.Count);
        tables.Count(row => row.StartsWith("flags ", StringComparison.Ordinal)).ShouldBeGreaterThan(50);
        (await anyhow.Tables()).ShouldBe(tables);

        async Task Deliver(IEnumerable<RequestFacts[]> batches)
        {
            var consumer = new RequestChangedConsumer(anyhow.Store, null!);
            foreach (var batch in batches)
                await consumer.Consume([.. batch.Select(f => new RequestChanged(f.Request, f.Version, f))], default);
        }
    }

    [Fact]
    public async Task Lets_two_connections_deliver_the_same_batch_at_the_same_time()
    {
        var versions = random.Histories(100).ConvertAll(known => known.Facts());
        await using var once = await FactsDatabase.Create(clock);
        await using var rivals = await FactsDatabase.Create(clock);

        await once.Store.Apply(versions, default);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => rivals.Store.Apply(random.Shuffled(versions), default)));

        (await rivals.Tables()).ShouldBe(await once.Tables());
    }

    public static TheoryData<string> UnreadableDays => [.. Faults.Keys];

    static readonly Dictionary<string, Action<RequestFacts>> Faults = new()
    {
        ["postponed_on"] = f => f.Postponements.Add(new Postponement { PostponedOn = "31.12.2008" }),
        ["requested_on"] = f => f.StatusReports.Add(new StatusReport { RequestedOn = "2008-12" }),
        ["reported_on"] = f => f.StatusReports.Add(new StatusReport { ReportedOn = "today" }),
        ["reminded_on"] = f => f.Reminders.Add(new Reminder { RemindedOn = "2008-12-32", Rung = Rung.Reminder }),
        ["closed_on"] = f => f.ClosedOn = "2008-13-01",
        ["amended_on"] = f => f.AmendedOn.Add("20081231"),
    };

    [Theory]
    [MemberData(nameof(UnreadableDays))]
    public async Task Refuses_a_batch_with_an_unreadable_day_and_keeps_nothing_of_it(string day)
    {
        await using var database = await FactsDatabase.Create(clock);
        var sound = random.Histories(1)[0].Facts();
        var faulty = random.Histories(1)[0].Facts();
        Faults[day](faulty);

        await Should.ThrowAsync<FormatException>(() => database.Store.Apply([sound, faulty], default));

        (await database.Tables()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Shows_each_state_its_own_side_as_of_any_day_and_by_what_was_known_at_any_instant()
    {
        await using var database = await FactsDatabase.Create(clock);
        var histories = random.Histories(200);
        await database.Store.Apply(histories.ConvertAll(known => known.Facts()), default);
        for (var round = 0; round < 20; round++)
        {
            var asOf = new DateOnly(2016, 3, 1).AddDays(random.Next(3 * 365));
            var (viewer, outgoing) = (random.OneOf(["BY", "PL", "RU"]), random.Chance(0.5));
            var knownBy = random.Chance(0.5) ? new DateTimeOffset(random.AnyDay(), new(12, 0), TimeSpan.Zero) : (DateTimeOffset?)null;

            List<string> seen = [];
            var sealedNo = await database.Store.Read(Query(viewer, outgoing, asOf, knownBy), f => seen.Add($"{f.Request} {f.Version}"),
                default);

            sealedNo.ShouldBe(0);
            seen.ShouldBe(
                from known in histories
                where knownBy is null || known.RecordedAt <= knownBy
                group known by known.Id into versions
                let newest = versions.MaxBy(v => v.Version)!
                where (outgoing ? newest.Letter.RequestingState : newest.Letter.RequestedState) == viewer
                    && newest.Letter.Transmitted <= asOf
                select $"requests/{newest.Id} {newest.Version}", ignoreOrder: true);
        }
    }

    [Fact]
    public async Task Says_on_which_sealed_number_an_answer_stands()
    {
        await using var database = await FactsDatabase.Create(clock);
        await database.Database.Execute("INSERT INTO positions (source, sealed_no) VALUES ('requests', 41)", [], default);
        await database.Store.Apply([random.Histories(1)[0].Facts()], default);

        (await database.Store.Read(Query("BY", true, new(2019, 1, 1), null), _ => { }, default)).ShouldBe(41);
        (await database.Store.Status(default)).ShouldBe((1, 41));
    }

    FiguresQuery Query(string viewer, bool outgoing, DateOnly asOf, DateTimeOffset? knownBy) =>
        new QueryReader(Figures.Reference, clock, viewer).Read(
            outgoing ? Direction.Outgoing : Direction.Incoming, asOf.ToIso(), knownBy?.ToTimestamp(), null, default);
}
