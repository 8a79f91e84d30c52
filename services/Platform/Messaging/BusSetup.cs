using System.Text.Json;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Exchange.Platform;

/// <summary>Says what a service publishes and consumes, when it is put together.</summary>
public sealed class BusContracts(IServiceCollection services)
{
    internal List<Type> Published { get; } = [];

    internal List<Action<IBusRegistrationConfigurator, string>> Consumers { get; } = [];

    internal Action<JsonSerializerOptions> Json { get; private set; } = static _ => { };

    /// <summary>The service publishes this message, through the outbox only.</summary>
    public BusContracts Publish<T>()
        where T : class
    {
        Published.Add(typeof(T));
        return this;
    }

    /// <summary>The service consumes this message, batch by batch.</summary>
    /// <param name="owner">The service that says it, such as <c>requests</c>: what another or nobody signed is set aside.</param>
    public BusContracts Consume<T, TConsumer>(string owner)
        where T : class
        where TConsumer : class, IBatchConsumer<T>
    {
        services.AddSingleton<IBatchConsumer<T>, TConsumer>();
        services.AddSingleton<MessageBatcher<T>>();
        services.AddHostedInEveryProcess<MessageBatcher<T>>();
        services.AddSingleton(sp =>
            ActivatorUtilities.CreateInstance<MessageIntake<T>>(sp, owner, sp.GetRequiredService<MessageJson>().Options));
        services.AddSingleton<MessageReplay>(sp => new MessageReplay<T>(EndpointOf<T>(""), sp.GetRequiredService<MessageIntake<T>>(),
            sp.GetRequiredService<MessageBatcher<T>>(), sp.GetService<IFollowedJournal<T>>()));
        Consumers.Add((bus, prefix) => bus.AddConsumer<BusConsumer<T>>()
            .Endpoint(e => e.Name = EndpointOf<T>(prefix)));
        return this;
    }

    /// <summary>The service also reads the journal that the messages come from, and so heals what the broker lost.</summary>
    public BusContracts Follow<T, TJournal>()
        where T : class
        where TJournal : class, IFollowedJournal<T>
    {
        services.AddOptionsOf<FollowOptions>(FollowOptions.Section);
        services.AddSingleton<TJournal>().AddSingleton<IFollowedJournal<T>>(provider => provider.GetRequiredService<TJournal>());
        services.AddHostedService<JournalFollower<T>>();
        return this;
    }

    /// <summary>How messages are written as JSON, in the outbox and on the wire.</summary>
    public BusContracts WriteJson(Action<JsonSerializerOptions> json)
    {
        Json = json;
        return this;
    }

    string EndpointOf<T>(string prefix) =>
        $"{prefix}{ServiceHost.NameOf(services)}-{KebabCaseEndpointNameFormatter.Instance.SanitizeName(typeof(T).Name)}";
}

/// <summary>How messages are written as JSON.</summary>
sealed record MessageJson(JsonSerializerOptions Options);

static class BusSetup
{
    /// <summary>
    /// Quorum queues with delivery limit and dead-letter exchange set explicitly: RabbitMQ 3.10 has no default limit and
    /// 4.x has 20, after which a message without a dead-letter exchange is dropped.
    /// </summary>
    public static void AddBus(this IHostApplicationBuilder builder, BusContracts contracts)
    {
        var json = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        contracts.Json(json);
        builder.Services.AddSingleton(contracts);
        builder.Services.AddSingleton<PlatformGauges>().AddSingleton<ConsumerLiveness>();
        builder.Services.AddHostedService(services => services.GetRequiredService<PlatformGauges>());
        builder.Services.AddHostedService(services => services.GetRequiredService<ConsumerLiveness>());
        builder.Services.AddSingleton(new MessageJson(json));
        builder.Services.AddSingleton<MessageVerifier>().AddSingleton<RefusedMessages>();
        builder.Services.AddSingleton(new OutboxMessages(json, contracts.Published));
        builder.Services.AddOptions<MassTransitHostOptions>().Configure(host =>
        {
            // Writing needs no broker; the dispatcher waits for one by itself.
            host.WaitUntilStarted = false;
            // What is not consumed by then goes back to the queue. Longer, and one service waits for another that stops too.
            host.StopTimeout = host.ConsumerStopTimeout = TimeSpan.FromSeconds(5);
        });
        builder.Services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            foreach (var add in contracts.Consumers)
                add(bus, builder.Configuration[$"{BusOptions.Section}:{nameof(BusOptions.Prefix)}"] ?? "");
            bus.UsingRabbitMq((context, rabbit) =>
            {
                var options = context.GetRequiredService<IOptions<BusOptions>>().Value;
                rabbit.Host(new Uri(builder.Configuration.GetConnectionString("Broker")
                    ?? throw new OptionsValidationException("Broker", typeof(BusOptions),
                        ["ConnectionStrings:Broker is not set: the address of the broker, amqp://user:password@host:port/vhost."])));
                // The bus's own queue, should it ever need one: this service's user may make no other.
                rabbit.OverrideDefaultBusEndpointQueueName(
                    $"{options.Prefix}{context.GetRequiredService<ServiceName>().Value}-bus-{Guid.CreateVersion7():N}");
                rabbit.MessageTopology.SetEntityNameFormatter(
                    new PrefixEntityNameFormatter(rabbit.MessageTopology.EntityNameFormatter, options.Prefix));
                rabbit.ConfigureJsonSerializerOptions(o =>
                {
                    contracts.Json(o);
                    return o;
                });
                rabbit.PrefetchCount = options.Prefetch;
                rabbit.ConfigureEndpoints(context, KebabCaseEndpointNameFormatter.Instance);
            });
            bus.AddConfigureEndpointsCallback((context, name, endpoint) =>
            {
                var options = context.GetRequiredService<IOptions<BusOptions>>().Value;
                endpoint.ConcurrentMessageLimit = options.Prefetch;
                if (endpoint is not IRabbitMqReceiveEndpointConfigurator rabbit)
                    return;
                // What fails in spite of the batcher goes back to the broker and in the end to the dead letters, not to
                // queues of MassTransit's own beside them.
                rabbit.RethrowFaultedMessages();
                rabbit.ThrowOnSkippedMessages();
                rabbit.PublishFaults = false;
                rabbit.SetQuorumQueue();
                rabbit.SetQueueArgument("x-delivery-limit", options.DeliveryLimit);
                rabbit.SetQueueArgument("x-dead-letter-exchange", $"{name}-dead");
                rabbit.BindDeadLetterQueue($"{name}-dead", $"{name}-dead", dead => dead.SetQueueArgument("x-queue-type", "quorum"));
            });
        });
    }
}
