using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Exchange.Testing;
using Npgsql;
using RabbitMQ.Client;

namespace Exchange.Benchmarks;

/// <summary>The one table of a run, in Markdown, under what it ran on.</summary>
static class Report
{
    public static async Task<string> Of(IReadOnlyList<Line> lines, string commandLine)
    {
        var report = new StringBuilder("# Results of the last run\n\n");
        foreach (var fact in await Machine())
            report.Append(CultureInfo.InvariantCulture, $"- {fact}\n");
        report.Append(CultureInfo.InvariantCulture, $"""

            Made by `tests/run bench{commandLine}`. Figures hold for this machine and hour only; the ratio is what carries over.
            Ours and the raw limit are measured in turn, medians are shown. Ratio is ours by raw: for rates more is better, for times less.

            | What | Ours | Unit | Raw | The raw limit is | Ratio | Goal | Met |
            |---|---:|---|---:|---|---:|---|---|

            """);
        foreach (var line in lines)
        {
            var met = line.Met switch { true => "yes", false => "**no**", null => "" };
            report.Append(CultureInfo.InvariantCulture, $"| {line.What} | {Figure(line.Ours)} | {line.Unit} | {Figure(line.Raw)} ")
                .Append(CultureInfo.InvariantCulture, $"| {line.RawIs} | {Figure(line.Ratio)} | {line.Goal} | {met} |\n");
        }
        return report.ToString();
    }

    static async Task<IReadOnlyList<string>> Machine()
    {
        var servers = await Servers.Found;
        await using var database = NpgsqlDataSource.Create(servers.Postgres);
        await using var command = database.CreateCommand(
            """
            SELECT format('PostgreSQL %s, fsync %s, synchronous_commit %s, shared_buffers %s', current_setting('server_version'),
              current_setting('fsync'), current_setting('synchronous_commit'), current_setting('shared_buffers'))
            """);
        await using var broker = await new ConnectionFactory { Uri = servers.Broker }.CreateConnectionAsync();
        var version = broker.ServerProperties is { } said && said.TryGetValue("version", out var bytes) && bytes is byte[] text
            ? Encoding.UTF8.GetString(text) : "of unknown version";
        var commit = (await Command.Run("git", ["-C", Repository.Root, "rev-parse", "--short", "HEAD"])).Trim();
        var (processor, memory) = (Value("/proc/cpuinfo", "model name"), Value("/proc/meminfo", "MemTotal"));
        var load = File.ReadAllText("/proc/loadavg").Split(' ')[0];
        return
        [
            $"Date: {TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm} UTC, commit {commit}",
            $"Machine: {Environment.ProcessorCount} cores, {processor}, memory {memory}, load at the end {load}",
            $"System: {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}",
            $"Servers, on the same machine: {await command.ExecuteScalarAsync()}; RabbitMQ {version}, one node",
        ];
    }

    static string Value(string file, string name) =>
        File.ReadLines(file).First(line => line.StartsWith(name, StringComparison.Ordinal)).Split(':')[1].Trim();

    static string Figure(double value) =>
        double.IsNaN(value) ? "" : value.ToString(value >= 100 ? "N0" : value >= 1 ? "0.##" : "0.####", CultureInfo.InvariantCulture);
}
