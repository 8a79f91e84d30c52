using System.Security.Cryptography.X509Certificates;
using Exchange.Correlation.V1;
using Exchange.Requests.V1;
using Exchange.Tracking.V1;
using Grpc.Core;

namespace Exchange.Cli;

/// <summary>The three services; a way is opened when it is first needed.</summary>
sealed class Services : IDisposable
{
    readonly Lazy<X509Certificate2> own;
    readonly Lazy<X509Certificate2Collection> anchors;
    readonly Lazy<Connection<RequestRegistry.RequestRegistryClient>> requests;
    readonly Lazy<Connection<ResponseTracking.ResponseTrackingClient>> tracking;
    readonly Lazy<Connection<CaseCorrelation.CaseCorrelationClient>> correlation;

    public Services(Settings settings)
    {
        own = new(() => Identity.Load(settings.Certificate, settings.Key));
        anchors = new(() => Identity.LoadAnchors(settings.Anchors));
        requests = new(() => Open(nameof(Requests), settings.Requests, invoker => new RequestRegistry.RequestRegistryClient(invoker)));
        tracking = new(() => Open(nameof(Tracking), settings.Tracking, invoker => new ResponseTracking.ResponseTrackingClient(invoker)));
        correlation = new(() => Open(nameof(Correlation), settings.Correlation, invoker => new CaseCorrelation.CaseCorrelationClient(invoker)));
    }

    public Connection<RequestRegistry.RequestRegistryClient> Requests => requests.Value;

    public Connection<ResponseTracking.ResponseTrackingClient> Tracking => tracking.Value;

    public Connection<CaseCorrelation.CaseCorrelationClient> Correlation => correlation.Value;

    /// <summary>Who asks, as his certificate says.</summary>
    public string OwnIdentity => Identity.Of(own.Value);

    public void Dispose()
    {
        Close(requests);
        Close(tracking);
        Close(correlation);
        Close(own);
    }

    Connection<T> Open<T>(string service, Uri? address, Func<CallInvoker, T> clientOf) where T : ClientBase<T> =>
        address is null
            ? throw new Problem(ExitCode.Usage, $"The address of {service} is not known.",
                $"Give --{service.ToLowerInvariant()} URL, EXCHANGE_{service.ToUpperInvariant()} or a line in client.json.")
            : new(service, address, own.Value, anchors.Value, clientOf);

    static void Close<T>(Lazy<T> opened) where T : IDisposable
    {
        if (opened.IsValueCreated)
            opened.Value.Dispose();
    }
}
