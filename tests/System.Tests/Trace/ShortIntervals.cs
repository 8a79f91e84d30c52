using Exchange.Testing;
using Npgsql;

namespace Exchange.System.Tests;

/// <summary>
/// An exchange whose pollers look four times a second, so that many idle minutes pass in some seconds; more often would
/// take the processor from the tests beside it.
/// </summary>
static class ShortIntervals
{
    const string Interval = "00:00:00.250";

    /// <summary>What each poller asks when it looks, by the database it looks into.</summary>
    static readonly Dictionary<string, string[]> LookedInto = new()
    {
        // Sealer, sweep of the outbox, keeper of the inbox, sweep of uploads.
        ["requests"] = ["unsealed", "outbox", "positions", "uploads"],
        // Follower, sweep, watch of flags.
        ["tracking"] = ["positions", "outbox", "facts"],
        ["correlation"] = ["positions", "outbox"],
    };

    public static Dictionary<string, string?> Settings => new()
    {
        ["Ledger__SealInterval"] = Interval, ["Outbox__SweepInterval"] = Interval, ["Inbox__LookInterval"] = Interval,
        ["Documents__SweepInterval"] = Interval, ["Follow__Interval"] = Interval, ["Tracking__Interval"] = Interval,
        ["Broker__LookInterval"] = Interval,
    };

    /// <summary>Waits until every poller has looked so often, by the servers' own count.</summary>
    public static async Task Looked(this RunningExchange exchange, int times)
    {
        await Task.WhenAll(LookedInto.Select(async place =>
        {
            await using var source = NpgsqlDataSource.Create(exchange.Databases[place.Key]);
            var before = await Looks(source, place.Value);
            await Eventually.Holds(async () =>
            {
                var now = await Looks(source, place.Value);
                foreach (var table in place.Value)
                    (now[table] - before[table]).ShouldBeGreaterThan(times, $"{place.Key}: looks into {table}");
            }, TimeSpan.FromMinutes(5));
        }));
    }

    static async Task<Dictionary<string, long>> Looks(NpgsqlDataSource source, string[] tables)
    {
        await using var command = source.CreateCommand(
            "SELECT relname, coalesce(seq_scan, 0) + coalesce(idx_scan, 0) FROM pg_stat_user_tables WHERE relname = ANY($1)");
        command.Parameters.Add(new() { Value = tables });
        await using var reader = await command.ExecuteReaderAsync();
        Dictionary<string, long> looks = [];
        while (await reader.ReadAsync())
            looks[reader.GetString(0)] = reader.GetInt64(1);
        return looks;
    }
}
