using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Testing;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Exchange.Benchmarks;

/// <summary>
/// The dispatcher beside RabbitMQ.Client, both with 256 unconfirmed at most into a quorum queue: ours writes the
/// envelope with its proof and deletes the row of each message, the raw one sends bytes that are ready. Then the intake beside a raw
/// consumer, both with 256 fetched ahead: ours verifies the message and commits it to a table before it acknowledges, the raw
/// one acknowledges.
/// </summary>
sealed class DispatchSection(NpgsqlDataSource source, TestBroker broker, int count)
{
    // As the ledger's groups come out when many call at once.
    const int Group = 128;

    static readonly OutboxMessages Messages = new(ContractJson.Options, typeof(RequestChanged));

    readonly Database database = new(source);

    public static async Task<IReadOnlyList<Line>> Measure(BenchOptions options)
    {
        await using var database = await TestDatabase.Create();
        await using var source = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(database.ConnectionString)
            {
                MaxAutoPrepare = 50, AutoPrepareMinUsages = 2,
            }.ConnectionString);
        await using var broker = await TestBroker.Create();
        await new Migrations(source, NullLogger<Migrations>.Instance)
            .Apply([typeof(Ledger).Assembly], ["Migrations"], CancellationToken.None);
        return await new DispatchSection(source, broker, options.Full ? 8_000 : 5_000).Run(options);
    }

    async Task<IReadOnlyList<Line>> Run(BenchOptions options)
    {
        await database.Execute(
            "CREATE TABLE taken (id uuid PRIMARY KEY, version int NOT NULL, body bytea NOT NULL)", [], CancellationToken.None);
        // Once, so that its queue is there.
        await BenchBus.Stop(await BenchBus.Start(
            broker, source, bus => bus.Consume<RequestChanged, WritingConsumer>(owner: BenchBus.Service)));
        await using var raw = await RawQueue.Open(broker, "raw-rate");
        var (dispatched, published, taken, consumed) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        options.Say($"{count:N0} messages out and in again, by turns");
        for (var round = 0; round < (options.Full ? 7 : 3) + 1; round++)
        {
            var figures = (await Dispatch(), await raw.PublishMany(count, Filing.Event), await TakeIn(), await raw.ConsumeMany(count));
            if (round == 0)
                continue;
            dispatched.Add(figures.Item1);
            published.Add(figures.Item2);
            taken.Add(figures.Item3);
            consumed.Add(figures.Item4);
        }
        return
        [
            new("messages dispatched from the outbox", Rounds.Quantile(dispatched, 0.5), Rounds.Quantile(published, 0.5), "1/s",
                $"RabbitMQ.Client publishing bytes, {RawQueue.Outstanding} unconfirmed"),
            new("messages taken in, each committed to a table", Rounds.Quantile(taken, 0.5), Rounds.Quantile(consumed, 0.5), "1/s",
                $"RabbitMQ.Client acknowledging only, {RawQueue.Outstanding} ahead"),
        ];
    }

    async Task<double> Dispatch()
    {
        var host = await BenchBus.Start(broker, source, bus => bus.Publish<RequestChanged>());
        var (queue, until) = (new OutboxQueue(TimeProvider.System), TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(5));
        var messages = Enumerable.Range(0, count).Select(_ => Messages.Compose(Filing.Changed(Guid.CreateVersion7())))
            .Chunk(Group).SelectMany(group => BenchBus.Signer.Sign(group)).ToArray();
        var proof = messages[0].Proof!;
        await database.Execute("INSERT INTO message_certificates VALUES ($1, $2) ON CONFLICT DO NOTHING",
            [proof.CertificateId, proof.Certificate], CancellationToken.None);
        await database.Execute(
            """
            INSERT INTO outbox (id, type, body, proof, certificate_id, leased_until)
            SELECT id, 'RequestChanged', body, proof, $4, $5 FROM unnest($1, $2, $3) AS m(id, body, proof)
            """,
            [messages.Select(m => m.Id).ToArray(), messages.Select(m => m.Body).ToArray(),
                messages.Select(m => m.Proof!.Bytes).ToArray(), proof.CertificateId, until], CancellationToken.None);
        queue.Enqueue(messages, until);
        using var dispatcher = new OutboxDispatcher(database, queue, Messages, host.Services.GetRequiredService<IBusControl>(),
            Options.Create(new OutboxOptions()), Failpoints.None, TimeProvider.System, NullLogger<OutboxDispatcher>.Instance);
        var outbox = new Outbox(database, BenchBus.Signer);
        var began = TimeProvider.System.GetTimestamp();
        await dispatcher.StartAsync(CancellationToken.None);
        await Until(async () => (await outbox.Waiting(CancellationToken.None)).Waiting == 0);
        var rate = count / TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        await dispatcher.StopAsync(CancellationToken.None);
        await BenchBus.Stop(host);
        return rate;
    }

    async Task<double> TakeIn()
    {
        var host = await BenchBus.Start(broker, source, bus => bus.Consume<RequestChanged, WritingConsumer>(owner: BenchBus.Service));
        var arrivals = host.Services.GetRequiredService<Arrivals>();
        await Until(() => Task.FromResult(arrivals.Count >= count));
        var rate = (arrivals.Count - arrivals.InFirst) / TimeProvider.System.GetElapsedTime(arrivals.First, arrivals.Last).TotalSeconds;
        await BenchBus.Stop(host);
        return rate;
    }

    static async Task Until(Func<Task<bool>> done)
    {
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!await done())
            await pause.WaitForNextTickAsync();
    }
}
