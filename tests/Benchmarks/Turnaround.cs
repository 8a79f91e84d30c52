using System.Diagnostics;
using Exchange.Platform;
using Exchange.Reference;
using Exchange.Requests.V1;
using Exchange.Testing;
using Exchange.Tracking;
using Exchange.Tracking.V1;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Exchange.Benchmarks;

/// <summary>
/// Turnaround of one partner of a hundred, and of all, through the service's store: beside SQL over the same rows in typed
/// columns. Both give the same counts, or the run ends.
/// </summary>
static class Turnaround
{
    const string SqlIs = "SQL: typed columns, index, GROUP BY partner of 13 counts and the histogram of days to the first outcome";
    static readonly ReferenceData Reference = ReferenceData.Load();
    static readonly DateOnly AsOf = new(2025, 12, 31);

    public static Section Section { get; } = new("turnaround", Measure);

    static async Task<IReadOnlyList<Line>> Measure(BenchOptions options)
    {
        List<Line> lines = [];
        foreach (var size in options.Full ? [10_000, 1_000_000, 10_000_000] : new[] { 10_000, 1_000_000 })
            lines.AddRange(await Measure(size, options.Say));
        return lines;
    }

    static async Task<List<Line>> Measure(int size, Action<string> say)
    {
        await using var server = await TestDatabase.Create();
        await using var source = NpgsqlDataSource.Create(server.ConnectionString);
        await new Migrations(source, NullLogger<Migrations>.Instance)
            .Apply([typeof(Database).Assembly, typeof(FactsStore).Assembly], ["Migrations"], default);
        var database = new Database(source);
        say($"{size:N0} requests with 100 partners are written");
        await TurnaroundRows.Write(source, size);
        await TurnaroundSql.Prepare(database);

        using var columns = new LiveColumnStore(database, TimeProvider.System, NullLogger<LiveColumnStore>.Instance);
        var fill = Stopwatch.StartNew();
        await columns.CatchUp(default);
        fill.Stop();
        var (requests, bytes) = columns.Size();
        List<Line> lines =
        [
            new($"turnaround {size:N0}: memory a request", (double)bytes / requests, double.NaN, "bytes", "",
                size < 10_000_000 ? "" : "at most 32 bytes"),
            new($"turnaround {size:N0}: fill at start", fill.Elapsed.TotalMilliseconds, double.NaN, "ms", ""),
        ];
        foreach (var partner in new[] { "PL", null })
        {
            var table = new TurnaroundTable(Query(partner), Grouping.Partner, new(new(AsOf.Year, 1, 1), AsOf), Reference);
            // The runtime compiles a method well when it was called some thirty times; the database has read its pages by then.
            await MedianOf(40, () => columns.Ask(table.Rows, default));
            await TurnaroundSql.Ask(database, AsOf, partner);
            var ours = await MedianOf(size > 1_000_000 ? 15 : 31, () => columns.Ask(table.Rows, default));
            var sql = await MedianOf(size > 1_000_000 ? 3 : 7, () => TurnaroundSql.Ask(database, AsOf, partner));
            MustAgree((await columns.Ask(table.Rows, default)).Answer, await TurnaroundSql.Ask(database, AsOf, partner));
            var what = $"turnaround {size:N0}: {(partner is null ? "all partners" : "one partner")}, p50";
            lines.Add(new(what, ours, sql, "ms", SqlIs, size < 10_000_000 ? "" : $"at most {(partner is null ? 150 : 5)} ms"));
            if (size >= 10_000_000)
                lines.Add(new($"{what}, beside SQL", ours, sql, "ms", "the same", "at most 0.0333 times"));
        }
        return lines;
    }

    static FiguresQuery Query(string? partner)
    {
        var reader = new QueryReader(Reference, TimeProvider.System, TurnaroundRows.Viewer);
        var query = reader.Read(Direction.Outgoing, AsOf.ToIso(), null,
            partner is null ? null : new() { Partners = { partner } }, LimitKind.Policy);
        reader.ThrowIfInvalid();
        return query;
    }

    static async Task<double> MedianOf<T>(int times, Func<Task<T>> work)
    {
        var took = new List<double>();
        for (var i = 0; i < times; i++)
        {
            var watch = Stopwatch.StartNew();
            await work();
            took.Add(watch.Elapsed.TotalMilliseconds);
        }
        return Rounds.Quantile(took, 0.5);
    }

    static void MustAgree(List<TurnaroundRow> ours, Dictionary<string, int[]> sql)
    {
        foreach (var row in ours.Where(row => row.Group.Length == 2 && row.Group != Blocs.EU))
        {
            var c = row.Counts;
            int[] counts =
            [
                c.Requests, c.Answered, c.Refused, c.Withdrawn, c.Returned, c.FallenDue, c.FallenDueAnswered, c.FallenDueOnTime,
                c.FallenDueNetOnTime,
                c.UnansweredOverdue, c.Fulfilled, c.Silent, row.Gross.MedianDays,
            ];
            if (!counts.SequenceEqual(sql[row.Group]))
                throw new InvalidOperationException($"{row.Group}: {string.Join(' ', counts)}, by SQL {string.Join(' ', sql[row.Group])}.");
        }
    }
}
