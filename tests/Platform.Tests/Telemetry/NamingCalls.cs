using System.Collections.Concurrent;
using System.Diagnostics;
using Exchange.Testing;
using Exchange.Testing.V1;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace Exchange.Platform.Tests;

/// <summary>What an operator reads on the spans of a call, the caller's and the service's.</summary>
public sealed class NamingCalls(GuardedHost host) : IClassFixture<GuardedHost>
{
    [Theory]
    [InlineData("", "OK", ActivityStatusCode.Unset)]
    [InlineData("faults", "INVALID_ARGUMENT", ActivityStatusCode.Unset)]
    [InlineData("secret", "INTERNAL", ActivityStatusCode.Error)]
    [InlineData("database", "UNAVAILABLE", ActivityStatusCode.Error)]
    public async Task They_say_which_rpc_it_was_how_it_ended_and_whether_that_is_a_fault_of_ours(string text, string code,
        ActivityStatusCode status)
    {
        var ended = new ConcurrentQueue<Activity>();
        using var tracing = Sdk.CreateTracerProviderBuilder().AddAspNetCoreInstrumentation().AddSource("Grpc.Net.Client")
            .AddProcessor(new SpanNames()).AddProcessor(new Kept(ended)).Build();
        using var call = new Activity("call").Start();
        // What hangs from a call that nobody records is not recorded either.
        call.ActivityTraceFlags = ActivityTraceFlags.Recorded;

        await Record.ExceptionAsync(() => host.As("prosecutor").SayAsync(new() { Text = text }).ResponseAsync);

        foreach (var kind in (ActivityKind[])[ActivityKind.Client, ActivityKind.Server])
        {
            await Eventually.Holds(() =>
            {
                var span = ended.Where(span => span.TraceId == call.TraceId && span.Kind == kind).ShouldHaveSingleItem();
                span.DisplayName.ShouldBe($"{EchoService.Descriptor.FullName}/Say");
                span.GetTagItem("rpc.system.name").ShouldBe("grpc");
                span.GetTagItem("rpc.method").ShouldBe($"{EchoService.Descriptor.FullName}/Say");
                span.GetTagItem("rpc.status_code").ShouldBe(code);
                span.GetTagItem("error.type").ShouldBe(status is ActivityStatusCode.Error ? code : null);
                span.Status.ShouldBe(status);
            });
        }
    }

    sealed class Kept(ConcurrentQueue<Activity> ended) : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data) => ended.Enqueue(data);
    }
}
