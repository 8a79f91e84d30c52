using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Exchange.System.Tests.Otlp;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Exchange.System.Tests;

/// <summary>Takes what is sent over OTLP (http/protobuf): reads the spans, and keeps every body as it came.</summary>
sealed class OtlpReceiver : IAsyncDisposable
{
    readonly WebApplication app;
    readonly ConcurrentQueue<(string Path, byte[] Body)> bodies = new();

    OtlpReceiver(WebApplication app) => this.app = app;

    /// <summary>The standard variables of a process that shall send here.</summary>
    public Dictionary<string, string?> Variables => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = app.Urls.Single(),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
    };

    /// <summary>Where something was posted: <c>/v1/traces</c>, <c>/v1/metrics</c>, <c>/v1/logs</c>.</summary>
    public IReadOnlySet<string> Paths => bodies.Select(sent => sent.Path).ToHashSet();

    public IReadOnlyList<CollectedSpan> Spans =>
    [
        .. from sent in bodies
           where sent.Path == "/v1/traces"
           from resource in ExportTraceServiceRequest.Parser.ParseFrom(sent.Body).ResourceSpans
           let service = resource.Resource.Attributes.Single(attribute => attribute.Key == "service.name").Value.StringValue
           from scope in resource.ScopeSpans
           from span in scope.Spans
           select new CollectedSpan(service, scope.Scope.Name, span),
    ];

    public static async Task<OtlpReceiver> Start()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var receiver = new OtlpReceiver(builder.Build());
        receiver.app.Run(receiver.Take);
        await receiver.app.StartAsync();
        return receiver;
    }

    /// <summary>Whether the text stands anywhere in what was sent: in spans, metrics or logs, in names, values or stack traces.</summary>
    public bool Heard(string text)
    {
        // Protobuf writes text as it is.
        var bytes = Encoding.UTF8.GetBytes(text);
        return bodies.Any(sent => sent.Body.AsSpan().IndexOf(bytes) >= 0);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    async Task Take(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        bodies.Enqueue((context.Request.Path, body.ToArray()));
        context.Response.ContentType = "application/x-protobuf";
    }
}
