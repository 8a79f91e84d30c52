using System.Globalization;
using Exchange.Testing;
using Google.Rpc;
using Grpc.Core;

namespace Exchange.Platform.Tests;

public sealed class TakingOnTooMuch(GuardedHost host) : IClassFixture<GuardedHost>
{
    static readonly Metadata Held = new() { { GuardedHost.Hold, "" } };

    [Fact]
    public async Task What_a_caller_asks_beyond_his_share_is_refused_at_once_and_others_are_answered()
    {
        var flooding = host.As("prosecutor");
        var calls = Enumerable.Range(0, GuardedHost.AtATime + GuardedHost.Waiting)
            .Select(_ => flooding.SayAsync(new(), Held).ResponseAsync).ToList();
        await Eventually.Holds(() => host.Held.ShouldBe(GuardedHost.AtATime));

        // Some of those before may still be on their way, so that one of these takes a place that is left.
        var beyond = Enumerable.Range(0, 5).Select(_ => flooding.SayAsync(new(), Held).ResponseAsync).ToList();
        calls.AddRange(beyond);
        await Eventually.Holds(() => calls.Count(call => call.IsFaulted).ShouldBe(5));
        foreach (var refused in calls.Where(call => call.IsFaulted))
        {
            var told = await RefusedCall.Of(() => refused);
            (told.Code, told.Reason).ShouldBe((StatusCode.ResourceExhausted, "TOO_MANY_CALLS"));
            (await Should.ThrowAsync<RpcException>(refused)).GetRpcStatus()!.Details.ShouldContain(detail =>
                detail.Is(RetryInfo.Descriptor));
        }
        (await host.As("operator").SayAsync(new())).Text.ShouldEndWith("role=operator");

        await Eventually.Holds(() =>
        {
            host.Release();
            calls.Count(call => call.IsCompletedSuccessfully).ShouldBe(GuardedHost.AtATime + GuardedHost.Waiting);
        });
        (await flooding.SayAsync(new())).Text.ShouldEndWith("role=prosecutor");
    }

    [Fact]
    public async Task Streams_are_counted_apart_from_calls()
    {
        var flooding = host.As("prosecutor");
        var streams = Enumerable.Range(0, GuardedHost.AtATime).Select(_ => flooding.Talk(Held)).ToList();
        foreach (var stream in streams)
            (await stream.ResponseStream.MoveNext()).ShouldBeTrue();

        (await RefusedCall.Of(() => flooding.Talk(Held).ResponseStream.MoveNext())).Reason.ShouldBe("TOO_MANY_STREAMS");
        (await flooding.SayAsync(new())).Text.ShouldEndWith("role=prosecutor");

        streams[0].Dispose();
        await Eventually.Holds(async () =>
        {
            using var again = flooding.Talk(Held);
            (await again.ResponseStream.MoveNext()).ShouldBeTrue();
        });
        streams.ForEach(stream => stream.Dispose());
        await Eventually.Holds(() => host.Held.ShouldBe(0));
    }

    [Theory]
    [InlineData(null, 10)]
    [InlineData(60, 10)]
    [InlineData(5, 5)]
    public async Task A_call_is_given_up_after_its_own_time_and_ours_at_the_latest(int? asked, int most)
    {
        var deadline = asked is { } minutes ? (TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(minutes)).UtcDateTime
            : (DateTime?)null;

        var left = TimeSpan.Parse((await host.As("operator").SayAsync(new() { Text = "deadline" }, deadline: deadline)).Text,
            CultureInfo.InvariantCulture);

        left.ShouldBeInRange(TimeSpan.FromMinutes(most - 1), TimeSpan.FromMinutes(most));
    }

    [Theory]
    [InlineData("30S", 30_000)]
    [InlineData("1500m", 1_500)]
    [InlineData("2H", 7_200_000)]
    [InlineData("3M", 180_000)]
    [InlineData("5000u", 5)]
    [InlineData("7000000n", 7)]
    [InlineData("", null)]
    [InlineData(null, null)]
    [InlineData("S", null)]
    [InlineData("-1S", null)]
    [InlineData("999999999S", null)]
    [InlineData("12", null)]
    public void A_deadline_is_read_as_the_wire_writes_it(string? header, int? milliseconds) =>
        (Admission.AskedFor(header)?.TotalMilliseconds).ShouldBe(milliseconds);
}
