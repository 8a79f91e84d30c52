using System.Diagnostics;
using System.Text;
using Exchange.Testing;
using RabbitMQ.Client;

namespace Exchange.Platform.Tests;

public sealed class PublishingEvents : IAsyncLifetime
{
    OutboxBench outbox = null!;

    public async ValueTask InitializeAsync() => outbox = await OutboxBench.Create();

    public async ValueTask DisposeAsync() => await outbox.DisposeAsync();

    [Fact]
    public async Task An_appended_event_reaches_its_queue_under_the_trace_of_its_caller_and_leaves_the_outbox()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Exchange.Outbox" or "MassTransit" or "caller",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        await outbox.BindListener();
        var ledger = await outbox.Bench.Start(outbox.Bench.Ledger());
        await outbox.StartDispatcher();

        using var caller = new ActivitySource("caller").StartActivity("call")!;
        var append = Workbench.Item(Guid.CreateVersion7(), 1);
        await ledger.Append(append, CancellationToken.None);
        await Eventually.Holds(async () => (await outbox.Waiting()).ShouldBe(0));

        var heard = (await outbox.TakeOne()).ShouldNotBeNull();
        Encoding.UTF8.GetString(heard.Body.Span).ShouldContain(append.AggregateId.ToString());
        Encoding.UTF8.GetString((byte[])heard.BasicProperties.Headers!["MT-Activity-Id"]!).ShouldContain(caller.TraceId.ToString());
        heard.BasicProperties.DeliveryMode.ShouldBe(DeliveryModes.Persistent);
    }

    [Fact]
    public async Task While_no_queue_is_behind_the_exchange_the_row_stays_and_goes_out_once_there_is_one()
    {
        var ledger = await outbox.Bench.Start(outbox.Bench.Ledger(new() { Lease = TimeSpan.FromSeconds(1) }));
        await outbox.StartDispatcher();
        await ledger.Append(Workbench.Item(Guid.CreateVersion7(), 1), CancellationToken.None);
        // The sweep has had it at least once when its lease is later than the one the writer gave it.
        await Eventually.Holds(async () =>
            (await outbox.Bench.One<bool>("SELECT leased_until > committed_at + interval '1.5 seconds' FROM outbox")).ShouldBeTrue());
        (await outbox.Waiting()).ShouldBe(1);

        await outbox.BindListener();

        await Eventually.Holds(async () => (await outbox.Waiting()).ShouldBe(0));
        (await outbox.Heard()).ShouldBe(1u);
    }

    [Fact]
    public async Task Orphans_are_swept_up_once_their_lease_has_run_out()
    {
        await outbox.BindListener();
        for (var n = 0; n < 300; n++)
            await outbox.Orphan();
        var held = await outbox.Orphan(leasedFor: TimeSpan.FromMinutes(10));

        await outbox.StartDispatcher();

        await Eventually.Holds(async () => (await outbox.Waiting()).ShouldBe(1));
        (await outbox.Bench.One<Guid>("SELECT id FROM outbox")).ShouldBe(held.Id);
        (await outbox.Heard()).ShouldBe(300u);
    }

    [Fact]
    public async Task Two_dispatchers_do_not_publish_the_same_row_twice()
    {
        await outbox.BindListener();
        for (var n = 0; n < 600; n++)
            await outbox.Orphan();

        await Task.WhenAll(outbox.StartDispatcher(), outbox.StartDispatcher(new(TimeProvider.System)));

        await Eventually.Holds(async () => (await outbox.Waiting()).ShouldBe(0));
        (await outbox.Heard()).ShouldBe(600u);
    }

    [Fact]
    public async Task Orphans_go_out_although_new_messages_never_cease()
    {
        await outbox.BindListener();
        var orphan = await outbox.Orphan();
        using var enough = new CancellationTokenSource();
        void Fill()
        {
            if (outbox.Bench.Handed.Reader.Count < 2_000)
                outbox.Bench.Handed.Enqueue(outbox.Compose(2_000), DateTimeOffset.MaxValue);
        }
        Fill();
        var filling = Task.Run(async () =>
        {
            using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
            while (!enough.IsCancellationRequested && await pause.WaitForNextTickAsync(CancellationToken.None))
                Fill();
        });

        await outbox.StartDispatcher();

        await Eventually.Holds(async () => (await outbox.Waiting()).ShouldBe(0));
        await enough.CancelAsync();
        await filling;
    }

    [Fact]
    public async Task What_was_handed_over_so_long_ago_that_another_may_have_taken_it_is_left_to_the_sweep()
    {
        await outbox.BindListener();
        var late = outbox.Compose()[0];
        var fresh = await outbox.Orphan(leasedFor: TimeSpan.FromMinutes(10));
        outbox.Bench.Handed.Enqueue([late], TimeProvider.System.GetUtcNow());
        outbox.Bench.Handed.Enqueue([fresh], DateTimeOffset.MaxValue);

        await outbox.StartDispatcher();

        await Eventually.Holds(async () => (await outbox.Waiting()).ShouldBe(0));
        (await outbox.Heard()).ShouldBe(1u);
    }

    [Fact]
    public async Task A_row_this_version_cannot_read_stays_and_holds_nobody_up()
    {
        await outbox.BindListener();
        var unknown = await outbox.Orphan("OfANewerVersion");
        var broken = await outbox.Orphan();
        await outbox.Bench.Run("UPDATE outbox SET body = 'no JSON' WHERE id = $1", broken.Id);
        for (var n = 0; n < 20; n++)
            await outbox.Orphan();

        await outbox.StartDispatcher();

        await Eventually.Holds(async () => (await outbox.Waiting()).ShouldBe(2));
        (await outbox.Heard()).ShouldBe(20u);
        (await outbox.Bench.One<Guid[]>("SELECT array_agg(id ORDER BY id) FROM outbox")).ShouldBe([unknown.Id, broken.Id]);
    }
}
