using Exchange.Platform;
using Exchange.Reference;
using Exchange.Requests.V1;
using Google.Protobuf.WellKnownTypes;

namespace Exchange.Tracking.Tests;

public sealed class ReadingTheOverdue
{
    [Fact]
    public async Task Reads_the_facts_of_the_requests_named_and_of_no_others()
    {
        await using var database = await FactsDatabase.Create(TimeProvider.System);
        var sent = Enumerable.Range(0, 600).Select(Sent).ToList();
        foreach (var some in sent.Chunk(500))
            await database.Store.Apply(some, default);
        // As the server does by itself after a while: without its statistics it may prefer to read all that lie before.
        await database.Database.Execute("ANALYZE facts, flags, rungs_of_requests", [], default);
        await database.EndConnections();
        await using var source = database.Connections("-c enable_seqscan=off", atMost: 1);
        var reading = new Database(source);
        var rungs = await database.Rungs(reading);
        Guid[] named = [sent[3].Id(), sent[40].Id()];
        var before = await FactsDatabase.FactsRead(reading);

        var overdue = await rungs.Overdue("BY", ["PL"], named, default);

        overdue.Select(one => one.Facts.Id()).ShouldBe(named, ignoreOrder: true);
        // Those two, and one at either end of the index, at which the server looks when it plans.
        (await FactsDatabase.FactsRead(reading) - before).ShouldBeInRange(2, 4);
        (await rungs.Overdue("BY", ["PL"], [], default)).Count.ShouldBe(600);
        (await rungs.Overdue("BY", ["LT"], named, default)).ShouldBeEmpty();
    }

    static RequestFacts Sent(int number) => new()
    {
        Request = $"requests/{Guid.CreateVersion7()}",
        Version = 1,
        RecordedAt = DateTimeOffset.UnixEpoch.ToTimestamp(),
        Reference = $"BY-2020-{number:000000}",
        RequestingState = "BY",
        RequestedState = "PL",
        TransmittedOn = new DateOnly(2020, 1, 1).AddDays(number).ToIso(),
        Origin = Origin.OnTheExchange,
        TimeLimits = { new TimeLimit { Kind = LimitKind.Policy, DueOn = new DateOnly(2020, 7, 1).AddDays(number).ToIso() } },
    };
}
