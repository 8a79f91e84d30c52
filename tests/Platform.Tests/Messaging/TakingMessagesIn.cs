using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using Exchange.Testing;
using Npgsql;
using RabbitMQ.Client;

namespace Exchange.Platform.Tests;

public sealed class TakingMessagesIn : IAsyncLifetime
{
    Workbench bench = null!;
    TestBroker broker = null!;

    public async ValueTask InitializeAsync()
    {
        (bench, broker) = (await Workbench.Create(), await TestBroker.Create());
        Recorder.Reset();
    }

    public async ValueTask DisposeAsync()
    {
        await broker.DisposeAsync();
        await bench.DisposeAsync();
    }

    [Fact]
    public async Task What_arrives_while_a_batch_is_taken_makes_the_next_batch()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Recorder.Before = _ => release.Task;
        await using var bus = await Start();
        await Publish(bus, 1);
        await Eventually.Holds(() => Recorder.Calls.ShouldBe(1));

        await Publish(bus, 40);
        await Eventually.Holds(async () => (await BusHost.Ready(broker, BusHost.Queue)).ShouldBe(0u));
        release.SetResult();

        await Eventually.Holds(() => Recorder.Taken.Sum(batch => batch.Count).ShouldBe(41));
        Recorder.Taken.Max(batch => batch.Count).ShouldBeGreaterThan(1);
        Recorder.Taken.SelectMany(batch => batch).Distinct().Count().ShouldBe(41);
    }

    [Fact]
    public async Task A_poisonous_message_is_parked_with_its_cause_and_the_good_ones_are_taken()
    {
        var poison = new ItemChanged(Guid.CreateVersion7(), -1);
        Recorder.Before = batch => batch.Contains(poison) ? throw new InvalidOperationException("cannot be") : Task.CompletedTask;
        await using (var bus = await Start())
        {
            await Task.WhenAll(Publish(bus, 30), bus.Publish(poison), Publish(bus, 30));

            await Eventually.Holds(async () => (await bench.One<long>("SELECT count(*) FROM parked")).ShouldBe(1));
            await Eventually.Holds(() => Recorder.Taken.Sum(batch => batch.Count).ShouldBe(60));
        }

        (await bench.One<string>("SELECT cause FROM parked")).ShouldBe("InvalidOperationException: cannot be");
        (await bench.One<string>("SELECT convert_from(body, 'UTF8') FROM parked")).ShouldContain(poison.Id.ToString());
        (await BusHost.Ready(broker, BusHost.Queue)).ShouldBe(0u);
    }

    [Theory]
    [InlineData(typeof(TimeoutException))]
    [InlineData(typeof(TaskCanceledException))]
    [InlineData(typeof(SocketException))]
    [InlineData(typeof(NpgsqlException))]
    public async Task While_something_is_away_it_is_tried_again_and_nothing_is_parked(Type fault)
    {
        Recorder.Before = _ => Recorder.Calls < 3 ? throw (Exception)Activator.CreateInstance(fault)! : Task.CompletedTask;
        await using var bus = await Start();

        await Publish(bus, 2);

        await Eventually.Holds(() => Recorder.Taken.Sum(batch => batch.Count).ShouldBe(2));
        (await bench.One<long>("SELECT count(*) FROM parked")).ShouldBe(0);
    }

    [Fact]
    public async Task Sessions_ended_by_the_database_are_such_a_fault_too()
    {
        Recorder.Before = _ => Recorder.Calls < 3 ? bench.Run("SELECT pg_terminate_backend(pg_backend_pid())") : Task.CompletedTask;
        await using var bus = await Start();

        await Publish(bus, 1);

        await Eventually.Holds(() => Recorder.Taken.Sum(batch => batch.Count).ShouldBe(1));
        (await bench.One<long>("SELECT count(*) FROM parked")).ShouldBe(0);
    }

    [Fact]
    public async Task Poison_is_parked_although_the_database_was_away_just_then()
    {
        var address = new NpgsqlConnectionStringBuilder(bench.ConnectionString);
        await using var proxy = CuttingProxy.Before(address.Host!, address.Port);
        (address.Host, address.Port) = ("127.0.0.1", proxy.Port);
        await using var source = NpgsqlDataSource.Create(address);
        Recorder.Before = _ =>
        {
            if (Recorder.Calls == 1)
                proxy.GoAway();
            throw new InvalidOperationException("cannot be");
        };
        await using var bus = await Start(source);
        await Publish(bus, 1);
        await Eventually.Holds(() => proxy.Refused.ShouldBeGreaterThan(0));

        proxy.ComeBack();

        await Eventually.Holds(async () => (await bench.One<long>("SELECT count(*) FROM parked")).ShouldBe(1));
        (await BusHost.Exists(broker, BusHost.Queue + "_error")).ShouldBeFalse();
    }

    [Fact]
    public async Task What_was_not_taken_when_the_service_stops_is_still_in_its_queue()
    {
        await using var proxy = CuttingProxy.Before(broker.Uri.Host, broker.Uri.Port);
        Recorder.Before = _ => throw new TimeoutException();
        await using (var bus = await Start(address: new UriBuilder(broker.Uri) { Host = "127.0.0.1", Port = proxy.Port }.Uri))
        {
            await Publish(bus, 5);
            await Eventually.Holds(() => Recorder.Calls.ShouldBeGreaterThan(0));
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
            await Record.ExceptionAsync(() => bus.Host.StopAsync(patience.Token));
        }

        // As the kernel does at the end of a process.
        proxy.GoAway();

        await Eventually.Holds(async () => (await BusHost.Ready(broker, BusHost.Queue)).ShouldBe(5u));
        (await BusHost.Exists(broker, BusHost.Queue + "_error")).ShouldBeFalse();
    }

    [Fact]
    public async Task What_is_no_message_at_all_is_dead_lettered_by_the_broker_and_holds_nobody_up()
    {
        await using var bus = await Start();
        await BusHost.AtBroker(broker, async channel =>
        {
            await channel.BasicPublishAsync("", broker.Prefix + BusHost.Queue, false,
                new BasicProperties { ContentType = "application/vnd.masstransit+json", Persistent = true },
                Encoding.UTF8.GetBytes("{ no JSON"));
            return true;
        });

        await Publish(bus, 3);

        await Eventually.Holds(() => Recorder.Taken.Sum(batch => batch.Count).ShouldBe(3));
        await Eventually.Holds(async () => (await BusHost.Ready(broker, BusHost.Queue + "-dead")).ShouldBe(1u));
    }

    [Fact]
    public async Task The_queue_is_a_quorum_queue_with_delivery_limit_and_dead_letters()
    {
        await using var bus = await Start();

        // Declaring it again with other arguments would be refused.
        await BusHost.AtBroker(broker, channel =>
            channel.QueueDeclareAsync(broker.Prefix + BusHost.Queue, true, false, false, new Dictionary<string, object?>
            {
                ["x-queue-type"] = "quorum",
                ["x-delivery-limit"] = BusHost.DeliveryLimit,
                ["x-dead-letter-exchange"] = broker.Prefix + BusHost.Queue + "-dead",
            }));
        await BusHost.AtBroker(broker, channel => channel.QueueDeclareAsync(broker.Prefix + BusHost.Queue + "-dead", true, false, false,
            new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }));
    }

    [Fact]
    public async Task Two_systems_with_different_prefixes_never_hear_each_other()
    {
        await using var bus = await Start(prefix: "other-");

        (await BusHost.Exists(broker, "other-" + BusHost.Queue)).ShouldBeTrue();
        (await BusHost.Exists(broker, BusHost.Queue)).ShouldBeFalse();
    }

    Task<BusHost> Start(NpgsqlDataSource? source = null, string prefix = "", Uri? address = null) =>
        BusHost.Start(broker, bench, contracts => contracts.Consume<ItemChanged, Recorder>(owner: Workbench.ServiceName), address, prefix,
            source);

    static Task Publish(BusHost bus, int count) => Task.WhenAll(Enumerable.Range(1, count)
        .Select(version => bus.Publish(new ItemChanged(Guid.CreateVersion7(), version))));

    /// <summary>Notes what it took; its faults are the test's. Static because the container makes it.</summary>
    public sealed class Recorder : IBatchConsumer<ItemChanged>
    {
        static int calls;

        public static Func<IReadOnlyList<ItemChanged>, Task> Before { get; set; } = _ => Task.CompletedTask;

        public static ConcurrentQueue<IReadOnlyList<ItemChanged>> Taken { get; } = new();

        public static int Calls => Volatile.Read(ref calls);

        public static void Reset()
        {
            calls = 0;
            Taken.Clear();
            Before = _ => Task.CompletedTask;
        }

        public async Task Consume(IReadOnlyList<ItemChanged> batch, CancellationToken ct)
        {
            Interlocked.Increment(ref calls);
            await Before(batch);
            Taken.Enqueue(batch);
        }
    }
}
