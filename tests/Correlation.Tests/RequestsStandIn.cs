using System.Collections.Concurrent;
using System.Net;
using Exchange.Cli;
using Exchange.Client;
using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Requests.V1;
using Exchange.Testing;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Exchange.Correlation.Tests;

/// <summary>Speaks for Requests over real TLS and knows the subjects a test invents.</summary>
sealed class RequestsStandIn : IAsyncDisposable
{
    readonly WebApplication app;

    RequestsStandIn(WebApplication app) => this.app = app;

    public Book Book => app.Services.GetRequiredService<Book>();

    public Uri Address => new(app.Urls.Single());

    public static async Task<RequestsStandIn> Start(PkiFolder pki)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Identity:Certificate"] = pki.Service("requests") + ".pem",
            ["Identity:Key"] = pki.Service("requests") + ".key",
            ["Identity:Anchors"] = pki.Anchors,
        });
        builder.Configuration["Checkpoints:Key"] = pki.CheckpointKey("requests");
        builder.Configuration["Installation:State"] = "BY";
        builder.Services.AddIdentity(CallerRole.OfOfficers).AddSingleton(new ServiceName("requests")).AddSingleton<CheckpointSigner>()
            .AddOptionsOf<CheckpointOptions>(CheckpointOptions.Section).AddOptionsOf<InstallationOptions>(InstallationOptions.Section)
            .AddSingleton<Book>().AddGrpc();
        builder.Services.AddRouting();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration()
            .ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseIdentity()));
        var app = builder.Build();
        app.UseCaller();
        app.MapGrpcService<Registry>();
        await app.StartAsync();
        return new(app);
    }

    /// <summary>A channel to one of our services, as the holder of a certificate.</summary>
    public static GrpcChannel Channel(PkiFolder pki, string stem, Uri address, string service)
    {
        var certificate = System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPemFile(stem + ".pem", stem + ".key");
        var anchors = new TrustAnchors(pki.Anchors, null, CallerRole.OfOfficers, TimeProvider.System, NullLogger<TrustAnchors>.Instance);
        return GrpcChannel.ForAddress(address,
            new()
            {
                HttpHandler = TlsClient.Handler(() => certificate, new(service, anchors, NullLogger.Instance)),
                DisposeHttpClient = true,
            });
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();
}

/// <summary>What the stand-in knows.</summary>
sealed class Book
{
    readonly ConcurrentDictionary<string, SubjectsOfRequest> requests = new();
    readonly List<byte[]> written = [];
    int next;

    /// <summary>Names of each call to ReadSubjects.</summary>
    public ConcurrentQueue<IReadOnlyList<string>> Readings { get; } = [];

    /// <summary>Names of the requests that are closed to everybody who asks.</summary>
    public ConcurrentQueue<string> Closed { get; } = [];

    /// <summary>Versions in the order they came, as the journal has them.</summary>
    public ConcurrentQueue<RequestChanged> Journal { get; } = [];

    /// <summary>The canonical bytes of each, as they were when they were first asked for.</summary>
    public IReadOnlyList<byte[]> Entries
    {
        get
        {
            lock (written)
            {
                written.AddRange(Journal.Skip(written.Count).Select(changed => EntryBytes.Of(
                    new JournalEntry { Aggregate = changed.Request, Version = changed.Version, Facts = changed.Facts })));
                return [.. written];
            }
        }
    }

    /// <summary>A request of a case that names one subject for each identifier.</summary>
    public RequestChanged Add(string state, string caseNumber, params (IdentifierKind Kind, string Value)[] identifiers) =>
        Change($"requests/{Id(Interlocked.Increment(ref next))}", 1, state, caseNumber, identifiers);

    public RequestChanged Change(
        string request, int version, string state, string caseNumber, params (IdentifierKind Kind, string Value)[] identifiers)
    {
        requests[request] = new()
        {
            Request = request, Version = version, CaseNumber = caseNumber, RequestingState = state,
            Subjects =
            {
                identifiers.Select((identifier, i) => new Subject
                {
                    Name = $"{request}/subjects/{Id(1_000 + i)}", Kind = SubjectKind.Person, Role = SubjectRole.Suspect,
                    Identity = new() { Identifiers = { new Identifier { Kind = identifier.Kind, Value = identifier.Value } } },
                }),
                new Subject { Name = $"{request}/subjects/{Id(2_000)}", Kind = SubjectKind.Person, Role = SubjectRole.Victim }, // erased
            },
        };
        var changed = new RequestChanged(request, version, new()
        {
            Request = request, Version = version, RequestingState = state, RequestedState = "PL",
            SubjectsVersion = version,
        });
        Journal.Enqueue(changed);
        return changed;
    }

