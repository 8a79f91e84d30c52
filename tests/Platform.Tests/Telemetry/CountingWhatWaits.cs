using System.Diagnostics.Metrics;
using System.Globalization;
using Exchange.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Exchange.Platform.Tests;

public sealed class CountingWhatWaits : IAsyncLifetime, IDisposable
{
    static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    readonly FakeClock clock = new(Start);
    readonly List<string> told = [];
    readonly MeterListener listener = new();
    Workbench bench = null!;
    Parking parking = null!;
    WaitingGauge gauge = null!;

    public async Task InitializeAsync()
    {
        bench = await Workbench.Create();
        parking = new(bench.Database);
        gauge = new(new(bench.Database), parking, clock, NullLogger<WaitingGauge>.Instance);
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Meter == gauge.Meter)
                listening.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
            told.Add(string.Join(' ', [instrument.Name, .. tags.ToArray().Select(tag => $"{tag.Value}"), $"{value}"])));
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) =>
            told.Add(string.Create(CultureInfo.InvariantCulture, $"{instrument.Name} {value}")));
        listener.Start();
    }

    public Task DisposeAsync() => bench.DisposeAsync().AsTask();

    public void Dispose()
    {
        listener.Dispose();
        gauge.Dispose();
    }

    [Fact]
    public async Task The_oldest_message_in_the_outbox_grows_older_until_it_is_gone()
    {
        (await Told()).ShouldBe(["exchange.outbox.waiting 0", "exchange.outbox.oldest.age 0"]);

        await Commit(Start.AddSeconds(-90));
        await Commit(Start.AddSeconds(-10));
        (await Told()).ShouldBe(["exchange.outbox.waiting 2", "exchange.outbox.oldest.age 90"]);

        // Not counted anew, as while the database is away.
        clock.Set(Start.AddSeconds(30));
        Asked().ShouldBe(["exchange.outbox.waiting 2", "exchange.outbox.oldest.age 120"]);

        await bench.Run("DELETE FROM outbox");
        (await Told()).ShouldBe(["exchange.outbox.waiting 0", "exchange.outbox.oldest.age 0"]);
    }

    [Fact]
    public async Task Parked_messages_are_told_by_type_and_as_none_once_they_are_gone()
    {
        await Park("ItemChanged");
        await Park("ItemChanged");
        await Park("RungConfirmed");
        (await Told()).Where(IsParked).ShouldBe(["exchange.parked.messages ItemChanged 2", "exchange.parked.messages RungConfirmed 1"]);

        await bench.Run("DELETE FROM parked WHERE type = 'ItemChanged'");
        (await Told()).Where(IsParked).ShouldBe(["exchange.parked.messages RungConfirmed 1", "exchange.parked.messages ItemChanged 0"]);
    }

    static bool IsParked(string line) => line.StartsWith("exchange.parked.messages", StringComparison.Ordinal);

    async Task<List<string>> Told()
    {
        await gauge.Refresh(default);
        return Asked();
    }

    List<string> Asked()
    {
        told.Clear();
        listener.RecordObservableInstruments();
        return [.. told];
    }

    Task Commit(DateTimeOffset at) => bench.Run(
        "INSERT INTO outbox (id, type, body, committed_at, leased_until) VALUES ($1, 'ItemChanged', $2, $3, $3)", Guid.CreateVersion7(), Array.Empty<byte>(), at);

    Task Park(string type) => parking.Park(Guid.CreateVersion7(), type, new byte[] { 1 }, new InvalidOperationException("cannot be"), default);
}
