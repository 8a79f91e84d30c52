using System.Security.Cryptography.X509Certificates;
using Exchange.Correlation.V1;
using Exchange.Requests.V1;
using Exchange.Tracking.V1;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Exchange.Cli.Tests;

/// <summary>
/// The three services on real ports with real certificates, answering what a test wants. What they would compute is
/// tested with them; here it is the client that is on trial, over the same wire.
/// </summary>
public sealed class CannedServices : IAsyncLifetime
{
    static readonly string[] Names = ["requests", "tracking", "correlation"];

    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("exchange-cli-");
    WebApplication? app;
    string[] addresses = [];

    internal string Pki => Path.Combine(folder.FullName, "pki");

    internal string Folder => folder.FullName;

    internal CannedTracking Tracking { get; } = new();

    internal CannedRequests Requests { get; } = new();

    internal CannedCorrelation Correlation { get; } = new();

    internal CannedDocuments Documents { get; } = new();

    internal CannedInbox Inbox { get; } = new();

    internal CannedCases Cases { get; } = new();

    internal CannedEscalation Escalation { get; } = new();

    internal CannedParked Parked { get; } = new();

    public async ValueTask InitializeAsync()
    {
        new PkiFolder(Pki, TimeProvider.System).Initialise("BY", ["PL"], []);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            foreach (var name in Names)
                kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => Secure(listen, name));
        });
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(Tracking).AddSingleton(Requests).AddSingleton(Correlation)
            .AddSingleton(Documents).AddSingleton(Inbox).AddSingleton(Cases).AddSingleton(Escalation).AddSingleton(Parked);
        app = builder.Build();
        app.MapGrpcService<CannedTracking>();
        app.MapGrpcService<CannedRequests>();
        app.MapGrpcService<CannedCorrelation>();
        app.MapGrpcService<CannedDocuments>();
        app.MapGrpcService<CannedInbox>();
        app.MapGrpcService<CannedCases>();
        app.MapGrpcService<CannedEscalation>();
        app.MapGrpcService<CannedParked>();
        await app.StartAsync();
        addresses = [.. app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses];
        WriteClientFile(Folder, addresses[0], addresses[1], addresses[2]);
    }

    public async ValueTask DisposeAsync()
    {
        await app!.DisposeAsync();
        folder.Delete(recursive: true);
    }

    /// <summary>Runs the command line with a home folder that leads here.</summary>
    internal Task<Printed> Run(string line, int width = 80) => Run(line.Split(' '), width);

    internal Task<Printed> Run(string[] args, int width = 80, string input = "", CancellationToken stop = default) =>
        Printed.By(args, new Dictionary<string, string> { ["EXCHANGE_HOME"] = Folder }, width, input: input, stop: stop);

    /// <summary>A home whose Tracking is really the address of another service, or of nobody.</summary>
    internal string HomeWhereTrackingIs(string address)
    {
        var home = Directory.CreateDirectory(Path.Combine(Folder, Guid.CreateVersion7().ToString()));
        Directory.CreateSymbolicLink(Path.Combine(home.FullName, "pki"), Pki);
        WriteClientFile(home.FullName, addresses[0], address, addresses[2]);
        return home.FullName;
    }

    internal string AddressOfRequests => addresses[0];

    static void WriteClientFile(string home, string requests, string tracking, string correlation) => File.WriteAllText(
        Path.Combine(home, "client.json"),
        System.Text.Json.JsonSerializer.Serialize(new { requests, tracking, correlation, pki = "pki", persona = "prosecutor" }));

    void Secure(ListenOptions listen, string name)
    {
        var stem = Path.Combine(Pki, "services", name);
        var anchors = new X509Certificate2Collection();
        anchors.ImportFromPemFile(Path.Combine(Pki, "anchors", "BY.pem"));
        listen.Protocols = HttpProtocols.Http2;
        listen.UseHttps(new HttpsConnectionAdapterOptions
        {
            ServerCertificate = X509Certificate2.CreateFromPemFile(stem + ".pem", stem + ".key"),
            ClientCertificateMode = ClientCertificateMode.RequireCertificate,
            ClientCertificateValidation = (certificate, chain, _) => RestsOn(certificate, chain!, anchors),
        });
    }

    static bool RestsOn(X509Certificate2 certificate, X509Chain chain, X509Certificate2Collection anchors)
    {
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(anchors);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }
}

