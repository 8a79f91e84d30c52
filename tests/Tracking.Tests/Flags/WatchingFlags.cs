using Exchange.Reference;
using Exchange.Requests.V1;
using Exchange.Testing;
using Exchange.Tracking.V1;
using Grpc.Core;

namespace Exchange.Tracking.Tests;

/// <summary>Over real TLS, from two replicas on one database.</summary>
public sealed class WatchingFlags(RunningTracking tracking) : IClassFixture<RunningTracking>
{
    [Fact]
    public async Task Tells_at_midnight_what_time_alone_has_raised_once_from_two_replicas_and_after_a_restart()
    {
        var before = await Last();
        var watching = Changes(before, count: 2);
        await tracking.Apply(tracking.Sent("BY-1", "PL", dueDaysAgo: 0), tracking.Sent("BY-2", "PL", dueDaysAgo: -5));

        tracking.Pass(days: 1);
        await Eventually.Holds(async () =>
            (await tracking.Told()).Where(c => c.ChangeNo > before).Select(c => c.Reference).ShouldBe(["BY-1"]));
        await tracking.Replicas[0].Stop();
        await tracking.Replicas[1].Kill();
        tracking.Pass(days: 5);
        await Task.WhenAll(tracking.Replicas[0].Restart(), tracking.Replicas[1].Restart());

        var heard = await watching;
        heard.Select(c => (c.Reference, c.Event)).ShouldBe([("BY-1", FlagEvent.Raised), ("BY-2", FlagEvent.Raised)]);
        heard.ShouldAllBe(c => c.RaisedAt.ToDateTimeOffset() == Figures.Reference.StartOfDay("BY", LegalDay.Parse(c.DueOn).AddDays(1)));
        (await tracking.Told()).Where(c => c.ChangeNo > before).ShouldBe(heard);
    }

    [Fact]
    public async Task Misses_and_repeats_nothing_through_any_number_of_reconnects_while_flags_change()
    {
        var before = await Last();
        var histories = new RandomLetters(31).Histories(200).ConvertAll(k => (k with { Imported = false }).Facts());
        var writing = Task.WhenAll(new RandomLetters(32).Shuffled(histories).Chunk(50).Select(batch => tracking.Apply(batch)));

        List<FlagChange> heard = [];
        var (upTo, calls) = (before, 0);
        while (!writing.IsCompleted || upTo < await Last())
        {
            // Every other call is broken off in the middle, the others end by themselves.
            using var call = tracking.As("prosecutor", replica: calls % 2).WatchFlags(new() { AfterChangeNo = upTo });
            for (var left = calls++ % 3 == 0 ? 5 : int.MaxValue; left > 0 && await call.ResponseStream.MoveNext(default); left--)
            {
                var told = call.ResponseStream.Current;
                told.ChangeNo.ShouldBeGreaterThan(upTo);
                upTo = told.ChangeNo;
                if (told.Change is not null)
                    heard.Add(told.Change);
            }
        }
        await writing;

        heard.Count.ShouldBeGreaterThan(80);
        heard.ShouldBe((await tracking.Told()).Where(c => c.ChangeNo > before));
        heard.ShouldAllBe(c => c.RequestingState == "BY");
        // Who hangs up is no fault of the service.
        tracking.Replicas.ShouldAllBe(replica => !replica.Output.Contains("failed unexpectedly"));
    }

    [Fact]
    public async Task From_now_on_says_where_it_stands_and_ends_by_itself()
    {
        var last = await Last();
        using var call = tracking.As("investigator").WatchFlags(new() { AfterChangeNo = -1 });

        (await call.ResponseStream.MoveNext(default)).ShouldBeTrue();
        (call.ResponseStream.Current.ChangeNo, call.ResponseStream.Current.Change).ShouldBe((last, null));
        (await call.ResponseStream.MoveNext(default)).ShouldBeFalse();
        call.GetStatus().StatusCode.ShouldBe(StatusCode.OK);
    }

