using System.Security.Cryptography.X509Certificates;
using Exchange.Contracts;
using Exchange.Correlation.V1;
using Exchange.Platform;
using Exchange.Testing;
using Grpc.Core;
using Grpc.Net.Client;
using static Exchange.Requests.V1.IdentifierKind;

namespace Exchange.Correlation.Tests;

/// <summary>The process itself, between a broker, a database and a stand-in for Requests.</summary>
public sealed class TheRunningService : IAsyncLifetime
{
    static readonly string[] Canaries =
        ["CANARY777Q1", "CANARY 777q-1", "+375291112233", "375291112233", "8 029 111-22-33", "4771 KK-7", "4771KK7", "KANARIENVGL",
            "KANARIENV0GE12345"];

    readonly List<GrpcChannel> channels = [];
    Installation installation = null!;
    TestBroker broker = null!;
    ServiceProcess service = null!;
    MessageSigner signer = null!;

    public async ValueTask InitializeAsync()
    {
        installation = await Installation.Create();
        broker = await TestBroker.Create();
        var requests = X509Certificate2.CreateFromPemFile(installation.Pki.Service("requests") + ".pem",
            installation.Pki.Service("requests") + ".key");
        signer = new("requests", () => requests);
        installation.Book.Add("BY", "CASE-1", (Document, Canaries[1]), (Plate, Canaries[5]));
        installation.Book.Add("BY", "CASE-2", (Document, Canaries[0]), (Vin, Canaries[8]));
        installation.Book.Add("PL", "CASE-8", (Document, Canaries[0]));
        installation.Book.Add("PL", "CASE-9", (Document, Canaries[0]));
        service = await ServiceProcess.Start("Exchange.Correlation", new Dictionary<string, string?>
        {
            ["ConnectionStrings__Database"] = installation.Database.Serving,
            ["ConnectionStrings__Broker"] = (await broker.UriOf("correlation")).AbsoluteUri,
            ["Broker__Prefix"] = broker.Prefix,
            ["Checkpoints__Key"] = installation.Pki.CheckpointKey("correlation"),
            ["Identity__Certificate"] = installation.Pki.Service("correlation") + ".pem",
            ["Identity__Key"] = installation.Pki.Service("correlation") + ".key",
            ["Identity__Anchors"] = installation.Pki.Anchors,
            ["Keys__ServiceKey"] = installation.Pki.ServiceKey,
            ["Installation__State"] = "BY",
            ["Requests__Address"] = installation.RequestsAddress.AbsoluteUri,
            // Once at start: what comes later comes by the broker or not at all.
            ["Follow__Interval"] = "01:00:00",
        });
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var channel in channels)
            channel.Dispose();
        await service.DisposeAsync();
        await broker.DisposeAsync();
        await installation.DisposeAsync();
    }

    [Fact]
    public async Task Takes_in_the_journal_and_the_broker_and_tells_each_state_its_own_and_nobody_the_identifiers()
    {
        await Eventually.Holds(async () => (await As("operator").GetStatusAsync(new())).SealedNo.ShouldBe(4));
        (await As("operator").GetStatusAsync(new())).ShouldSatisfyAllConditions(
            s => s.Identifiers.ShouldBe(6), s => s.Parked.ShouldBe(0), s => s.Build.ShouldNotBeEmpty());
        (await Pairs("investigator")).ShouldBe(["CASE-1 CASE-2"]);

        await Publish(installation.Book.Add("BY", "CASE-3", (Phone, Canaries[4]), (Plate, Canaries[6])));
        await Publish(installation.Book.Add("BY", "CASE-4", (Phone, Canaries[2])));
        await Eventually.Holds(async () =>
            (await Pairs("prosecutor")).ShouldBe(["CASE-1 CASE-2", "CASE-1 CASE-3", "CASE-3 CASE-4"]));

        (await Pairs(Issued("exchange://PL/national-prosecutor/international/7001?role=prosecutor"))).ShouldBe(["CASE-8 CASE-9"]);
        await ShowsNoCanary();
    }

    [Theory]
    [InlineData("liaison-pl")]
    [InlineData("operator")]
    public async Task Tells_links_to_investigators_and_prosecutors_only(string persona) =>
        (await Should.ThrowAsync<RpcException>(() => Pairs(persona))).StatusCode.ShouldBe(StatusCode.PermissionDenied);

    [Fact]
    public async Task Names_everything_that_is_wrong_with_a_question()
    {
        var refusal = await Should.ThrowAsync<RpcException>(async () => await As("prosecutor").ListLinksAsync(
            new() { PageSize = 1_001, PageToken = "?", CaseNumber = new('x', 201) }));

        refusal.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        refusal.Status.Detail.ShouldSatisfyAllConditions(
            d => d.ShouldContain("page_size"), d => d.ShouldContain("page_token"), d => d.ShouldContain("case_number"));
    }

    [Fact]
    public async Task Reads_again_only_what_changed_its_subjects_and_links_nobody_who_was_withdrawn()
    {
        var third = installation.Book.Add("BY", "CASE-3", (Document, Canaries[0]));
        await Publish(third);
        await Eventually.Holds(async () => (await Pairs("prosecutor")).Count.ShouldBe(3));
        var readings = installation.Book.Readings.Count(names => names.Contains(third.Request));

        var stepped = installation.Book.Step(third);
        await Publish(stepped);
        await Publish(installation.Book.Withdraw(stepped));
        await Eventually.Holds(async () => (await Pairs("prosecutor")).ShouldBe(["CASE-1 CASE-2"]));

        installation.Book.Readings.Count(names => names.Contains(third.Request)).ShouldBe(readings + 1);
    }

    [Fact]
    public async Task Goes_on_where_a_page_ended_for_the_same_question_only()
    {
        await Publish(installation.Book.Add("BY", "CASE-3", (Document, Canaries[0])));
        await Eventually.Holds(async () => (await Pairs("prosecutor")).Count.ShouldBe(3));

        var first = await As("prosecutor").ListLinksAsync(new() { PageSize = 2 });
        var second = await As("prosecutor").ListLinksAsync(new() { PageSize = 2, PageToken = first.NextPageToken });

        first.Links.Concat(second.Links).Select(l => $"{l.CaseA} {l.CaseB}").Order(StringComparer.Ordinal)
            .ShouldBe(await Pairs("prosecutor"));
        second.NextPageToken.ShouldBeEmpty();
        (await Should.ThrowAsync<RpcException>(async () => await As("prosecutor").ListLinksAsync(
            new() { PageToken = first.NextPageToken, CaseNumber = "CASE-1" }))).StatusCode.ShouldBe(StatusCode.InvalidArgument);
    }

    async Task ShowsNoCanary()
    {
        var dump = await installation.Dump();
        dump.ShouldContain("identifiers/1"); // It is a dump at all.
        dump.ShouldNotContain("CASE-");
        Found(dump).ShouldBeEmpty();
        Found(service.Output).ShouldBeEmpty();

        // The search itself finds a value in the clear, as text and as bytes.
        await installation.Execute("CREATE TABLE leak (a text, b bytea); INSERT INTO leak VALUES ('4771KK7', '375291112233')");
        Found(await installation.Dump()).ShouldBe(["375291112233", "4771KK7"]);
    }

    static IEnumerable<string> Found(string text) => Canaries.Where(canary =>
        text.Contains(canary, StringComparison.OrdinalIgnoreCase)
        || text.Contains(Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes(canary)), StringComparison.Ordinal));

    async Task<List<string>> Pairs(string persona) =>
        [.. (await As(persona).ListLinksAsync(new())).Links.Select(l => $"{l.CaseA} {l.CaseB}").Order(StringComparer.Ordinal)];

    CaseCorrelation.CaseCorrelationClient As(string persona)
    {
        channels.Add(RequestsStandIn.Channel(installation.Pki, installation.Pki.Persona(persona), service.Address, "correlation"));
        return new(channels[^1]);
    }

    string Issued(string identity)
    {
        installation.Pki.Issue(identity, installation.Pki.Persona("issued"), []).Dispose();
        return "issued";
    }

    Task Publish(RequestChanged changed) =>
        broker.Publish("Exchange.Contracts:RequestChanged", ServiceIdentities.Envelope(signer, changed));
}
