using System.Security.Cryptography.X509Certificates;
using Exchange.Correlation.V1;
using Exchange.Operations.V1;
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
    readonly Lazy<Connection<DocumentExchange.DocumentExchangeClient>> documents;
    readonly Lazy<Connection<OfficerInbox.OfficerInboxClient>> inbox;
    readonly Lazy<Connection<CaseRegistry.CaseRegistryClient>> cases;
    readonly Lazy<Connection<ResponseTracking.ResponseTrackingClient>> tracking;
    readonly Lazy<Connection<Escalation.EscalationClient>> escalation;
    readonly Lazy<Connection<CaseCorrelation.CaseCorrelationClient>> correlation;
    readonly Dictionary<string, Lazy<Connection<ParkedMessages.ParkedMessagesClient>>> parked;

    public Services(Settings settings)
    {
        own = new(() => Identity.Load(settings.Certificate, settings.Key));
        anchors = new(() => Identity.LoadAnchors(settings.Anchors));
        requests = new(() => Open(nameof(Requests), settings.Requests, invoker => new RequestRegistry.RequestRegistryClient(invoker)));
        documents = new(() => Open(nameof(Requests), settings.Requests, invoker => new DocumentExchange.DocumentExchangeClient(invoker)));
        inbox = new(() => Open(nameof(Requests), settings.Requests, invoker => new OfficerInbox.OfficerInboxClient(invoker)));
        cases = new(() => Open(nameof(Requests), settings.Requests, invoker => new CaseRegistry.CaseRegistryClient(invoker)));
        tracking = new(() => Open(nameof(Tracking), settings.Tracking, invoker => new ResponseTracking.ResponseTrackingClient(invoker)));
        escalation = new(() => Open(nameof(Tracking), settings.Tracking, invoker => new Escalation.EscalationClient(invoker)));
        correlation = new(() => Open(nameof(Correlation), settings.Correlation, invoker => new CaseCorrelation.CaseCorrelationClient(invoker)));
        parked = new[] { (nameof(Requests), settings.Requests), (nameof(Tracking), settings.Tracking), (nameof(Correlation), settings.Correlation) }.ToDictionary(
            service => service.Item1, service => new Lazy<Connection<ParkedMessages.ParkedMessagesClient>>(() =>
                Open(service.Item1, service.Item2, invoker => new ParkedMessages.ParkedMessagesClient(invoker))), StringComparer.OrdinalIgnoreCase);
    }

    public Connection<RequestRegistry.RequestRegistryClient> Requests => requests.Value;

    public Connection<DocumentExchange.DocumentExchangeClient> Documents => documents.Value;

    public Connection<OfficerInbox.OfficerInboxClient> Inbox => inbox.Value;

    public Connection<CaseRegistry.CaseRegistryClient> Cases => cases.Value;

    public Connection<ResponseTracking.ResponseTrackingClient> Tracking => tracking.Value;

    public Connection<Escalation.EscalationClient> Escalation => escalation.Value;

    public Connection<CaseCorrelation.CaseCorrelationClient> Correlation => correlation.Value;

    /// <summary>The messages that a service has set aside.</summary>
    public Connection<ParkedMessages.ParkedMessagesClient> ParkedOf(string service) => parked[service].Value;

    /// <summary>The caller's certificate, with its key.</summary>
    public X509Certificate2 Own => own.Value;

    /// <summary>Who asks, as his certificate says.</summary>
    public string OwnIdentity => Identity.Of(own.Value);

    public void Dispose()
    {
        Close(requests);
        Close(documents);
        Close(inbox);
        Close(cases);
        Close(tracking);
        Close(escalation);
        Close(correlation);
        foreach (var opened in parked.Values)
            Close(opened);
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
