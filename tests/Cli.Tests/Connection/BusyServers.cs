using System.Net;
using System.Net.Sockets;
using Exchange.Client;
using Exchange.Platform;
using Exchange.Tracking.V1;
using Grpc.Core;
using Microsoft.Extensions.Logging.Abstractions;

namespace Exchange.Cli.Tests;

/// <summary>A service that is so busy that it does not get round to the handshake has refused nothing and cancelled nothing.</summary>
public sealed class BusyServers : IDisposable
{
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("exchange-cli-busy-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Are_a_connection_that_was_not_made()
    {
        var pki = new PkiFolder(folder.FullName, TimeProvider.System);
        pki.Initialise("BY", ["PL"], []);
        using var own = pki.Authority("BY").Officer("exchange://BY/general-prosecutor/international/1001?role=prosecutor");
        // The system accepts the connection, and nobody ever answers on it.
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var anchors = new TrustAnchors(pki.Anchors, pki.RevocationLists, CallerRole.OfOfficers, TimeProvider.System,
            NullLogger<TrustAnchors>.Instance);
        var factory = new ServiceChannelFactory(() => own, anchors, NullLogger<ServiceChannelFactory>.Instance)
        {
            ConnectTimeout = TimeSpan.FromMilliseconds(50),
        };
        using var channel = factory.Open("tracking", new($"https://localhost:{((IPEndPoint)silent.LocalEndpoint).Port}"));

        var failure = await Should.ThrowAsync<RpcException>(async () =>
            await new ResponseTracking.ResponseTrackingClient(channel.CallInvoker).GetStatusAsync(new()));

        failure.IsConnectionBroken.ShouldBeTrue($"{failure.Status}");
    }
}
