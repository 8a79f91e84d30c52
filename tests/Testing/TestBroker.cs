using System.Net.Http.Headers;
using System.Text;

namespace Exchange.Testing;

/// <summary>
/// A virtual host of a test class's own on the run's RabbitMQ, deleted with everything in it on disposal. A broker named
/// in the environment without its HTTP API gives no virtual host, only a <see cref="Prefix"/> nobody else uses; what the
/// test declares there stays.
/// </summary>
public sealed class TestBroker : IAsyncDisposable
{
    static readonly HttpClient Http = new();

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

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await Call(HttpMethod.Delete, $"api/vhosts/{name}");

    /// <summary>Sets a policy over all exchanges of the virtual host: what they do with messages no queue is bound for.</summary>
    public Task SetAlternateExchange(string exchange) => Call(HttpMethod.Put, $"api/policies/{name}/alternate",
        $$$"""{"pattern": "^Exchange", "apply-to": "exchanges", "definition": {"alternate-exchange": "{{{exchange}}}"}}""");

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
