using Exchange.Testing;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using RabbitMQ.Client;

namespace Exchange.Platform.Tests;

/// <summary>A service's bus, outbox and intake on a virtual host of the test's own, without its ports.</summary>
sealed class BusHost(TestBroker broker, Workbench bench, IHost host) : IAsyncDisposable
{
    public const string Queue = "testing-item-changed";
    public const int DeliveryLimit = 3;

    public static async Task<BusHost> Start(
        TestBroker broker, Workbench bench, Action<BusContracts> contracts, Uri? address = null, string prefix = "",
        NpgsqlDataSource? source = null)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(
        [
            new("ConnectionStrings:Broker", (address ?? broker.Uri).AbsoluteUri),
            new("Broker:Prefix", broker.Prefix + prefix),
            new("Broker:DeliveryLimit", $"{DeliveryLimit}"),
            new("Broker:LookInterval", "00:00:00.050"),
            new("Follow:Interval", "00:00:00.050"),
            new("Follow:BatchSize", "3"),
        ]);
        builder.Services
            // MassTransit keeps the first one for good: no container of a test may dispose of it.
            .AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance)
            .AddSingleton(new ServiceName(Workbench.ServiceName))
            .AddSingleton(bench.Services.Anchors)
            .AddSingleton(bench.Signer)
            .AddSingleton(Failpoints.None)
            .AddSingleton(TimeProvider.System)
            .AddSingleton(source ?? bench.Source)
            .AddSingleton<Database>()
            .AddSingleton<Positions>()
            .AddSingleton<ParkedMessageStore>()
            .AddSingleton<DatabaseHistory>()
            .AddSingleton<Outbox>()
            .AddOptionsOf<BusOptions>(BusOptions.Section);
        var taken = new BusContracts(builder.Services);
        contracts(taken);
        builder.AddBus(taken);
        var bus = new BusHost(broker, bench, builder.Build());
        await bus.Host.StartAsync();
        await bus.Bus.WaitForHealthStatus(BusHealthStatus.Healthy, TimeSpan.FromSeconds(30));
        return bus;
    }

    public IHost Host { get; } = host;

    public IBusControl Bus => Host.Services.GetRequiredService<IBusControl>();

    public DatabaseHistory History => Host.Services.GetRequiredService<DatabaseHistory>();

    /// <summary>What a host consumed that was started with a <see cref="Exchange.Platform.Tests.Notebook"/>.</summary>
    public Notebook Notebook => (Notebook)Host.Services.GetRequiredService<IBatchConsumer<ItemChanged>>();

    /// <summary>The exchange of the event, as it is named at the broker.</summary>
    public string ExchangeName => $"{broker.Prefix}Exchange.Platform.Tests:ItemChanged";

    /// <summary>Publishes it, signed as its owner does.</summary>
    public Task Publish(ItemChanged item)
    {
        var message = bench.Signer.Sign([bench.Messages.Compose(item)])[0];
        return Bus.Publish(item, context => context.Serializer = new SignedEnvelopeSerializer(message));
    }

    /// <summary>Asks the broker itself, over a connection of its own.</summary>
    public static async Task<T> AtBroker<T>(TestBroker broker, Func<IChannel, Task<T>> ask)
    {
        await using var connection = await new ConnectionFactory { Uri = broker.Uri }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        return await ask(channel);
    }

    public static Task<uint> Ready(TestBroker broker, string queue) =>
        AtBroker(broker, channel => channel.MessageCountAsync(broker.Prefix + queue));

    public static async Task<bool> Exists(TestBroker broker, string queue)
    {
        try
        {
            await AtBroker(broker, channel => channel.QueueDeclarePassiveAsync(broker.Prefix + queue));
            return true;
        }
        catch (RabbitMQ.Client.Exceptions.OperationInterruptedException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Host.StopAsync(CancellationToken.None);
        if (Host is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
    }
}
