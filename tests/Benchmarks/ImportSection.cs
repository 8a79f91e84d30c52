using System.Globalization;
using System.Text;
using Exchange.Requests.V1;
using Exchange.Testing;
using Google.Protobuf;
using Grpc.Core;
using Npgsql;

namespace Exchange.Benchmarks;

/// <summary>
/// A register through gRPC and TLS until its report, which is when all of it is durable, beside COPY of the journal's and the
/// state's rows that came of it into tables with the same columns and indexes.
/// </summary>
static class ImportSection
{
    const int ChunkBytes = 256 * 1024;

    static readonly string[] Tables = ["journal", "requests"];

    public static async Task<IReadOnlyList<Line>> Measure(BenchOptions options)
    {
        options.Say("the services are started");
        await using var exchange = await RunningExchange.Start(settings: RpcSection.Unlimited);
        foreach (var consumer in new[] { exchange.Tracking, exchange.Correlation })
            await consumer.Stop();
        using var channel = exchange.Connect(exchange.Requests, "prosecutor");
        await using var source = NpgsqlDataSource.Create(exchange.Databases["requests"]);
        var rows = options.Full ? 50_000 : 5_000;
        var year = 1990;
        options.Say($"registers of {rows:N0} rows");
        var medians = await Rounds.Medians(3, () => Import(channel, rows, year++), () => Copy(source, rows));
        return [new(
            $"register import, {rows:N0} rows", medians[0], medians[1], "1/s", $"COPY of the same {string.Join(" and ", Tables)} rows")];
    }

    internal static async Task<double> Import(ChannelBase channel, int rows, int year)
    {
        var file = Register(rows, year);
        var began = TimeProvider.System.GetTimestamp();
        using var call = new RequestRegistry.RequestRegistryClient(channel).ImportRegister();
        var reading = call.ResponseStream.ReadAllAsync().LastAsync();
        await call.RequestStream.WriteAsync(new() { Header = new() { CommandId = Officer.NewId(), ObservedUntil = $"{year + 1}-12-31" } });
        for (var at = 0; at < file.Length; at += ChunkBytes)
        {
            await call.RequestStream.WriteAsync(new()
            {
                Chunk = new()
                {
                    File = RegisterFile.Requests,
                    Data = UnsafeByteOperations.UnsafeWrap(file.AsMemory(at, Math.Min(ChunkBytes, file.Length - at))),
                },
            });
        }
        await call.RequestStream.CompleteAsync();
        var report = (await reading).Report;
        return report.Added == rows ? rows / TimeProvider.System.GetElapsedTime(began).TotalSeconds
            : throw new InvalidOperationException($"Of {rows} rows {report.Added} were added.");
    }

    static byte[] Register(int rows, int year)
    {
        var text = new StringBuilder(
            "reference,case_number,instrument,requesting_state,requested_state,requesting_authority,offence,measures,urgency,"
            + "transmitted_on,acknowledged_on,supplement_requested_on,supplement_provided_on,responded_on,outcome,refusal_ground\n");
        for (var row = 0; row < rows; row++)
        {
            var sent = new DateOnly(year, 1, 1).AddDays(row % 365);
            text.Append(CultureInfo.InvariantCulture, $"BY-{year}-{row:000000},BY-CASE-{row % 97:0000},UNTOC-2000,BY,PL,")
                .Append("General Prosecutor's Office,trafficking_in_persons,obtaining_documents;hearing_of_witness,routine,")
                .Append(CultureInfo.InvariantCulture, $"{sent:yyyy-MM-dd},{sent.AddDays(9):yyyy-MM-dd},,,{sent.AddDays(80):yyyy-MM-dd},")
                .Append("executed,\n");
        }
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    static async Task<double> Copy(NpgsqlDataSource source, int rows)
    {
        await using var connection = await source.OpenConnectionAsync();
        List<byte[]> ready = [];
        foreach (var table in Tables)
        {
            await Execute(connection, $"DROP TABLE IF EXISTS {table}_copied; CREATE TABLE {table}_copied (LIKE {table} INCLUDING ALL)");
            await using var read =
                await connection.BeginRawBinaryCopyAsync($"COPY (SELECT * FROM {table} LIMIT {rows}) TO STDOUT (FORMAT binary)");
            using var memory = new MemoryStream();
            await read.CopyToAsync(memory);
            ready.Add(memory.ToArray());
        }
        var began = TimeProvider.System.GetTimestamp();
        await using var transaction = await connection.BeginTransactionAsync();
        foreach (var (table, bytes) in Tables.Zip(ready))
        {
            await using var write = await connection.BeginRawBinaryCopyAsync($"COPY {table}_copied FROM STDIN (FORMAT binary)");
            await write.WriteAsync(bytes);
        }
        await transaction.CommitAsync();
        return rows / TimeProvider.System.GetElapsedTime(began).TotalSeconds;
    }

    static async Task Execute(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
