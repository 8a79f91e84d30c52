using System.Collections.Concurrent;
using Exchange.Testing;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Exchange.System.Tests.Faults;

/// <summary>T6: every message comes three times and in any order, to two processes of each consumer.</summary>
[Collection(TwoOfEach.Name)]
public sealed class RepeatingMessages(TwoOfEach two)
{
    [Fact]
    public async Task Has_one_effect()
    {
        await using var broker = await BrokerAccess.Open(two.Exchange.Broker);
        var repeater = await Repeater.Begin(broker);
        await two.WhileOfficersWork(async officers =>
        {
            await officers.Answer(FaultRun.Rounds(shortly: 10, fully: 1_000));
            await officers.End();
            await repeater.RepeatAll();
        });
        repeater.Repeated.ShouldBeGreaterThan(100);
    }
}

/// <summary>Hears every event and gives it to both consumers again and again: a few at once while it goes on, all in the end.</summary>
sealed class Repeater
{
    readonly BrokerAccess broker;
    readonly ConcurrentBag<(BasicProperties Properties, byte[] Body)> heard = [];
    readonly Random random = new(20061231);

    Repeater(BrokerAccess broker) => this.broker = broker;

    public int Repeated { get; private set; }

    public static async Task<Repeater> Begin(BrokerAccess broker)
    {
        var repeater = new Repeater(broker);
        var queue = await broker.Channel.QueueDeclareAsync();
        await broker.Channel.QueueBindAsync(queue.QueueName, broker.Prefix + BrokerAccess.Event, "");
        var consumer = new AsyncEventingBasicConsumer(broker.Channel);
        consumer.ReceivedAsync += async (_, message) =>
        {
            repeater.heard.Add((new(message.BasicProperties), message.Body.ToArray()));
            await repeater.RepeatOne();
        };
        await broker.Channel.BasicConsumeAsync(queue.QueueName, autoAck: true, consumer);
        return repeater;
    }

    /// <summary>Every message twice more to each consumer, shuffled.</summary>
    public async Task RepeatAll()
    {
        var all = heard.Concat(heard).ToArray();
        random.Shuffle(all);
        foreach (var message in all)
            await Send(message);
        await Eventually.Holds(async () =>
        {
            foreach (var endpoint in Endpoints)
                (await broker.Channel.MessageCountAsync(broker.Prefix + endpoint)).ShouldBe(0u);
        }, TimeSpan.FromMinutes(1));
    }

    static string[] Endpoints => [BrokerAccess.ToTracking, BrokerAccess.ToCorrelation];

    Task RepeatOne() => Send(heard.ElementAt(random.Next(heard.Count)));

    async Task Send((BasicProperties Properties, byte[] Body) message)
    {
        foreach (var endpoint in Endpoints)
            await broker.Channel.BasicPublishAsync("", broker.Prefix + endpoint, true, message.Properties, message.Body);
        Repeated++;
    }
}
