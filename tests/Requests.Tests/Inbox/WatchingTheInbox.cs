using Exchange.Platform;
using Exchange.Requests.V1;
using Exchange.Testing;
using Grpc.Core;

namespace Exchange.Requests.Tests;

public sealed class WatchingTheInbox(InboxFixture fixture) : IClassFixture<InboxFixture>
{
    [Fact]
    public async Task Tells_what_waited_then_how_far_it_is_then_what_comes()
    {
        var (author, partner) = (fixture.Appoint(), fixture.Appoint("PL", "liaison"));
        var after = await fixture.Settled();
        var waiting = await fixture.Transmitted(author);
        var head = await fixture.Settled();
        using var call = fixture.As(partner).WatchInbox(new() { AfterSealedNo = after });

        (await Next(call)).ShouldSatisfyAllConditions(m => m.Item.Request.ShouldBe(RequestId.NameOf(waiting.Id)),
            m => m.SealedNo.ShouldBe(head));
        (await Next(call)).ShouldBe(new WatchInboxResponse { SealedNo = head });

        var coming = await fixture.Transmitted(author);
        var item = await NextItem(call);
        item.Request.ShouldBe(RequestId.NameOf(coming.Id));
        item.SealedNo.ShouldBe(head + 2);
    }

    [Fact]
    public async Task From_now_on_leaves_out_what_was_and_moves_the_number_on_without_an_item()
    {
        var (author, partner) = (fixture.Appoint(), fixture.Appoint("PL", "liaison"));
        await fixture.Transmitted(author);
        var head = await fixture.Settled();
        using var call = fixture.As(partner).WatchInbox(new() { AfterSealedNo = -1 });
        (await Next(call)).ShouldBe(new WatchInboxResponse { SealedNo = head });

        await fixture.Draft(author);
        var further = await fixture.Settled();
        WatchInboxResponse word;
        do
        {
            word = await Next(call);
            word.Item.ShouldBeNull();
        }
        while (word.SealedNo < further);
        word.SealedNo.ShouldBe(further);
    }

    [Fact]
    public async Task Ends_by_itself_so_that_a_revoked_certificate_counts()
    {
        using var call = fixture.As(fixture.Appoint(), replica: 1).WatchInbox(new());
        await foreach (var message in call.ResponseStream.ReadAllAsync())
            message.SealedNo.ShouldBeGreaterThanOrEqualTo(0);
        call.GetStatus().StatusCode.ShouldBe(StatusCode.OK);
    }

    [Fact]
    public async Task A_replica_that_stops_says_unavailable_so_that_clients_go_to_another()
    {
        using var call = fixture.As(fixture.Appoint()).WatchInbox(new() { AfterSealedNo = -1 });
        await Next(call);
        await fixture.Replicas[0].Restart();
        (await Should.ThrowAsync<RpcException>(async () =>
        {
            while (true)
                await Next(call);
        })).StatusCode.ShouldBe(StatusCode.Unavailable);
    }

    [Fact]
    public async Task Hundreds_watch_at_once_and_each_hears_everything()
    {
        var author = fixture.Appoint();
        await fixture.Settled();
        var partners = Enumerable.Range(0, 30).Select(_ => fixture.As(fixture.Appoint("PL", "liaison"))).ToList();
        var calls = partners.SelectMany(partner => Enumerable.Range(0, 10).Select(_ => partner.WatchInbox(new() { AfterSealedNo = -1 })))
            .ToList();
        await Task.WhenAll(calls.Select(Next));

        List<RequestState> sent = [];
        for (var i = 0; i < 20; i++)
            sent.Add(await fixture.Transmitted(author));
        var heard = await Task.WhenAll(calls.Select(call => Hear(call, sent.Count)));

        var order = (await fixture.Sealed(sent)).Select(s => s.SealedNo).ToList();
        foreach (var numbers in heard)
            numbers.ShouldBe(order);
        calls.ForEach(call => call.Dispose());

        static async Task<List<long>> Hear(AsyncServerStreamingCall<WatchInboxResponse> call, int count)
        {
            List<long> numbers = [];
            while (numbers.Count < count)
                numbers.Add((await NextItem(call)).SealedNo);
            return numbers;
        }
    }

