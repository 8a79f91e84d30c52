using System.Security.Cryptography.X509Certificates;
using Exchange.Cli;
using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Reference;
using Exchange.Requests.V1;
using Exchange.Testing;
using Exchange.Tracking.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Net.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Exchange.Tracking.Tests;

/// <summary>
/// Two replicas of the service as processes on one database and one settable clock. The test takes facts in beside them,
/// as a third replica would.
/// </summary>
public sealed class RunningTracking : IAsyncLifetime
{
    readonly string folder = Directory.CreateTempSubdirectory("exchange-tracking-").FullName;
    readonly List<GrpcChannel> channels = [];
    FactsDatabase database = null!;
    PkiFolder pki = null!;

    internal TimeProvider Clock { get; private set; } = null!;

    internal Database Database => database.Database;

    internal TestBroker Broker { get; private set; } = null!;

    internal RequestsStandIn Requests { get; private set; } = null!;

    internal IReadOnlyList<ServiceProcess> Replicas { get; private set; } = [];

    /// <summary>In the requesting state.</summary>
    internal DateOnly Today => Figures.Reference.Today("BY", Clock);

    public async ValueTask InitializeAsync()
    {
        SetClock(TimeProvider.System.GetUtcNow());
        var testing = Host.CreateEmptyApplicationBuilder(new() { EnvironmentName = TestingClock.Environment });
        testing.Configuration.AddInMemoryCollection([new("Testing:Clock", "@" + ClockFile)]);
        Clock = TestingClock.From(testing.Configuration, testing.Environment);
        pki = new(Path.Combine(folder, "pki"), TimeProvider.System);
        pki.Initialise("BY", ["PL"], []);
        database = await FactsDatabase.Create(Clock);
        (Broker, Requests) = (await TestBroker.Create(), await RequestsStandIn.Start(pki));
        Replicas = await Task.WhenAll(Start(), Start());
    }

    public async ValueTask DisposeAsync()
    {
        channels.ForEach(channel => channel.Dispose());
        foreach (var part in Replicas.Concat<IAsyncDisposable?>([Broker, Requests, database]))
            await (part?.DisposeAsync() ?? default);
        Directory.Delete(folder, recursive: true);
    }

    internal void SetClock(DateTimeOffset instant)
    {
        var next = ClockFile + ".next";
        File.WriteAllText(next, instant.ToString("O"));
        File.Move(next, ClockFile, overwrite: true);
    }

    /// <summary>To the first instant of the day so many days from today.</summary>
    internal void Pass(int days) => SetClock(Figures.Reference.StartOfDay("BY", Today.AddDays(days)));

    internal Task Apply(params IReadOnlyList<RequestFacts> facts) => database.Store.Apply(facts, default);

    /// <summary>The log, with the case numbers that are not in it.</summary>
    internal async Task<List<FlagChange>> Told()
    {
        var told = await database.Told();
        foreach (var change in told)
            change.CaseNumber = RequestsStandIn.CaseNumberOf(change.Request);
        return told;
    }

    /// <summary>A request of the day so many days ago, answer due so many days ago.</summary>
    internal RequestFacts Sent(string reference, string partner, int dueDaysAgo = 1) => new()
    {
        Request = $"requests/{Guid.CreateVersion7()}",
        Version = 1,
        RecordedAt = Clock.GetUtcNow().AddDays(-200).ToTimestamp(),
        Reference = reference,
        RequestingState = "BY",
        RequestedState = partner,
        Instrument = "UNTOC-2000",
        Status = Status.Transmitted,
        TransmittedOn = Today.AddDays(-180 - dueDaysAgo).ToIso(),
        TimeLimits = { new TimeLimit { Kind = LimitKind.Policy, DueOn = Today.AddDays(-dueDaysAgo).ToIso() } },
        Origin = Origin.OnTheExchange,
    };

    /// <summary>What is closed to an officer from now on.</summary>
    internal void Close(string persona, params IReadOnlyList<RequestFacts> requests) =>
        Requests.Closed[IdentityOf(persona)] = [.. requests.Select(facts => facts.Request)];

    /// <summary>The next version of it, recorded now.</summary>
    internal RequestFacts Next(RequestFacts before, Action<RequestFacts> change)
    {
        var next = before.Clone();
        next.Version++;
        next.RecordedAt = Clock.GetUtcNow().ToTimestamp();
        change(next);
        return next;
    }

    /// <summary>Requests has recorded a rung of each on the exchange, and told the partner.</summary>
    internal Task Record(Rung rung, params IReadOnlyList<RequestFacts> requests) => Apply([.. requests.Select(one => Next(one, facts =>
    {
        facts.Reminders.Add(new Reminder { Rung = rung, RemindedOn = Today.ToIso() });
        facts.ToldVersion = facts.Version;
    }))]);

    internal Escalation.EscalationClient As(string persona, int replica = 0) => new(Channel(persona, replica));

    /// <summary>The rung with the persona's signature.</summary>
    internal TakeRungRequest Signed(TakeRungRequest question, string persona)
    {
        using var certificate = X509Certificate2.CreateFromPemFile(pki.Persona(persona) + ".pem", pki.Persona(persona) + ".key");
        return Officer.SignRung(question, certificate);
    }

    internal ResponseTracking.ResponseTrackingClient Figuring(string persona) => new(Channel(persona, 0));

    string IdentityOf(string persona) => TrustAnchors.IdentityOf(
        X509CertificateLoader.LoadCertificateFromFile(pki.Persona(persona) + ".pem"), CallerRole.OfOfficers)!.ToString();

    string ClockFile => Path.Combine(folder, "clock");

    GrpcChannel Channel(string persona, int replica)
    {
        var channel = TlsChannel.Open(Replicas[replica].Address, pki.Persona(persona) + ".pem", pki.Persona(persona) + ".key",
            Path.Combine(pki.Anchors, "service.pem"));
        channels.Add(channel);
        return channel;
    }

    async Task<ServiceProcess> Start() => await ServiceProcess.Start("Exchange.Tracking", new Dictionary<string, string?>
    {
        ["DOTNET_ENVIRONMENT"] = TestingClock.Environment,
        ["ASPNETCORE_ENVIRONMENT"] = TestingClock.Environment,
        ["Testing__Clock"] = "@" + ClockFile,
        ["ConnectionStrings__Database"] = database.Serving,
        ["ConnectionStrings__Broker"] = (await Broker.UriOf("tracking")).AbsoluteUri,
        ["Broker__Prefix"] = Broker.Prefix,
        ["Checkpoints__Key"] = pki.CheckpointKey("tracking"),
        ["Identity__Certificate"] = pki.Service("tracking") + ".pem",
        ["Identity__Key"] = pki.Service("tracking") + ".key",
        ["Identity__Anchors"] = pki.Anchors,
        ["Keys__ServiceKey"] = pki.ServiceKey,
        ["Installation__State"] = "BY",
        // Its journal is empty: facts come from the test.
        ["Requests__Address"] = Requests.Address.AbsoluteUri,
        ["Follow__Interval"] = "01:00:00",
        ["Tracking__WatchLimit"] = "00:00:02",
        ["Tracking__Interval"] = "00:00:00.100",
    });
}
