using Exchange.Testing;
using Npgsql;

namespace Exchange.Benchmarks;

/// <summary>
/// From a draft that is filed by gRPC to the moment Tracking's table holds it, one at a time, beside a publish confirmed by a
/// quorum queue and consumed. Tracking's table tells of a new row when its transaction commits: to poll it would take from the
/// services the very core they need.
/// </summary>
static class VisibleSection
{
    const string Tell =
        """
        CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS $$
          BEGIN PERFORM pg_notify('visible', NEW.request_id::text); RETURN NULL; END $$;
        CREATE TRIGGER tell AFTER INSERT ON facts FOR EACH ROW EXECUTE FUNCTION tell();
        LISTEN visible;
        """;

    public static async Task<IReadOnlyList<Line>> Measure(BenchOptions options)
    {
        options.Say("the three services are started");
        await using var exchange = await RunningExchange.Start(settings: RpcSection.Unlimited);
        await using var queue = await RawQueue.Open(exchange.Broker, "raw-hop");
        var arrivals = await queue.Consume();
        var officer = exchange.Officer("prosecutor");
        await using var tracking = new NpgsqlConnection(exchange.Databases["tracking"]);
        await tracking.OpenAsync();
        await using (var tell = new NpgsqlCommand(Tell, tracking))
            await tell.ExecuteNonQueryAsync();
        var visible = new HashSet<string>();
        tracking.Notification += (_, told) => visible.Add(told.Payload);

        List<double> whole = [], afterAnswer = [], hops = [];
        var (warmUp, count) = (50, options.Full ? 2_000 : 300);
        options.Say($"{count} requests and as many raw hops, in turn");
        for (var i = 0; i < warmUp + count; i++)
        {
            var began = TimeProvider.System.GetTimestamp();
            var request = await officer.Draft(Letters.Complete("UNTOC-2000"));
            var answered = TimeProvider.System.GetTimestamp();
            while (!visible.Contains(request.Name["requests/".Length..]))
                await tracking.WaitAsync();
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
