using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Exchange.Platform.Tests.MissingPackages;

/// <summary>The echo service on a real Kestrel with TLS and HTTP/2, and channels to it.</summary>
public sealed class EchoHost : IAsyncLifetime
{
    public const int MessageLimit = 64 * 1024;

    readonly X509Certificate2 certificate = Certificate("localhost");
    readonly List<IDisposable> used = [];
    WebApplication? app;

    public GivenUp GivenUp { get; } = new();

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            listen.UseHttps(certificate, https =>
            {
                https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                https.AllowAnyClientCertificate();
            });
        }));
        builder.Services.AddSingleton(GivenUp);
        builder.Services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = MessageLimit;
            grpc.ResponseCompressionAlgorithm = "gzip";
            grpc.Interceptors.Add<SeeingInterceptor>();
        });
        app = builder.Build();
        app.MapGrpcService<Echo>();
        await app.StartAsync();
    }

    /// <summary>A channel that trusts this server only; it lives as long as the host.</summary>
    public GrpcChannel Channel(
        Action<GrpcChannelOptions>? configure = null, X509Certificate2? clientCertificate = null, Action<HttpResponseMessage>? observe = null)
    {
        var sockets = new SocketsHttpHandler();
        sockets.SslOptions.RemoteCertificateValidationCallback = (_, presented, _, _) =>
            presented?.GetCertHashString() == certificate.GetCertHashString();
        if (clientCertificate is not null)
            sockets.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => clientCertificate;
        var options = new GrpcChannelOptions { HttpHandler = new Observing(sockets, observe), DisposeHttpClient = true };
        configure?.Invoke(options);
        var channel = GrpcChannel.ForAddress(app!.Urls.Single(), options);
        used.Add(channel);
        return channel;
    }

    public static X509Certificate2 Certificate(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        // The key of a certificate that was only made, not loaded, is not offered in a handshake on every platform.
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    public async Task DisposeAsync()
    {
        used.ForEach(one => one.Dispose());
        await app!.DisposeAsync();
        certificate.Dispose();
    }

    sealed class Observing(HttpMessageHandler inner, Action<HttpResponseMessage>? observe) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            observe?.Invoke(response);
            return response;
        }
    }
}

/// <summary>Tells the test that the server noticed a caller giving up.</summary>
public sealed class GivenUp
{
    readonly TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource seen = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Started => started.Task;

    public Task Seen => seen.Task;

    public void Start() => started.TrySetResult();

    public void See() => seen.TrySetResult();
}
