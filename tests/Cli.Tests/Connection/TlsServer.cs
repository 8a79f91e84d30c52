using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Exchange.Cli.Tests;

/// <summary>A real TLS server on 127.0.0.1 that answers as Tracking and shows whatever certificate a test gives it.</summary>
sealed class TlsServer : IAsyncDisposable
{
    readonly WebApplication app;

    TlsServer(WebApplication app) => this.app = app;

    public int Port => new Uri(app.Urls.Single()).Port;

    /// <summary>The last question that came through; null while nobody trusted this server with one.</summary>
    public object? Question => app.Services.GetRequiredService<CannedTracking>().Question;

    public static async Task<TlsServer> Start(X509Certificate2 certificate)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            // Kestrel's own options refuse to show a certificate that is not a server's.
            listen.UseHttps(new TlsHandshakeCallbackOptions
            {
                OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions
                {
                    ServerCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true),
                    ClientCertificateRequired = true,
                    RemoteCertificateValidationCallback = (_, client, _, _) => client is not null,
                }),
            });
        }));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(new CannedTracking());
        var app = builder.Build();
        app.MapGrpcService<CannedTracking>();
        await app.StartAsync();
        return new(app);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
