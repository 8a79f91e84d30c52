using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Exchange.Platform.Tests;

/// <summary>What calls have in common stands in the trace of one of them, and can be found from the others.</summary>
public sealed class SharingATransaction : IAsyncLifetime
{
    Workbench bench = null!;

    public async ValueTask InitializeAsync() => bench = await Workbench.Create();

    public async ValueTask DisposeAsync() => await bench.DisposeAsync();

    [Fact]
    public async Task Appends_of_several_calls_have_one_span_under_the_first_and_linked_to_the_others()
    {
        using var heard = new HeardSpans("Exchange.Ledger");
        var ledger = bench.Ledger();
        var (first, second, third) = (Call(ledger, 1), Call(ledger, 2), Call(ledger, 1));

        await bench.Start(ledger);
        await Task.WhenAll(first.Appends, second.Appends, third.Appends);
        await bench.StopAll();

        var span = heard.Of(first.Call).ShouldHaveSingleItem();
        span.Links.Select(link => link.Context).ShouldBe([second.Call, third.Call]);
        span.GetTagItem("exchange.appends").ShouldBe(4);
    }

    [Fact]
    public async Task Messages_taken_in_together_have_a_span_each_that_leads_to_the_one_which_writes()
    {
        using var heard = new HeardSpans("Exchange.Intake");
        ActivityContext[] calls = [SomeCall(), SomeCall()];
        var consumer = new Recorder();
        var batcher = new MessageBatcher<ItemChanged>(consumer, new(bench.Database), Options.Create(new BusOptions()), Failpoints.None,
            TimeProvider.System,
            NullLogger<MessageBatcher<ItemChanged>>.Instance);
        // The last is as one read in a journal: it belongs to no call.
        var taken = batcher.Deliver(
            [.. calls.Append(default).Select((call, i) =>
                new Delivery<ItemChanged>(new(Guid.CreateVersion7(), i), default, default, call))], CancellationToken.None);

        await bench.Start(batcher);
        await taken;
        await bench.StopAll();

        var writes = heard.Of(calls[0]).ShouldHaveSingleItem();
        consumer.Under.ShouldBe(writes.SpanId);
        var others = heard.LinkingTo(writes.Context);
        others.Select(span => span.GetTagItem("testing.version")).ShouldBe([1, 2], ignoreOrder: true);
        others.ShouldContain(heard.Of(calls[1]).ShouldHaveSingleItem());
        others.ShouldContain(span => span.ParentSpanId == default && span.TraceId != writes.TraceId);
    }

    static ActivityContext SomeCall() => new(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);

    static (ActivityContext Call, Task Appends) Call(Ledger ledger, int appends)
    {
        using var call = new Activity("call").Start();
        return (call.Context, Task.WhenAll(Enumerable.Range(0, appends)
            .Select(_ => ledger.Append(Workbench.Item(Guid.CreateVersion7(), 1), CancellationToken.None))));
    }

    sealed class Recorder : IBatchConsumer<ItemChanged>
    {
        public ActivitySpanId Under { get; private set; }

        public Task Consume(IReadOnlyList<ItemChanged> batch, CancellationToken ct)
        {
            Under = Activity.Current!.SpanId;
            return Task.CompletedTask;
        }

        public void Describe(ItemChanged message, Activity span) => span.SetTag("testing.version", message.Version);
    }
}
