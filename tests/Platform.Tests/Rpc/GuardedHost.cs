using System.Net;
using System.Security.Cryptography.X509Certificates;
using Exchange.Cli;
using Exchange.Client;
using Exchange.Testing.V1;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Exchange.Platform.Tests;

/// <summary>A service behind our interceptors and limits on a real Kestrel, with TLS and certificates as in production.</summary>
public sealed class GuardedHost : IAsyncLifetime
{
    readonly string folder = Path.Combine(Path.GetTempPath(), $"exchange-{Guid.CreateVersion7():N}");
    readonly List<GrpcChannel> channels = [];
    PkiFolder pki = null!;
    WebApplication app = null!;

    /// <summary>Header of a call that is to wait until <see cref="Release"/>.</summary>
    public const string Hold = "hold";

    public const int AtATime = 4;
    public const int Waiting = 3;
    public static readonly TimeSpan LongestCall = TimeSpan.FromMinutes(10);

    readonly Gate gate = new();

    /// <summary>Calls that wait inside the service.</summary>
    public int Held => gate.Waiting;

    /// <summary>Lets them end.</summary>
    public void Release() => gate.Open();

    public async ValueTask InitializeAsync()
    {
        pki = new(folder, TimeProvider.System);
        pki.Initialise("BY", ["PL"], []);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(
        [
            new("Identity:Certificate", pki.Service("requests") + ".pem"), new("Identity:Key", pki.Service("requests") + ".key"),
            new("Identity:Anchors", pki.Anchors), new("Identity:RevocationLists", pki.RevocationLists),
            new("Limits:CallsPerCaller", $"{AtATime}"), new("Limits:WaitingPerCaller", $"{Waiting}"),
            new("Limits:StreamsPerCaller", $"{AtATime}"), new("Limits:LongestCall", $"{LongestCall}"),
        ]);
        builder.Logging.ClearProviders();
        builder.Services.AddIdentity(CallerRole.OfOfficers);
        builder.Services.AddAdmission().AddSingleton(gate);
        builder.Services.AddGrpc(grpc =>
        {
            grpc.Interceptors.Add<ErrorInterceptor>();
            grpc.Interceptors.Add<AllowInterceptor>();
        });
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseIdentity()));
        app = builder.Build();
        app.UseCaller().UseAdmission();
        app.MapGrpcService<Guarded>();
        await app.StartAsync();
    }

    public EchoService.EchoServiceClient As(string persona)
    {
        var certificate = X509Certificate2.CreateFromPemFile(pki.Persona(persona) + ".pem", pki.Persona(persona) + ".key");
        var anchors = new TrustAnchors(pki.Anchors, pki.RevocationLists, CallerRole.OfOfficers, TimeProvider.System,
            NullLogger<TrustAnchors>.Instance);
        var channel = GrpcChannel.ForAddress(new UriBuilder(app.Urls.Single()) { Host = "localhost" }.Uri, new()
        {
            HttpHandler = TlsClient.Handler(() => certificate, new("requests", anchors, NullLogger.Instance)),
            DisposeHttpClient = true,
        });
        channels.Add(channel);
        return new(channel);
    }

    public async ValueTask DisposeAsync()
    {
        channels.ForEach(channel => channel.Dispose());
        await app.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    sealed class Gate
    {
        TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int waiting;

        public int Waiting => Volatile.Read(ref waiting);

        public void Open() => Interlocked.Exchange(ref opened, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();

        public async Task Wait(CancellationToken ct)
        {
            var until = opened.Task;
            Interlocked.Increment(ref waiting);
            try
            {
                await until.WaitAsync(ct);
            }
            finally
            {
                Interlocked.Decrement(ref waiting);
            }
        }
    }

    sealed class Guarded(Gate gate) : EchoService.EchoServiceBase
    {
        [Allow(CallerRole.Operator, CallerRole.Prosecutor)]
        public override async Task<SayResponse> Say(SayRequest request, ServerCallContext context)
        {
            await WaitIfAsked(context);
            return await Answer(request, context);
        }

        static Task<SayResponse> Answer(SayRequest request, ServerCallContext context) => request.Text switch
        {
            "deadline" => Task.FromResult(new SayResponse { Text = $"{context.Deadline - TimeProvider.System.GetUtcNow().UtcDateTime}" }),
            "secret" => throw new InvalidOperationException("Ivan Ivanov, born 1970"),
            "database" => throw new NpgsqlException("server 10.0.0.7 is away", new TimeoutException()),
            "needed-service-away" => throw new CalledServiceException(
                "inner", new(new(StatusCode.Unavailable, "Error connecting to 10.0.0.7"))),
            "needed-service-refuses" => throw new CalledServiceException(
                "inner", new(new(StatusCode.PermissionDenied, "Not for Ivan at 10.0.0.7"))),
            // As the library throws it while a handler reads the caller's stream.
            "too-large" => throw new RpcException(new(StatusCode.ResourceExhausted, "Received message exceeds the maximum.")),
            "faults" => throw Refusal.Invalid([.. Enumerable.Range(1, 100)
                .Select(n => new Violation($"subjects[{n}].name", "must not be blank."))]),
            "timeout" => throw new TaskCanceledException("10.0.0.7 did not answer"),
            "full" => throw new Refusal(RefusalKind.Exhausted, "LEDGER_FULL", "Too many writes at once."),
            _ => Task.FromResult(new SayResponse { Text = context.Caller().ToString() }),
        };

        public override Task<SayResponse> Refuse(SayRequest request, ServerCallContext context) =>
            throw new InvalidOperationException("Nobody may come so far.");

        public override async Task<SayResponse> Collect(IAsyncStreamReader<SayRequest> requestStream, ServerCallContext context)
        {
            await requestStream.MoveNext();
            return new();
        }

        public override Task Repeat(RepeatRequest request, IServerStreamWriter<SayResponse> responseStream, ServerCallContext context) =>
            responseStream.WriteAsync(new());

        [AllowAnyCaller]
        public override async Task Talk(
            IAsyncStreamReader<SayRequest> requestStream, IServerStreamWriter<SayResponse> responseStream, ServerCallContext context)
        {
            await responseStream.WriteAsync(new() { Text = "so far so good" });
            await WaitIfAsked(context);
            throw new InvalidOperationException("Ivan Ivanov, born 1970");
        }

        Task WaitIfAsked(ServerCallContext context) =>
            context.RequestHeaders.GetValue(Hold) is null ? Task.CompletedTask : gate.Wait(context.CancellationToken);
    }
}