    /// <summary>
    /// Watchers of both states on either replica, their lines cut after a few messages and taken up again, while steps of all kinds are
    /// taken; the replica that follows the journal is killed in between. Each hears exactly what he is told, in the sealed order.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(20_260_302)]
    [InlineData(4_711)]
    public async Task Nothing_is_missed_and_nothing_comes_twice_however_connections_and_replicas_break(int seed)
    {
        var (author, polish, watching, reading) =
            (fixture.Appoint(), fixture.Appoint("PL", "liaison"), fixture.Appoint("PL", "liaison"), fixture.Appoint());
        var after = await fixture.Settled();
        var goal = new TaskCompletionSource<long>();
        var ofPoland = Collect(watching, after, new(seed), goal.Task);
        var ofBelarus = Collect(reading, after, new(seed + 1), goal.Task);

        var (toPoland, toBelarus) = await TakeSteps(author, polish, new(seed + 2));
        goal.SetResult(await fixture.Settled());

        (await ofPoland).ShouldBe(await fixture.Sealed(toPoland));
        (await ofBelarus).ShouldBe(await fixture.Sealed(toBelarus));
        toPoland.Count.ShouldBeGreaterThan(20);
        toBelarus.Count.ShouldBeGreaterThan(20);
    }

    /// <returns>What Poland is told, and what the author's colleagues are.</returns>
    async Task<(List<RequestState> Poland, List<RequestState> Belarus)> TakeSteps(Caller author, Caller polish, Random random)
    {
        List<RequestState> poland = [], belarus = [];
        var running = new RequestState[6];
        Task killed = Task.CompletedTask;
        for (var i = 0; i < 240; i++)
        {
            if (i == 80)
                killed = KillAndRestart(fixture.Replicas[0]);
            var at = random.Next(running.Length);
            var request = running[at];
            if (request is null || random.Next(8) == 0)
            {
                poland.Add(running[at] = await fixture.Transmitted(author));
                continue;
            }

            switch (random.Next(4))
            {
                case 0:
                    belarus.Add(running[at] = await fixture.Take(request, StepCode.ReportStatus, polish));
                    break;
                case 1:
                    poland.Add(running[at] = await fixture.Take(request, StepCode.RequestStatusReport, author));
                    break;
                case 2:
                    belarus.Add(running[at] = await fixture.Take(request, StepCode.Assign, author));
                    break;
                default:
                    running[at] = await fixture.Take(request, StepCode.AddDocument, polish);
                    break;
            }
        }

        await killed;
        return (poland, belarus);

        static async Task KillAndRestart(ServiceProcess replica)
        {
            await replica.Kill();
            await replica.Restart();
        }
    }

    /// <summary>Watches as a client does over a bad line: goes on from the last number heard, wherever somebody answers.</summary>
    async Task<List<(long SealedNo, string Request, int Version)>> Collect(Caller officer, long after, Random random, Task<long> goal)
    {
        await using var first = CuttingProxy.Before("localhost", fixture.Replicas[0].GrpcPort);
        await using var second = CuttingProxy.Before("localhost", fixture.Replicas[1].GrpcPort);
        List<(long, string, int)> heard = [];
        while (!goal.IsCompleted || after < await goal)
        {
            var line = random.Next(2) == 0 ? first : second;
            using var channel = fixture.Connect(officer, line.Port);
            using var call = new OfficerInbox.OfficerInboxClient(channel).WatchInbox(new() { AfterSealedNo = after });
            try
            {
                // What was on its way when the line broke may still come, or not.
                for (var left = random.Next(1, 9); await call.ResponseStream.MoveNext(default); left--)
                {
                    var message = call.ResponseStream.Current;
                    message.SealedNo.ShouldBeGreaterThanOrEqualTo(after);
                    after = message.SealedNo;
                    if (message.Item is { } item)
                        heard.Add((item.SealedNo, item.Request, item.Version));
                    if (left == 0)
                        line.CutAll();
                }
            }
            catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable or StatusCode.Internal)
            {
            }
        }
        return heard;
    }

    static async Task<WatchInboxResponse> Next(AsyncServerStreamingCall<WatchInboxResponse> call)
    {
        (await call.ResponseStream.MoveNext(default)).ShouldBeTrue();
        return call.ResponseStream.Current;
    }

    static async Task<InboxItem> NextItem(AsyncServerStreamingCall<WatchInboxResponse> call)
    {
        WatchInboxResponse message;
        do
            message = await Next(call);
        while (message.Item is null);
        return message.Item;
    }
}