sealed class CannedTracking : ResponseTracking.ResponseTrackingBase
{
    public Func<GetTurnaroundRequest, GetTurnaroundResponse> Turnaround { get; set; } = _ => Sample.Turnaround;

    public GetTurnaroundRequest? Question { get; private set; }

    public List<string> TraceParents { get; } = [];

    public int Unanswered { get; set; } = 3;

    public override Task<GetTurnaroundResponse> GetTurnaround(GetTurnaroundRequest request, ServerCallContext context)
    {
        Question = request;
        TraceParents.Add(context.RequestHeaders.GetValue("traceparent") ?? "");
        return Task.FromResult(Turnaround(request));
    }

    public override Task<ListUnansweredResponse> ListUnanswered(ListUnansweredRequest request, ServerCallContext context)
    {
        var from = request.PageToken.Length == 0 ? 0 : int.Parse(request.PageToken, System.Globalization.CultureInfo.InvariantCulture);
        var until = Math.Min(Unanswered, from + request.PageSize);
        return Task.FromResult(new ListUnansweredResponse
        {
            AsOf = "2008-12-31",
            TotalSize = Unanswered,
            NextPageToken = until < Unanswered ? $"{until}" : "",
            Requests = { Enumerable.Range(from, until - from).Select(Sample.Unanswered) },
        });
    }

    public List<RebuildRequest> Rebuilds { get; } = [];

    public RebuildProgress[] Progress { get; set; } = [];

    public override async Task Rebuild(RebuildRequest request, IServerStreamWriter<RebuildProgress> responseStream,
        ServerCallContext context)
    {
        Rebuilds.Add(request);
        foreach (var progress in Progress)
            await responseStream.WriteAsync(progress);
    }

    /// <summary>How many times more the status is told with entries still to be taken in.</summary>
    public int AsksBehind { get; set; } = int.MaxValue;

    /// <summary>Whether the status is refused to the caller's role.</summary>
    public bool RefusesStatus { get; set; }

    public override Task<Exchange.Tracking.V1.GetStatusResponse> GetStatus(Exchange.Tracking.V1.GetStatusRequest request,
        ServerCallContext context) =>
        RefusesStatus
            ? throw new RpcException(new(StatusCode.PermissionDenied, "Not for your role."))
            : Task.FromResult(new Exchange.Tracking.V1.GetStatusResponse
            {
                Build = "1.0.0", Requests = 4990, SealedNo = AsksBehind-- > 0 ? 4990 : 5000, Parked = 2, ColumnsRequests = 4980,
                ColumnsBytes = 129_480,
            });
}

sealed class CannedCorrelation : CaseCorrelation.CaseCorrelationBase
{
    public override Task<ListLinksResponse> ListLinks(ListLinksRequest request, ServerCallContext context) =>
        Task.FromResult(new ListLinksResponse
        {
            Links =
        {
            new CaseLink
            {
                CaseA = "BY-GPK-2004-00001",
                CaseB = "BY-MVD-2005-00002",
                Shared = { new SharedIdentifier { Kind = IdentifierKind.Phone, RequestA = "requests/a", RequestB = "requests/b" } },
            },
        },
        });

    public List<RebuildRequest> Rebuilds { get; } = [];

    public override Task Rebuild(RebuildRequest request, IServerStreamWriter<RebuildProgress> responseStream, ServerCallContext context)
    {
        Rebuilds.Add(request);
        return responseStream.WriteAsync(new() { Done = true });
    }

    public override Task<Exchange.Correlation.V1.GetStatusResponse> GetStatus(Exchange.Correlation.V1.GetStatusRequest request,
        ServerCallContext context) =>
        Task.FromResult(new Exchange.Correlation.V1.GetStatusResponse { Build = "1.0.0", Identifiers = 7, SealedNo = 5000 });
}
