using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;

namespace Exchange.Platform.Tests;

/// <summary>Callers who come together share a batch, and each is told his own outcome.</summary>
public sealed class WritingInBatches
{
    static readonly Guid[] Keys = [Guid.CreateVersion7(), Guid.CreateVersion7()];

    [Fact]
    public async Task What_waits_is_written_together_within_the_limits()
    {
        var writer = new Recorder(new(Items: 4, Waiting: 100, Weight: 10));
        var outcomes = Put(writer, [1, 1, 1, 1, 1, 9, 30, 1]);

        await RunToTheEnd(writer);

        writer.Batches.ShouldBe(["1 1 1 1", "1 9", "30", "1"]);
        (await Task.WhenAll(outcomes)).ShouldBe(["1", "1", "1", "1", "1", "9", "30", "1"]);
    }

    [Fact]
    public async Task Of_one_key_there_is_one_in_a_batch_and_they_keep_their_order()
    {
        var writer = new Recorder(new(Items: 10, Waiting: 100));
        (Guid Key, int Size)[] items = [(Keys[0], 1), (Keys[1], 2), (Keys[0], 3), (Keys[0], 4)];
        Task<string>[] outcomes = [.. items.Select(item => writer.TryWrite(new(item.Key, item.Size))!)];

        await RunToTheEnd(writer);

        writer.Batches.ShouldBe(["1 2", "3", "4"]);
        (await Task.WhenAll(outcomes)).ShouldBe(["1", "2", "3", "4"]);
    }

    [Fact]
    public async Task A_bad_item_fails_alone()
    {
        var writer = new Recorder(new(Items: 8, Waiting: 100), batch => batch.Any(item => item.Size == 7)
            ? new InvalidOperationException("bad") : null);
        var outcomes = Put(writer, [1, 2, 7, 3, 4, 5, 6, 8]);

        await RunToTheEnd(writer);

        (await Should.ThrowAsync<InvalidOperationException>(() => outcomes[2])).Message.ShouldBe("bad");
        (await Task.WhenAll(outcomes.Where((_, i) => i != 2))).ShouldBe(["1", "2", "3", "4", "5", "6", "8"]);
        writer.Batches.ShouldBe(["1 2", "3", "4 5 6 8"]);
    }

    [Fact]
    public async Task A_failure_that_passes_is_tried_again_and_the_batch_stays_whole()
    {
        var tries = 0;
        var writer = new Recorder(new(Items: 8, Waiting: 100), _ => ++tries < 3 ? new TimeoutException() : null);
        var outcomes = Put(writer, [1, 2]);

        await RunToTheEnd(writer);

        (await Task.WhenAll(outcomes)).ShouldBe(["1", "2"]);
        writer.Batches.ShouldBe(["1 2"]);
        writer.Again.ShouldBe([false, true, true]);
    }

    [Fact]
    public async Task Beyond_the_limit_all_callers_are_told()
    {
        var writer = new Recorder(new(Items: 8, Waiting: 100), _ => new TimeoutException(), giveUpAfter: TimeSpan.Zero);
        var outcomes = Put(writer, [1, 2]);

        await RunToTheEnd(writer);

        foreach (var outcome in outcomes)
            await Should.ThrowAsync<TimeoutException>(() => outcome);
        writer.Again.ShouldBe([false]);
    }

    [Fact]
    public async Task More_than_may_wait_is_not_taken_on_and_nothing_is_after_the_end()
    {
        var writer = new Recorder(new(Items: 8, Waiting: 2));
        var taken = Put(writer, [1, 2]);

        writer.TryWrite(new(null, 3)).ShouldBeNull();
        await RunToTheEnd(writer);

        await Task.WhenAll(taken);
        writer.IsComplete.ShouldBeTrue();
        writer.TryWrite(new(null, 4)).ShouldBeNull();
    }

    static Task<string>[] Put(Recorder writer, int[] sizes) => [.. sizes.Select(size => writer.TryWrite(new(null, size))!)];

    static Task RunToTheEnd(Recorder writer)
    {
        writer.Complete();
        return writer.Run(CancellationToken.None);
    }

    sealed record Item(Guid? Key, int Size);

    sealed class Recorder(BatchLimits limits, Func<IReadOnlyList<Item>, Exception?>? fault = null, TimeSpan? giveUpAfter = null)
        : BatchingWriter<Item, string>(limits, new(TimeSpan.FromMilliseconds(1), giveUpAfter), TimeProvider.System, NullLogger.Instance)
    {
        public ConcurrentQueue<string> Batches { get; } = [];

        public List<bool> Again { get; } = [];

        protected override Guid? KeyOf(Item item) => item.Key;

        protected override long WeightOf(Item item) => item.Size;

        protected override Task<IReadOnlyList<string>> Write(IReadOnlyList<Item> batch, bool again, CancellationToken stop)
        {
            Again.Add(again);
            if (fault?.Invoke(batch) is { } cause)
                throw cause;
            Batches.Enqueue(string.Join(' ', batch.Select(item => item.Size)));
            return Task.FromResult<IReadOnlyList<string>>([.. batch.Select(item => $"{item.Size}")]);
        }
    }
}
