using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Exchange.Cli;
using Exchange.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Exchange.Platform.Tests;

/// <summary>A real server that tells a caller who he is, in a freshly made installation of BY with the partner PL.</summary>
sealed class TlsServer : IAsyncDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("exchange-identity-").FullName;
    readonly RefusalLog refusals = new();
    WebApplication app = null!;

    TlsServer() => Pki = new(folder, Clock);

    public FakeTimeProvider Clock { get; } = new(TimeProvider.System.GetUtcNow());

    public PkiFolder Pki { get; }

    public int Port { get; private set; }

    /// <summary>The codes that the server wrote to its log, in order.</summary>
    public IReadOnlyCollection<string> Refusals => refusals.Codes;

    public static async Task<TlsServer> Start(Action<PkiFolder>? before = null)
    {
        var server = new TlsServer();
        server.Pki.Initialise("BY", ["PL"], []);
        before?.Invoke(server.Pki);

        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Identity:Certificate"] = server.Pki.Service("requests") + ".pem",
            ["Identity:Key"] = server.Pki.Service("requests") + ".key",
            ["Identity:Anchors"] = server.Pki.Anchors,
            ["Identity:RevocationLists"] = server.Pki.RevocationLists,
        });
        builder.Services.AddSingleton<TimeProvider>(server.Clock);
        builder.Services.AddIdentity(CallerRole.OfOfficers);
        builder.Logging.AddProvider(server.refusals);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration()
            .ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseIdentity()));
        server.app = builder.Build();
        server.app.UseCaller();
        server.app.Run(context => context.Response.WriteAsync($"{context.Caller()} {context.Caller().Thumbprint}"));
        await server.app.StartAsync();
        server.Port = new Uri(server.app.Urls.Single()).Port;
        return server;
    }

    public TrustAnchors AnchorsOfTheClient() =>
        new(Pki.Anchors, Pki.RevocationLists, CallerRole.OfOfficers, Clock, NullLogger<TrustAnchors>.Instance);

    /// <summary>Expects the service <c>requests</c>.</summary>
    public ServerVerification Verification(ILogger? log = null) => new("requests", AnchorsOfTheClient(), log ?? NullLogger.Instance);

    /// <summary>A client that shows this certificate and expects the service <c>requests</c>.</summary>
    public HttpClient Client(X509Certificate2 certificate, ILogger? log = null) =>
        Over(TlsClient.Handler(() => certificate, Verification(log)));

    public HttpClient ClientWithoutCertificate()
    {
        var handler = TlsClient.Handler(() => throw new InvalidOperationException(), Verification());
        handler.SslOptions.LocalCertificateSelectionCallback = null;
        return Over(handler);
    }

    public HttpClient Over(HttpMessageHandler handler) => new(handler)
    {
        BaseAddress = new($"https://127.0.0.1:{Port}"),
        DefaultRequestVersion = HttpVersion.Version20,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    /// <summary>Makes the next decision look at the files again.</summary>
    public void LetFilesBeSeen() => Clock.Advance(TimeSpan.FromSeconds(2));

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}

/// <summary>Collects the codes of refusals from the log, as an operator would find them.</summary>
sealed class RefusalLog : ILoggerProvider, ILogger
{
    public ConcurrentQueue<string> Codes { get; } = [];

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        foreach (var (name, value) in state as IEnumerable<KeyValuePair<string, object?>> ?? [])
            if (name == "Refusal")
                Codes.Enqueue((string)value!);
    }

    public void Dispose()
    {
    }
}
