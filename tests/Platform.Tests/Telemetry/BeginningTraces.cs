using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace Exchange.Platform.Tests;

/// <summary>What a trace may begin with, and what work of our own is linked to.</summary>
public sealed class BeginningTraces
{
    static readonly ActivitySource Source = SemanticConventions.Source("Exchange.Tests.Beginning");

    [Theory]
    [InlineData(ActivityKind.Internal, true)]
    [InlineData(ActivityKind.Server, true)]
    [InlineData(ActivityKind.Consumer, true)]
    [InlineData(ActivityKind.Client, false)]
    [InlineData(ActivityKind.Producer, false)]
    public void Neither_a_statement_nor_an_outgoing_call_nor_what_hangs_from_it_begins_a_trace(ActivityKind kind, bool begins)
    {
        using var tracing = Tracing();

        using var root = Source.StartActivity("root", kind, parentContext: default);
        using var below = Source.StartActivity("below", ActivityKind.Internal);

        (root?.Recorded ?? false).ShouldBe(begins);
        (below?.Recorded ?? false).ShouldBe(begins);
    }

    [Fact]
    public void What_another_process_does_not_send_is_not_sent_here_either()
    {
        using var tracing = Tracing();
        var caller = new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.None,
            isRemote: true);

        using var span = Source.StartActivity("answer", ActivityKind.Server, caller);

        (span?.Recorded ?? false).ShouldBeFalse();
    }

    [Fact]
    public void A_statement_below_a_call_belongs_to_its_trace()
    {
        using var tracing = Tracing();

        using var call = Source.StartActivity("call", ActivityKind.Server, parentContext: default);
        using var statement = Source.StartActivity("statement", ActivityKind.Client);

        statement.ShouldNotBeNull().Recorded.ShouldBeTrue();
    }

    [Fact]
    public void Work_is_a_root_linked_once_to_each_call_that_caused_it_and_says_by_which_conventions()
    {
        using var heard = new HeardSpans("Exchange.Background");
        using var bystander = new Activity("bystander").Start();
        const string First = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            Second = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203332-01";

        using var work = BackgroundWork.Begin("work").LinkTo([First, null, "nonsense", Second, First]).ShouldNotBeNull();

        work.ParentSpanId.ShouldBe(default);
        work.TraceId.ShouldNotBe(bystander.TraceId);
        work.Links.Select(link => $"00-{link.Context.TraceId}-{link.Context.SpanId}-01").ShouldBe([First, Second]);
        work.Source.TelemetrySchemaUrl.ShouldBe(SemanticConventions.SchemaUrl);
    }

    static TracerProvider Tracing() => Sdk.CreateTracerProviderBuilder().SetSampler(RootSampler.ForAll).AddSource(Source.Name).Build();
}
