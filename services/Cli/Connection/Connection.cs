using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Net.Client;

namespace Exchange.Cli;

/// <summary>
/// The way to one service: mutual TLS, the service's certificate on our own anchors and made out to this very service.
/// The host name does not count: a service is who its certificate says, wherever it runs.
/// </summary>
sealed class Connection<TClient> : IDisposable where TClient : ClientBase<TClient>
{
    const int LargestAnswer = 16 * 1024 * 1024;

    readonly SocketsHttpHandler handler;
    readonly GrpcChannel channel;
    readonly TClient client;

    public Connection(
        string service, Uri address, X509Certificate2 own, X509Certificate2Collection anchors, Func<CallInvoker, TClient> clientOf)
    {
        Service = service;
        Address = address;
        handler = new()
        {
            ConnectTimeout = TimeSpan.FromSeconds(5),
            KeepAlivePingDelay = TimeSpan.FromSeconds(20),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(20),
            SslOptions = new()
            {
                ClientCertificates = [own],
                LocalCertificateSelectionCallback = (_, _, _, _, _) => own,
                RemoteCertificateValidationCallback = (_, certificate, _, _) => IsTheService(certificate, anchors),
            },
        };
        channel = GrpcChannel.ForAddress(address, new() { HttpHandler = handler, MaxReceiveMessageSize = LargestAnswer });
        client = clientOf(channel.CreateCallInvoker());
    }

    /// <summary>As it is called in the design: Requests, Tracking, Correlation.</summary>
    public string Service { get; }

    public Uri Address { get; }

    /// <summary>What the other end's certificate said, also when it was not accepted; empty before the first call.</summary>
    public string PeerIdentity { get; private set; } = "";

    /// <summary>Calls; what fails says which service it was.</summary>
    public async Task<T> Ask<T>(Func<TClient, Task<T>> call)
    {
        try
        {
            return await call(client);
        }
        catch (RpcException cause)
        {
            throw new ServiceFailure(Service, Address, cause);
        }
    }

    public void Dispose()
    {
        channel.Dispose();
        handler.Dispose();
    }

    bool IsTheService(X509Certificate? presented, X509Certificate2Collection anchors)
    {
        if (presented is not X509Certificate2 certificate)
            return false;
        PeerIdentity = Identity.Of(certificate);
        return PeerIdentity == $"exchange://service/{Service.ToLowerInvariant()}" && certificate.RestsOn(anchors);
    }
}
