using System.Net;
using Exchange.Testing;
using Microsoft.Playwright;

namespace Exchange.System.Tests;

/// <summary>An operator opens the trace viewer ten idle minutes after a letter was transmitted, in a real browser.</summary>
public sealed class SeeingAStep(WithAViewer watched) : IClassFixture<WithAViewer>
{
    /// <summary>Pollers look about once a second; here they do it twenty times as often.</summary>
    const int LooksInTenMinutes = 600;

    const string Step = "exchange request transmit";

    static readonly string Screenshots = Repository.PathOf("artifacts/screenshots");

    readonly LocalViewer viewer = watched.Viewer;
    readonly RunningExchange exchange = watched.Exchange;

    [Fact]
    public async Task The_trace_of_a_transmitted_letter_stands_on_the_first_page_by_the_name_of_the_step()
    {
        var reference = await Transmit();
        await exchange.Looked(LooksInTenMinutes);
        var told = await exchange.Run("trace", reference, "--as", "prosecutor");

        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = "/usr/bin/chromium",
            // As root there is no sandbox, and where only the loopback can be reached, nothing else shall be tried.
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync"],
        });
        var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = 1_600, Height = 1_000 } });
        await page.GotoAsync($"{viewer.Page}login?t={viewer.Token}&returnUrl=%2Ftraces");

        var trace = page.GetByText(Step).First;
        await trace.WaitForAsync();
        await page.ScreenshotAsync(new() { Path = Path.Combine(Screenshots, "traces.png") });
        var place = (await trace.BoundingBoxAsync()).ShouldNotBeNull();
        (place.Y + place.Height).ShouldBeLessThanOrEqualTo(1_000);

        // The address that the command line prints leads to the same trace, as one tree.
        var address = told.Split('\n', StringSplitOptions.TrimEntries)
            .Last(line => line.StartsWith(viewer.Page.ToString(), StringComparison.Ordinal));
        await page.GotoAsync(address);
        await page.GetByText("INSERT journal").First.WaitForAsync();
        await page.ScreenshotAsync(new() { Path = Path.Combine(Screenshots, "trace-of-a-step.png") });
        foreach (var part in (string[])[Step, "exchange.requests.v1.RequestRegistry/TakeStep", "take RequestChanged"])
            (await page.GetByText(part).First.IsVisibleAsync()).ShouldBeTrue(part);
        (await page.ContentAsync()).ShouldNotContain(reference);
    }

    [Fact]
    public async Task Only_who_has_the_token_looks_and_only_who_has_the_key_sends()
    {
        using var stranger = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = viewer.Page };
        (await stranger.GetAsync(new Uri("traces", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.Redirect);

        var receiver = new Uri(viewer.Variables["OTEL_EXPORTER_OTLP_ENDPOINT"]!);
        var service = new Uri(receiver, "opentelemetry.proto.collector.trace.v1.TraceService/Export");
        using var export = new HttpRequestMessage(HttpMethod.Post, service)
        {
            Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(new byte[5]),
        };
        export.Content.Headers.ContentType = new("application/grpc");
        (await stranger.SendAsync(export)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Its_secrets_are_for_its_owner_only_and_stand_in_no_arguments()
    {
        foreach (var file in Directory.EnumerateFiles(viewer.Folder))
            (new FileInfo(file).UnixFileMode & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)).ShouldBe(UnixFileMode.None, file);

        var arguments = await File.ReadAllTextAsync($"/proc/{viewer.ProcessId}/cmdline");
        arguments.ShouldContain("Aspire.Dashboard");
        arguments.ShouldNotContain(viewer.Token);
        arguments.ShouldNotContain(await File.ReadAllTextAsync(Path.Combine(viewer.Folder, "key")));
    }

    async Task<string> Transmit()
    {
        var reference = (await As("investigator", "request", "draft", Repository.PathOf("contracts/examples/letter.json"))).Split(' ')[0];
        await As("investigator", "subject", "add", reference, "--role", "witness", "--kind", "person", "--name", "Jan Testowy");
        await As("investigator", "request", "submit", reference);
        await As("prosecutor", "request", "approve", reference);
        await As("prosecutor", "request", "transmit", reference, "--channel", "on-exchange");
        return reference;
    }

    Task<string> As(string persona, params string[] arguments) => exchange.Run([.. arguments, "--as", persona]);
}

/// <summary>An exchange with short intervals that sends its traces to the viewer.</summary>
public sealed class WithAViewer : IAsyncLifetime
{
    internal LocalViewer Viewer { get; private set; } = null!;

    public RunningExchange Exchange { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Viewer = await LocalViewer.Start();
        Exchange = await RunningExchange.Start(settings: new Dictionary<string, string?>(ShortIntervals.Settings.Concat(Viewer.Variables)));
    }

    public async ValueTask DisposeAsync()
    {
        await Exchange.DisposeAsync();
        await Viewer.DisposeAsync();
    }
}
