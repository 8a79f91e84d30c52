using Exchange.Testing;

namespace Exchange.Benchmarks;

/// <summary>Each service as a process: until it is ready, with its migrations applied before, and the memory it then holds.</summary>
static class ServicesSection
{
    public static async Task<IReadOnlyList<Line>> Measure(BenchOptions options)
    {
        options.Say("each service is started again three times");
        await using var exchange = await RunningExchange.Start();
        List<Line> lines = [];
        foreach (var name in new[] { "requests", "tracking", "correlation" })
        {
            var service = exchange.Replicas(name)[0];
            List<double> seconds = [], megabytes = [];
            for (var round = 0; round < 3; round++)
            {
                await service.Stop();
                var began = TimeProvider.System.GetTimestamp();
                await service.Restart();
                seconds.Add(TimeProvider.System.GetElapsedTime(began).TotalSeconds);
                megabytes.Add(service.CurrentMemory / 1e6);
            }
            lines.Add(new($"{name}: started until ready", Rounds.Quantile(seconds, 0.5), double.NaN, "s", "looked at every 100 ms"));
            lines.Add(new($"{name}: memory when ready", Rounds.Quantile(megabytes, 0.5), double.NaN, "MB", "resident set"));
        }
        return lines;
    }
}
