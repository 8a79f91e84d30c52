using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using RabbitMQ.Client;

namespace Exchange.Testing;

/// <summary>
/// A virtual host of a test class's own on the run's RabbitMQ, deleted with everything in it on disposal. A broker named
/// in the environment without its HTTP API gives no virtual host, only a <see cref="Prefix"/> nobody else uses; what the
/// test declares there stays.
/// </summary>
public sealed class TestBroker : IAsyncDisposable
{
    static readonly HttpClient Http = new();

    readonly ConcurrentDictionary<string, Task<Uri>> users = [];
    readonly Uri? api;
    readonly string name;

    TestBroker(ServerAddresses servers)
    {
        name = $"test-{Guid.CreateVersion7():N}";
        api = servers.BrokerApi;
        Uri = api is null ? servers.Broker : new UriBuilder(servers.Broker) { Path = name }.Uri;
        Prefix = api is null ? name + "-" : "";
    }

    /// <summary>amqp URI with user, password and virtual host.</summary>
    public Uri Uri { get; }

    /// <summary>Prefix for queues and exchanges; empty in a virtual host of one's own.</summary>
    public string Prefix { get; }

    /// <summary>Creates it; the broker's user may do everything there.</summary>
    /// <param name="servers">Where; the run's own unless told otherwise.</param>
    public static async Task<TestBroker> Create(ServerAddresses? servers = null)
    {
        var broker = new TestBroker(servers ?? await Servers.Found);
        await broker.Call(HttpMethod.Put, $"api/vhosts/{broker.name}");
        return broker;
    }

    /// <summary>
    /// The address for a service, with a user of its own and its permissions as they are deployed; the same as <see cref="Uri"/> where
    /// there is no HTTP API to make one.
    /// </summary>
    public Task<Uri> UriOf(string service) => users.GetOrAdd(service, async _ =>
    {
        if (api is null)
            return Uri;
        var (user, password) = ($"{name}-{service}", $"{Guid.CreateVersion7():N}");
        var may = BrokerPermissions.All.Single(permissions => permissions.User == service);
        await Call(HttpMethod.Put, $"api/users/{user}", JsonSerializer.Serialize(new { password, tags = "" }));
        await Call(HttpMethod.Put, $"api/permissions/{name}/{user}",
            JsonSerializer.Serialize(new { configure = may.Configure, write = may.Write, read = may.Read }));
        return new UriBuilder(Uri) { UserName = user, Password = password }.Uri;
    });

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await Call(HttpMethod.Delete, $"api/vhosts/{name}");
        foreach (var service in api is null ? [] : users.Keys)
            await Call(HttpMethod.Delete, $"api/users/{name}-{service}");
    }

    /// <summary>Sets a policy over all exchanges of the virtual host: what they do with messages no queue is bound for.</summary>
    public Task SetAlternateExchange(string exchange) => Call(HttpMethod.Put, $"api/policies/{name}/alternate",
        $$$"""{"pattern": "^Exchange", "apply-to": "exchanges", "definition": {"alternate-exchange": "{{{exchange}}}"}}""");

    /// <summary>Publishes to an exchange, as everybody can who reaches the broker and may.</summary>
    /// <param name="exchange">Without the prefix.</param>
    public async Task Publish(string exchange, byte[] body)
    {
        await using var connection = await new ConnectionFactory { Uri = Uri }.CreateConnectionAsync();
        await using var channel =
            await connection.CreateChannelAsync(new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        await channel.BasicPublishAsync(Prefix + exchange, "", mandatory: true,
            new BasicProperties { ContentType = "application/vnd.masstransit+json", Persistent = true }, body);
    }

    async Task Call(HttpMethod method, string path, string body = "{}")
    {
        if (api is null)
            return;

        using var request =
            new HttpRequestMessage(method, new Uri(api, path)) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic",
            Convert.ToBase64String(Encoding.UTF8.GetBytes(System.Uri.UnescapeDataString(api.UserInfo))));
        using var response = await Http.SendAsync(request);
        response.EnsureSuccessStatusCode();
    }
}
