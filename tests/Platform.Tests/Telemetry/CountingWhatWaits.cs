using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;

namespace Exchange.Platform.Tests;

public sealed class CountingWhatWaits
{
    [Fact]
    public async Task Says_what_is_parked_what_the_outbox_holds_and_how_far_behind_the_follower_is()
    {
        await using var bench = await Workbench.Create();
        using var gauges = new PlatformGauges(new(bench.Database, bench.Signer), new(bench.Database), TimeProvider.System,
            NullLogger<PlatformGauges>.Instance);
        Dictionary<string, double> heard = [];
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (ReferenceEquals(instrument.Meter, gauges.Meter))
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
            heard[instrument.Name + string.Concat(tags.ToArray().Select(tag => $" {tag.Value}"))] = value);
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => heard[instrument.Name] = value);
        listener.Start();
        await bench.Run("INSERT INTO parked (id, queue, type, body, cause) SELECT gen_random_uuid(), '', '', '', '' "
            + "FROM generate_series(1, 2)");
        await bench.Run("INSERT INTO outbox (id, type, body, proof, certificate_id, committed_at, leased_until) "
            + "VALUES (gen_random_uuid(), '', '', '', '', now() - interval '1 hour', now())");
        gauges.DeadLetters("here", 4);
        gauges.Behind("theirs", 5);

        await gauges.Count(CancellationToken.None);
        listener.RecordObservableInstruments();

        heard["exchange.parked.messages"].ShouldBe(2);
        heard["exchange.outbox.waiting"].ShouldBe(1);
        heard["exchange.outbox.oldest.age"].ShouldBeInRange(3_500, 36_000);
        heard["exchange.dead_letters here"].ShouldBe(4);
        heard["exchange.follow.behind theirs"].ShouldBe(5);
    }
}
