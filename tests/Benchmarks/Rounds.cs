namespace Exchange.Benchmarks;

/// <summary>Ways to do the same, measured in turn so that a slow minute of the machine meets all of them.</summary>
static class Rounds
{
    /// <summary>Each way once to warm up, then all of them in turn; the median of each.</summary>
    /// <param name="ways">Each measures itself once.</param>
    public static async Task<double[]> Medians(int rounds, params Func<Task<double>>[] ways)
    {
        foreach (var way in ways)
            await way();
        var seen = ways.Select(_ => new double[rounds]).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < ways.Length; i++)
                seen[i][round] = await ways[i]();
        }
        return [.. seen.Select(figures => Quantile(figures, 0.5))];
    }

    /// <summary>The figure that this part of all figures does not exceed.</summary>
    public static double Quantile(IEnumerable<double> figures, double part)
    {
        var sorted = figures.Order().ToArray();
        return sorted[Math.Clamp((int)Math.Ceiling(part * sorted.Length) - 1, 0, sorted.Length - 1)];
    }

    /// <summary>Callers who each do it again and again for this long.</summary>
    /// <returns>How often it was done, and the latency of each time in milliseconds.</returns>
    public static async Task<(double PerSecond, double[] Latencies)> Callers(int callers, TimeSpan duration, Func<int, Task> once)
    {
        var began = TimeProvider.System.GetTimestamp();
        var latencies = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            List<double> mine = [];
            while (TimeProvider.System.GetElapsedTime(began) < duration)
            {
                var start = TimeProvider.System.GetTimestamp();
                await once(caller);
                mine.Add(TimeProvider.System.GetElapsedTime(start).TotalMilliseconds);
            }
            return mine;
        })));
        double[] all = [.. latencies.SelectMany(mine => mine)];
        return (all.Length / TimeProvider.System.GetElapsedTime(began).TotalSeconds, all);
    }
}
