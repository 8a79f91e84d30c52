namespace Exchange.Testing;

/// <summary>How to reach one PostgreSQL and one RabbitMQ as their administrator.</summary>
/// <param name="Postgres">Npgsql connection string of a user who may create databases; names no database.</param>
/// <param name="Broker">amqp URI with user and password.</param>
/// <param name="BrokerApi">The management plugin's HTTP API with user and password, where there is one.</param>
public sealed record ServerAddresses(string Postgres, Uri Broker, Uri? BrokerApi);

/// <summary>
/// The real servers of this test run: those named in the environment (<c>EXCHANGE_TEST_POSTGRES</c>,
/// <c>EXCHANGE_TEST_BROKER</c>, <c>EXCHANGE_TEST_BROKER_API</c>), which <c>tests/run</c> sets; otherwise a private pair,
/// started once for this process and removed when it ends. A machine without them gives a red test that says what to
/// install, never a skipped one.
/// </summary>
public static class Servers
{
    static readonly Lazy<Task<ServerAddresses>> Shared = new(Find);

    /// <summary>The servers, started on first use.</summary>
    public static Task<ServerAddresses> Found => Shared.Value;

    static async Task<ServerAddresses> Find()
    {
        var postgres = Named("EXCHANGE_TEST_POSTGRES");
        var broker = Named("EXCHANGE_TEST_BROKER");
        var api = Named("EXCHANGE_TEST_BROKER_API");
        if (postgres is not null && broker is not null)
            return new(postgres, new(broker), api is null ? null : new(api));

        var started = (await PrivateServers.Start()).Addresses;
        return broker is null
            ? started with { Postgres = postgres ?? started.Postgres }
            : new(started.Postgres, new(broker), api is null ? null : new(api));
    }

    // Blank counts as not set, so that a variable can be switched off on one command line.
    static string? Named(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { } value && !string.IsNullOrWhiteSpace(value) ? value : null;
}
