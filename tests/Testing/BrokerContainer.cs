using Testcontainers.RabbitMq;

namespace Exchange.Testing;

/// <summary>
/// A RabbitMQ of one's own in a container, for tests that stop, kill or fill it. It listens on the same ports of the loopback after
/// a stop and a new start, and goes with its disposal.
/// </summary>
public sealed class BrokerContainer : IAsyncDisposable
{
    const ushort ApiPort = 15672;

    readonly RabbitMqContainer container;

    BrokerContainer(RabbitMqContainer container) => this.container = container;

    /// <summary>Where it takes connections, with user and password.</summary>
    public Uri Broker => new(container.GetConnectionString());

    /// <summary>The HTTP API of its management plugin, with user and password.</summary>
    public Uri Api => new UriBuilder(Broker) { Scheme = "http", Port = container.GetMappedPublicPort(ApiPort) }.Uri;

    /// <summary>Starts one in the engine of this test run.</summary>
    public static async Task<BrokerContainer> Start()
    {
        // Testcontainers reads how to reach the engine from the environment of the process.
        foreach (var (name, value) in await DockerEngine.Environment)
            Environment.SetEnvironmentVariable(name, value);
        var container = new RabbitMqBuilder((await DockerEngine.Images())["EXCHANGE_IMAGE_RABBITMQ"]!)
            .WithPortBinding(FreePort.Next(), RabbitMqBuilder.RabbitMqPort)
            .WithPortBinding(FreePort.Next(), ApiPort)
            .Build();
        await container.StartAsync();
        return new(container);
    }

    /// <summary>Starts it again.</summary>
    public Task Restart() => container.StartAsync();

    /// <summary>Ends it in its own time, with its data written.</summary>
    public Task Stop() => container.StopAsync();

    /// <summary>Runs its <c>rabbitmqctl</c>.</summary>
    /// <exception cref="InvalidOperationException">It was refused; the message holds what was said.</exception>
    public async Task Control(params string[] arguments)
    {
        var result = await container.ExecAsync(["rabbitmqctl", .. arguments]);
        if (result.ExitCode != 0)
            throw new InvalidOperationException(
                $"rabbitmqctl {string.Join(' ', arguments)} ended with {result.ExitCode}.\n{result.Stderr}{result.Stdout}");
    }

    /// <summary>What it has written to its log.</summary>
    public async Task<string> Log()
    {
        var (output, errors) = await container.GetLogsAsync();
        return output + errors;
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => container.DisposeAsync();
}
