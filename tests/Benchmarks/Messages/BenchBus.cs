using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Testing;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Exchange.Benchmarks;

/// <summary>A service's bus and intake as the platform sets them up, without its ports.</summary>
static class BenchBus
{
    public const string Service = "bench";

    static readonly ServiceIdentities Services = new();

    /// <summary>Signs for the service.</summary>
    public static MessageSigner Signer { get; } = Services.Signer(Service);

    /// <summary>The queue of what it takes.</summary>
    public const string Queue = "bench-request-changed";

    public static async Task<IHost> Start(TestBroker broker, NpgsqlDataSource source, Action<BusContracts> contracts)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(
            [new("ConnectionStrings:Broker", broker.Uri.AbsoluteUri), new("Broker:Prefix", broker.Prefix)]);
        builder.Services
            .AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance)
            .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
            .AddSingleton(new ServiceName(Service))
            .AddSingleton(Services.Anchors)
            .AddSingleton(Signer)
            .AddSingleton(TimeProvider.System)
            .AddSingleton(Failpoints.None)
            .AddSingleton(source)
            .AddSingleton<Database>()
            .AddSingleton<ParkedMessageStore>()
            .AddSingleton<Outbox>()
            .AddSingleton<Arrivals>()
            .AddOptionsOf<BusOptions>(BusOptions.Section);
        var taken = new BusContracts(builder.Services).WriteJson(json => ContractJson.AddTo(json));
        contracts(taken);
        builder.AddBus(taken);
        var host = builder.Build();
        await host.StartAsync();
        await host.Services.GetRequiredService<IBusControl>().WaitForHealthStatus(BusHealthStatus.Healthy, TimeSpan.FromSeconds(30));
        return host;
    }

    public static async Task Stop(IHost host)
    {
        await host.StopAsync();
        await ((IAsyncDisposable)host).DisposeAsync();
    }
}

/// <summary>How many a taker has written, and when the first and the last batch came.</summary>
sealed class Arrivals
{
    public long First { get; private set; }

    public long Last { get; private set; }

    public int Count { get; private set; }

    public int InFirst { get; private set; }

    /// <summary>A batch is durable.</summary>
    public void Add(int batch)
    {
        Last = TimeProvider.System.GetTimestamp();
        if (Count == 0)
            (First, InFirst) = (Last, batch);
        Count += batch;
    }
}

/// <summary>Writes what it is given, in a statement a batch, as a service does.</summary>
sealed class WritingConsumer(Database database, Arrivals arrivals) : IBatchConsumer<RequestChanged>
{
    public async Task Consume(IReadOnlyList<RequestChanged> batch, CancellationToken ct)
    {
        await database.Execute(
            """
            INSERT INTO taken SELECT * FROM unnest($1::uuid[], $2::int[], $3::bytea[])
            ON CONFLICT (id) DO UPDATE SET version = excluded.version WHERE taken.version < excluded.version
            """,
            [
                batch.Select(change => Guid.Parse(change.Request["requests/".Length..])).ToArray(),
                batch.Select(change => change.Version).ToArray(),
                batch.Select(change => Google.Protobuf.MessageExtensions.ToByteArray(change.Facts)).ToArray(),
            ], ct);
        arrivals.Add(batch.Count);
    }
}
