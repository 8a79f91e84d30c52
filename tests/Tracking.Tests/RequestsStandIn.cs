using System.Collections.Concurrent;
using System.Net;
using Exchange.Cli;
using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Requests.V1;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Exchange.Tracking.Tests;

/// <summary>
/// Speaks for Requests over real TLS: its journal is empty, and it knows what is closed to whom and the case of each request.
/// </summary>
sealed class RequestsStandIn : IAsyncDisposable
{
    readonly WebApplication app;

    RequestsStandIn(WebApplication app) => this.app = app;

    public Uri Address => new(app.Urls.Single());

    /// <summary>By the officer's identity, the names of the requests that are closed to him.</summary>
    public ConcurrentDictionary<string, string[]> Closed => app.Services.GetRequiredService<ConcurrentDictionary<string, string[]>>();

    public static async Task<RequestsStandIn> Start(PkiFolder pki)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Identity:Certificate"] = pki.Service("requests") + ".pem",
            ["Identity:Key"] = pki.Service("requests") + ".key",
            ["Identity:Anchors"] = pki.Anchors,
        });
        builder.Services.AddIdentity(CallerRole.OfOfficers).AddSingleton<ConcurrentDictionary<string, string[]>>().AddGrpc();
        builder.Services.AddRouting();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration()
            .ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseIdentity()));
        var app = builder.Build();
        app.UseCaller();
        app.MapGrpcService<Registry>();
        await app.StartAsync();
        return new(app);
    }

    /// <summary>The case of a request; another one for each.</summary>
    public static string CaseNumberOf(string request) => $"BY-GP-{request[^12..]}";

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    sealed class Registry(ConcurrentDictionary<string, string[]> closed) : RequestRegistry.RequestRegistryBase
    {
        public override Task<Checkpoint> GetCheckpoint(GetCheckpointRequest request, ServerCallContext context) =>
            Task.FromResult(new Checkpoint());

        public override async Task ReadClosedRequests(
            ReadClosedRequestsRequest request, IServerStreamWriter<ReadClosedRequestsResponse> responseStream, ServerCallContext context)
        {
            if (context.Caller().Service != "tracking")
                throw new RpcException(new(StatusCode.PermissionDenied, "Not as the contract says."));
            foreach (var name in closed.GetValueOrDefault(request.Officer) ?? [])
                await responseStream.WriteAsync(new() { Requests = { name } }, context.CancellationToken);
        }

        public override Task<ReadCaseNumbersResponse> ReadCaseNumbers(ReadCaseNumbersRequest request, ServerCallContext context) =>
            Task.FromResult(new ReadCaseNumbersResponse
            {
                Requests =
                {
                    request.Requests.Except(closed.GetValueOrDefault(request.Officer) ?? [])
                        .Select(name => new CaseNumberOfRequest { Request = name, CaseNumber = CaseNumberOf(name) }),
                },
            });
    }
}