    /// <summary>A step that changes no subject.</summary>
    public RequestChanged Step(RequestChanged before) => Step(before, _ => { });

    /// <summary>Everybody it names is withdrawn.</summary>
    public RequestChanged Withdraw(RequestChanged before)
    {
        foreach (var subject in requests[before.Request].Subjects)
            subject.Withdrawn = true;
        return Step(before, facts => requests[before.Request].Version = facts.SubjectsVersion = facts.Version);
    }

    RequestChanged Step(RequestChanged before, Action<RequestFacts> change)
    {
        var facts = before.Facts.Clone();
        facts.Version++;
        change(facts);
        var changed = new RequestChanged(before.Request, facts.Version, facts);
        Journal.Enqueue(changed);
        return changed;
    }

    public SubjectsOfRequest SubjectsOf(string request) =>
        requests.GetValueOrDefault(request) ?? throw new RpcException(new(StatusCode.NotFound, "There is no such request."));

    static Guid Id(int number) => new($"01938a6e-7c00-7000-8000-{number:d12}");
}

sealed class Registry(Book book, CheckpointSigner signer) : RequestRegistry.RequestRegistryBase
{
    public override Task<ReadSubjectsResponse> ReadSubjects(ReadSubjectsRequest request, ServerCallContext context)
    {
        if (request.Purpose != Purpose.Correlation || request.Names.Count > 200 || context.Caller().Service != "correlation")
            throw new RpcException(new(StatusCode.InvalidArgument, "Not as the contract says."));

        book.Readings.Enqueue([.. request.Names]);
        return Task.FromResult(new ReadSubjectsResponse { Requests = { request.Names.Select(book.SubjectsOf) } });
    }

    public override Task ReadClosedRequests(
        ReadClosedRequestsRequest request, IServerStreamWriter<ReadClosedRequestsResponse> responseStream, ServerCallContext context) =>
        responseStream.WriteAsync(new() { Requests = { book.Closed } }, context.CancellationToken);

    public override Task<ReadCaseNumbersResponse> ReadCaseNumbers(ReadCaseNumbersRequest request, ServerCallContext context) =>
        Task.FromResult(new ReadCaseNumbersResponse
        {
            Requests =
            {
                request.Requests.Except(book.Closed).Select(book.SubjectsOf).Select(known =>
                    new CaseNumberOfRequest { Request = known.Request, CaseNumber = known.CaseNumber }),
            },
        });

    public override Task<Checkpoint> GetCheckpoint(GetCheckpointRequest request, ServerCallContext context)
    {
        var entries = book.Entries;
        var (log, size) = (LogOf(entries), entries.Count);
        return Task.FromResult(new Checkpoint
        {
            SealedNo = size, Root = ByteString.CopyFrom(log.Root(size)), Note = signer.Sign(size, log.Root(size)),
            Certificate = ByteString.CopyFrom(signer.Certificate.RawData),
            Consistency = { log.Consistency(request.Known, size).Select(hash => ByteString.CopyFrom(hash)) },
        });
    }

    public override Task<MerkleProof> ProveConsistency(ProveConsistencyRequest request, ServerCallContext context) =>
        Task.FromResult(new MerkleProof
        {
            Hashes = { LogOf(book.Entries).Consistency(request.Older, request.Newer).Select(hash => ByteString.CopyFrom(hash)) },
        });

    public override async Task ReadJournal(ReadJournalRequest request, IServerStreamWriter<SealedEntry> responseStream,
        ServerCallContext context)
    {
        foreach (var (i, entry) in book.Entries.Index().Take((int)request.ToSealedNo).Skip((int)request.FromSealedNo - 1))
            await responseStream.WriteAsync(new() { SealedNo = i + 1, Canonical = ByteString.CopyFrom(entry) }, context.CancellationToken);
    }

    static TestLog LogOf(IEnumerable<byte[]> entries) => new([.. entries.Select(entry => EntryBytes.HashOf(entry))]);
}
