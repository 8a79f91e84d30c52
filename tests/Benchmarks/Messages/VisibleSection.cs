using Exchange.Testing;
using Npgsql;

namespace Exchange.Benchmarks;

/// <summary>
/// From a draft that is filed by gRPC to the moment Tracking's table holds it, one at a time, beside a publish confirmed by a
/// quorum queue and consumed. Tracking's table is polled by its primary key on a connection that stays open.
/// </summary>
static class VisibleSection
{
    public static async Task<IReadOnlyList<Line>> Measure(BenchOptions options)
    {
        options.Say("the three services are started");
        await using var exchange = await RunningExchange.Start(settings: RpcSection.Unlimited);
        await using var queue = await RawQueue.Open(exchange.Broker, "raw-hop");
        var arrivals = await queue.Consume();
        var officer = exchange.Officer("prosecutor");
        await using var tracking = new NpgsqlConnection(exchange.Databases["tracking"]);
        await tracking.OpenAsync();
        await using var poll = new NpgsqlCommand("SELECT 1 FROM facts WHERE request_id = $1", tracking) { Parameters = { new() { Value = Guid.Empty } } };
        await poll.PrepareAsync();

        List<double> whole = [], afterAnswer = [], hops = [];
        var (warmUp, count) = (50, options.Full ? 2_000 : 300);
        options.Say($"{count} requests and as many raw hops, in turn");
        for (var i = 0; i < warmUp + count; i++)
        {
            var began = TimeProvider.System.GetTimestamp();
            var request = await officer.Draft(Letters.Complete("UNTOC-2000"));
            var answered = TimeProvider.System.GetTimestamp();
            poll.Parameters[0].Value = Guid.Parse(request.Name["requests/".Length..]);
            while (await poll.ExecuteScalarAsync() is null)
            {
            }
            var seen = TimeProvider.System.GetTimestamp();

            var published = TimeProvider.System.GetTimestamp();
            var confirmed = queue.Publish(Filing.Event);
            var arrived = await arrivals.ReadAsync();
            await confirmed;
            if (i < warmUp)
                continue;
            whole.Add(TimeProvider.System.GetElapsedTime(began, seen).TotalMilliseconds);
            afterAnswer.Add(TimeProvider.System.GetElapsedTime(answered, seen).TotalMilliseconds);
            hops.Add(TimeProvider.System.GetElapsedTime(published, arrived).TotalMilliseconds);
        }

        const string raw = "publish to a quorum queue until consumed, RabbitMQ.Client";
        return
        [
            Line("file answered until visible in Tracking, p50", afterAnswer, 0.5, "at most 4 times"),
            Line("file answered until visible in Tracking, p99", afterAnswer, 0.99),
            Line("file called until visible in Tracking, p50", whole, 0.5),
            Line("file called until visible in Tracking, p99", whole, 0.99),
        ];

        Line Line(string what, List<double> ours, double part, string goal = "") =>
            new(what, Rounds.Quantile(ours, part), Rounds.Quantile(hops, part), "ms", raw, goal);
    }
}
