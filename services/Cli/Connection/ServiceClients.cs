using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Exchange.Client;
using Exchange.Correlation.V1;
using Exchange.Operations.V1;
using Exchange.Platform;
using Exchange.Requests.V1;
using Exchange.Tracking.V1;
using Grpc.Core;
using Microsoft.Extensions.Logging.Abstractions;

namespace Exchange.Cli;

/// <summary>The clients of the three services. A channel is opened when one of its clients is first needed, and closed with this.</summary>
sealed class ServiceClients : IDisposable
{
    // Somebody waits at the screen; but a busy service takes its time for a handshake, and an absent one refuses at once.
    static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);

    readonly Lazy<X509Certificate2> own;
    readonly Lazy<TrustAnchors> anchors;
    readonly Lazy<ServiceChannel> requests;
    readonly Lazy<ServiceChannel> tracking;
    readonly Lazy<ServiceChannel> correlation;

    public ServiceClients(Settings settings, TimeProvider time)
    {
        own = new(() => LoadOwn(settings.Certificate, settings.Key));
        anchors = new(() => TrustIn(settings, time));
        var channels = new Lazy<ServiceChannelFactory>(() => Factory(own.Value, anchors.Value));
        Lazy<ServiceChannel> Channel(string name, Uri? address) => new(() =>
            address is null ? throw NoAddress(name) : channels.Value.Open(name, address));
        requests = Channel("requests", settings.Requests);
        tracking = Channel("tracking", settings.Tracking);
        correlation = Channel("correlation", settings.Correlation);
    }

    public ServiceClient<RequestRegistry.RequestRegistryClient> Requests =>
        OfRequests(calls => new RequestRegistry.RequestRegistryClient(calls));

    public ServiceClient<DocumentExchange.DocumentExchangeClient> Documents =>
        OfRequests(calls => new DocumentExchange.DocumentExchangeClient(calls));

    public ServiceClient<OfficerInbox.OfficerInboxClient> Inbox => OfRequests(calls => new OfficerInbox.OfficerInboxClient(calls));

    public ServiceClient<CaseRegistry.CaseRegistryClient> Cases => OfRequests(calls => new CaseRegistry.CaseRegistryClient(calls));

    public ServiceClient<ResponseTracking.ResponseTrackingClient> Tracking =>
        OfTracking(calls => new ResponseTracking.ResponseTrackingClient(calls));

    public ServiceClient<Escalation.EscalationClient> Escalation => OfTracking(calls => new Escalation.EscalationClient(calls));

    public ServiceClient<CaseCorrelation.CaseCorrelationClient> Correlation =>
        new(nameof(Correlation), correlation.Value, calls => new CaseCorrelation.CaseCorrelationClient(calls));

    /// <summary>The caller's certificate, with its key.</summary>
    public X509Certificate2 Own => own.Value;

    /// <summary>Who is trusted to be a service.</summary>
    public TrustAnchors Anchors => anchors.Value;

    /// <summary>The state in the caller's certificate; empty where it says nothing that the exchange knows.</summary>
    public string OwnState => TrustAnchors.IdentityOf(own.Value, CallerRole.OfOfficers)?.State ?? "";

    /// <summary>Who asks, as his certificate says; empty where it says nothing that the exchange knows.</summary>
    public string OwnIdentity => TrustAnchors.IdentityOf(own.Value, CallerRole.OfOfficers)?.ToString() ?? "";

    /// <summary>The messages that a service has set aside.</summary>
    /// <param name="service">Its name in lower case.</param>
    public ServiceClient<ParkedMessages.ParkedMessagesClient> ParkedOf(string service) => service switch
    {
        "tracking" => OfTracking(calls => new ParkedMessages.ParkedMessagesClient(calls)),
        "correlation" => new(nameof(Correlation), correlation.Value, calls => new ParkedMessages.ParkedMessagesClient(calls)),
        _ => OfRequests(calls => new ParkedMessages.ParkedMessagesClient(calls)),
    };

    public void Dispose()
    {
        Close(requests);
        Close(tracking);
        Close(correlation);
        Close(own);
    }

    ServiceClient<T> OfRequests<T>(Func<CallInvoker, T> create) where T : ClientBase<T> => new(nameof(Requests), requests.Value, create);

    ServiceClient<T> OfTracking<T>(Func<CallInvoker, T> create) where T : ClientBase<T> => new(nameof(Tracking), tracking.Value, create);

    static ServiceChannelFactory Factory(X509Certificate2 own, TrustAnchors anchors) =>
        new(() => own, anchors, NullLogger<ServiceChannelFactory>.Instance) { ConnectTimeout = ConnectTimeout };

    static CommandException NoAddress(string service) => new(ExitCode.Usage,
        $"The address of {char.ToUpperInvariant(service[0])}{service[1..]} is not known.",
        $"Give --{service} URL, EXCHANGE_{service.ToUpperInvariant()} or a line in client.json.");

    static X509Certificate2 LoadOwn(string certificate, string key)
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(certificate, key);
        }
        catch (Exception problem) when (problem is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.Usage, $"{certificate} and {key} cannot be used as certificate and private key.",
                "Both are PEM files, and the key belongs to the certificate.");
        }
    }

    static TrustAnchors TrustIn(Settings settings, TimeProvider time)
    {
        var anchors = new X509Certificate2Collection();
        try
        {
            anchors.ImportFromPemFile(settings.Anchor);
        }
        catch (Exception problem) when (problem is CryptographicException or IOException or UnauthorizedAccessException)
        {
            anchors.Clear();
        }
        return anchors.Count > 0
            ? TrustAnchors.OfServices(
                settings.Anchor, settings.RevocationList, CallerRole.OfOfficers, time, NullLogger<TrustAnchors>.Instance)
            : throw new CommandException(ExitCode.Usage, $"There is no certificate in {settings.Anchor}.");
    }

    static void Close<T>(Lazy<T> opened) where T : IDisposable
    {
        if (opened.IsValueCreated)
            opened.Value.Dispose();
    }
}
