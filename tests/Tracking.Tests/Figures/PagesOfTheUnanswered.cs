using Exchange.Platform;
using Exchange.Reference;
using Exchange.Requests.V1;
using Exchange.Tracking.V1;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Exchange.Tracking.Tests;

/// <summary>Pages are found in the column store, and give what reading every request of the database gives.</summary>
public sealed class PagesOfTheUnanswered
{
    readonly FakeTimeProvider clock = new(new(2022, 6, 1, 12, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData(41)]
    [InlineData(42)]
    public async Task Are_those_of_brute_force_for_any_day_side_filter_and_size(int seed)
    {
        var random = new RandomLetters(seed);
        await using var database = await FactsDatabase.Create(clock);
        var known = random.Histories(600).GroupBy(k => k.Id).Select(versions => versions.Last().Facts()).ToList();
        // Few due days for many requests, so that references decide; and some timelines that fit into no block.
        foreach (var facts in known.Where((_, i) => i % 3 == 0).SelectMany(facts => facts.TimeLimits))
            facts.DueOn = LegalDay.Parse(facts.DueOn) is var day ? new DateOnly(day.Year, 1 + (day.Month / 7 * 6), 1).ToIso() : "";
        await database.Store.Apply(known, default);
        using var columns = Columns(database.Database);
        var list = new UnansweredList(columns, database.Store, Figures.Reference);
        (await columns.Ask(store => store.Partitions.Sum(p => p.Unpacked.Count), default)).Answer.ShouldBeGreaterThan(5);

        var listed = 0;
        for (var round = 0; round < 60; round++)
        {
            var query = Query(random);
            var size = random.OneOf([1, 2, 7, 40, 1_000]);
            var expected = new UnansweredPage(10_000, null);
            await database.Store.Read(query, facts =>
            {
                if (query.Select(facts, Figures.Reference) is { Clock.Overdue: true } request)
                    expected.Offer(request);
            }, default);

            List<(UnansweredPosition, SelectedRequest)> pages = [];
            UnansweredPosition? after = null;
            do
            {
                var (page, total, _) = await list.Page(query, size, after, default);
                total.ShouldBe(expected.Total);
                page.Items.Count().ShouldBeLessThanOrEqualTo(size);
                pages.AddRange(page.Items);
                after = page.Next;
            }
            while (after is not null && pages.Count < 200);

            pages.ShouldBe(expected.Items.Take(pages.Count));
            if (after is null)
                pages.Count.ShouldBe(expected.Total);
            listed += pages.Count;
        }
        listed.ShouldBeGreaterThan(1_000);
    }

    [Fact]
    public async Task Read_as_many_facts_however_many_requests_there_are()
    {
        var (few, many) = (await FactsRead(requests: 300), await FactsRead(requests: 3_000));

        many.ShouldBe(few);
        // Of the first page ten and one that says that there is another; of the second also the last of the first page's.
        many.ShouldBe(11 + 12);
    }

    [Fact]
    public async Task Are_of_one_instant_while_their_requests_change()
    {
        await using var database = await FactsDatabase.Create(clock);
        var sent = Enumerable.Range(0, 20).Select(Sent).ToList();
        await database.Store.Apply(sent, default);
        using var columns = Columns(database.Database);
        var list = new UnansweredList(columns, database.Store, Figures.Reference);
        var query = new QueryReader(Figures.Reference, clock, "BY").Read(default, "2022-01-01", null, null, default);
        var writing = Task.Run(async () =>
        {
            for (var version = 2; version <= 30; version++)
            {
                // Either all are answered or none is.
                foreach (var facts in sent)
                {
                    facts.Version = version;
                    facts.Answers.Clear();
                    if (version % 2 == 0)
                        facts.Answers.Add(new Answer { AnsweredOn = "2021-06-01", Outcome = Outcome.Executed });
                }
                await database.Store.Apply(sent, default);
            }
        });

        do
        {
            var (page, total, _) = await list.Page(query, 100, null, default);
            (total, page.Items.Count()).ShouldBeOneOf((0, 0), (20, 20));
        }
        while (!writing.IsCompleted);
        await writing;
    }

    static LiveColumnStore Columns(Database database) => new(database, TimeProvider.System, NullLogger<LiveColumnStore>.Instance);

    FiguresQuery Query(RandomLetters random)
    {
        var filter = new Filter();
        if (random.Chance(0.2))
            filter.Blocs.Add(["EU", "other"]);
        if (random.Chance(0.2))
            filter.Measures.Add("search_and_seizure");
        if (random.Chance(0.2))
            filter.Urgencies.Add(Urgency.Urgent);
        if (random.Chance(0.1))
            filter.RecordedBy.Add(Side.RequestedSide);
        if (random.Chance(0.2))
            (filter.TransmittedFrom, filter.TransmittedTo) = ("2016-06-01", "2019-03-31");
        return new QueryReader(Figures.Reference, clock, random.OneOf(["BY", "BY", "BY", "PL"])).Read(
            random.Chance(0.3) ? Direction.Incoming : Direction.Outgoing, random.AnyDay().AddDays(200).ToIso(), null, filter,
            random.OneOf(Known.Kinds.Values.ToList()));
    }

    /// <summary>Rows of facts that the server reads for two pages of ten, by its own count.</summary>
    async Task<long> FactsRead(int requests)
    {
        await using var database = await FactsDatabase.Create(clock);
        foreach (var some in Enumerable.Range(0, requests).Chunk(500))
            await database.Store.Apply([.. some.Select(Sent)], default);
        await database.EndConnections();
        // One connection, whose counts are those of this test; and without the scans that the server prefers for a small table.
        await using var source = database.Connections("-c enable_seqscan=off", atMost: 1);
        var reading = new Database(source);
        using var columns = Columns(reading);
        var list = new UnansweredList(columns, new(reading, new(clock), Figures.Reference, clock), Figures.Reference);
        await columns.CatchUp(default);
        var query = new QueryReader(Figures.Reference, clock, "BY").Read(default, "", null, null, default);
        var before = await FactsDatabase.FactsRead(reading);

        var (first, total, _) = await list.Page(query, 10, null, default);
        var (second, _, _) = await list.Page(query, 10, first.Next, default);

        total.ShouldBe(requests);
        first.Items.Concat(second.Items).Select(item => item.Request.Facts.Reference).ShouldBe(Enumerable.Range(0, 20).Select(ReferenceOf));
        return await FactsDatabase.FactsRead(reading) - before;
    }

    static string ReferenceOf(int number) => $"BY-2010-{number:000000}";

    /// <summary>A request that is overdue, each with a due day of its own.</summary>
    static RequestFacts Sent(int number) => new()
    {
        Request = $"requests/{Guid.CreateVersion7()}",
        Version = 1,
        RecordedAt = DateTimeOffset.UnixEpoch.ToTimestamp(),
        Reference = ReferenceOf(number),
        RequestingState = "BY",
        RequestedState = "PL",
        TransmittedOn = new DateOnly(2010, 1, 1).AddDays(number).ToIso(),
        Origin = Origin.OnTheExchange,
        TimeLimits = { new TimeLimit { Kind = LimitKind.Policy, DueOn = new DateOnly(2010, 7, 1).AddDays(number).ToIso() } },
    };
}