    [Theory]
    [InlineData("prosecutor", 1_000_000_000, StatusCode.InvalidArgument)]
    [InlineData("prosecutor", -2, StatusCode.InvalidArgument)]
    [InlineData("operator", 0, StatusCode.PermissionDenied)]
    public async Task Is_refused_for_a_number_that_was_never_given_and_for_those_it_does_not_concern(string persona, long after,
        StatusCode status)
    {
        using var call = tracking.As(persona).WatchFlags(new() { AfterChangeNo = after });

        (await Should.ThrowAsync<RpcException>(() => call.ResponseStream.MoveNext(default))).StatusCode.ShouldBe(status);
    }

    [Fact]
    public async Task Lists_each_flag_once_with_its_last_change_and_as_it_stands_now_page_by_page()
    {
        var waiting = tracking.Sent("BY-11", "FR");
        var answered = tracking.Sent("BY-12", "FR", dueDaysAgo: 20);
        var observed = tracking.Sent("BY-13", "FR", dueDaysAgo: 30);
        (observed.Origin, observed.ObservedUntil) = (Origin.Imported, tracking.Today.AddDays(-3).ToIso());
        var silent = tracking.Sent("BY-14", "FR", dueDaysAgo: 2);
        await tracking.Apply(waiting, answered, observed, silent, tracking.Sent("BY-15", "IT"));
        await tracking.Apply(tracking.Next(waiting, f => f.Supplements.Add(new Supplement { RequestedOn = tracking.Today.ToIso() })));
        await tracking.Apply(tracking.Next(answered, f =>
            f.Answers.Add(new Answer { AnsweredOn = tracking.Today.ToIso(), Outcome = Outcome.Refused, Final = true })));

        var whole = await tracking.As("prosecutor").ListFlagsAsync(new() { Partners = { "FR" } });
        whole.ChangeNo.ShouldBe(await Last());
        whole.NextPageToken.ShouldBeEmpty();
        whole.Flags[0].ShouldSatisfyAllConditions(f => f.Reference.ShouldBe("BY-12"), f =>
            (f.Event, f.ClearedOn).ShouldBe((FlagEvent.Cleared, tracking.Today.ToIso())));
        whole.Flags.Select(f => (f.Reference, f.WaitingOnUs, f.Silent, f.Origin)).Skip(1).Take(2).ShouldBe(
            [("BY-11", true, false, Origin.OnTheExchange), ("BY-14", false, true, Origin.OnTheExchange)], ignoreOrder: true);
        (whole.Flags[3].Reference, whole.Flags[3].ChangeNo, whole.Flags[3].Origin).ShouldBe(("BY-13", 0, Origin.Imported));

        List<FlagChange> pages = [];
        for (var token = ""; pages.Count == 0 || token.Length > 0;)
        {
            var page = await tracking.As("prosecutor").ListFlagsAsync(new() { Partners = { "FR" }, PageSize = 1, PageToken = token });
            pages.AddRange(page.Flags);
            token = page.NextPageToken;
        }
        pages.ShouldBe(whole.Flags);
        (await tracking.As("prosecutor").ListFlagsAsync(new() { Partners = { "FR" }, Standing = true }))
            .Flags.ShouldBe(whole.Flags.Skip(1));
        (await tracking.As("prosecutor").ListFlagsAsync(new() { Partners = { "FR" }, LimitKind = LimitKind.Statutory }))
            .Flags.ShouldBeEmpty();
        (await tracking.As("liaison-pl").ListFlagsAsync(new() { Partners = { "FR" } })).Flags.ShouldBeEmpty();
    }

    async Task<List<FlagChange>> Changes(long after, int count)
    {
        List<FlagChange> heard = [];
        while (heard.Count < count)
        {
            try
            {
                using var call = tracking.As("prosecutor", replica: 1).WatchFlags(new() { AfterChangeNo = after });
                await foreach (var told in call.ResponseStream.ReadAllAsync())
                {
                    after = told.ChangeNo;
                    if (told.Change is not null)
                        heard.Add(told.Change);
                }
            }
            catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable or StatusCode.Internal or StatusCode.Cancelled)
            {
                await Task.Yield(); // The replica was killed; it comes back.
            }
        }
        return heard;
    }

    async Task<long> Last() =>
        (await tracking.Database.Query("SELECT last_no FROM flag_change_counter", [], row => row.GetInt64(0), default)).Single();
}
