using System.Security.Cryptography;
using Exchange.Testing;
using Exchange.Tracking.V1;
using Grpc.Core;
using Npgsql;

namespace Exchange.Benchmarks;

/// <summary>
/// A check of Tracking against the whole journal of Requests, which reads every entry over TLS, proves it to be in the signed tree, holds
/// it against its officer's signature and compares the rows that follow from it; beside reading the same entries out of PostgreSQL and
/// hashing each. Once over a register, whose entries no officer signed, and once over letters, two of whose four entries are signed.
/// </summary>
static class RebuildSection
{
    const int Officers = 32;

    const int RowsOfAFile = 50_000;

    public static async Task<IReadOnlyList<Line>> Measure(BenchOptions options)
    {
        var rows = options.Full ? 300_000 : 30_000;
        var letters = options.Full ? 10_000 : 1_500;
        List<Line> lines = [];
        foreach (var (what, fill) in new (string, Func<RunningExchange, Task>)[]
        {
            ($"a register of {rows:N0} rows", exchange => ImportRegister(exchange, rows)),
            ($"{letters:N0} letters, transmitted", exchange => Send(exchange, letters)),
        })
        {
            options.Say($"the services are started, and there is {what}");
            await using var exchange = await RunningExchange.Start(settings: RpcSection.Unlimited);
            await fill(exchange);
            await exchange.Settled();
            await using var source = NpgsqlDataSource.Create(exchange.Databases["requests"]);
            using var channel = exchange.Connect(exchange.Tracking, "operator");
            var medians = await Rounds.Medians(3, () => Check(channel), () => ReadAndHash(source));
            lines.Add(new($"rebuild --check of {what}", medians[0], medians[1], "1/s",
                "SELECT of the entries in their order, SHA-256 of each", "at least 16667 entries, a million a minute"));
        }
        return lines;
    }

    static async Task ImportRegister(RunningExchange exchange, int rows)
    {
        using var channel = exchange.Connect(exchange.Requests, "prosecutor");
        for (var year = 1990; rows > 0; year++, rows -= RowsOfAFile)
            await ImportSection.Import(channel, Math.Min(rows, RowsOfAFile), year);
    }

    static async Task Send(RunningExchange exchange, int letters)
    {
        var (author, approver) = (exchange.Officer("investigator"), exchange.Officer("prosecutor"));
        await Parallel.ForAsync(0, letters, new ParallelOptions { MaxDegreeOfParallelism = Officers }, async (_, _) =>
        {
            var draft = await author.Draft(Letters.Complete("UNTOC-2000"));
            await author.Take(draft.Name, act => act.Submit = new());
            await approver.Approve(draft.Name);
            await approver.Transmit(draft.Name);
        });
    }

    static async Task<double> Check(ChannelBase channel)
    {
        var began = TimeProvider.System.GetTimestamp();
        using var call = new ResponseTracking.ResponseTrackingClient(channel).Rebuild(new() { Check = true });
        var last = await call.ResponseStream.ReadAllAsync().LastAsync();
        return last is { Done: true, RowsDiffered: 0 } ? last.EntriesRead / TimeProvider.System.GetElapsedTime(began).TotalSeconds
            : throw new InvalidOperationException($"{last.RowsDiffered} rows differed.");
    }

    static async Task<double> ReadAndHash(NpgsqlDataSource source)
    {
        var began = TimeProvider.System.GetTimestamp();
        await using var command = source.CreateCommand(
            "SELECT j.entry FROM seal s JOIN journal j USING (aggregate_id, version) ORDER BY s.sealed_no");
        await using var reader = await command.ExecuteReaderAsync();
        var entries = 0L;
        for (; await reader.ReadAsync(); entries++)
            SHA256.HashData(reader.GetFieldValue<byte[]>(0));
        return entries / TimeProvider.System.GetElapsedTime(began).TotalSeconds;
    }
}
