using Exchange.Testing;
using Grpc.Core;
using Registry = Exchange.Requests.V1.RequestRegistry.RequestRegistryClient;

namespace Exchange.System.Tests.Faults;

/// <summary>One client calls as fast and as often at once as it can, over several connections; the others go on with their work.</summary>
[Collection(TwoOfEach.Name)]
public sealed class Flooding(TwoOfEach two)
{
    const int Connections = 4;
    const int CallsOnEach = 200;

    [Fact]
    public async Task Is_refused_and_costs_the_others_no_call()
    {
        var (answered, refused, otherwise, enough) = (0, 0, 0, false);
        var channels = Enumerable.Range(0, Connections).Select(_ => two.Exchange.Connect(two.Exchange.Requests, "prosecutor-2")).ToList();
        var flood = channels.SelectMany(
            channel => Enumerable.Range(0, CallsOnEach).Select(_ => Task.Run(() => Flood(new(channel))))).ToList();

        var repeatsBefore = two.Client.Repeats;
        await two.WhileOfficersWork(async officers =>
        {
            await Eventually.Holds(() => (Volatile.Read(ref refused), Volatile.Read(ref answered)).ShouldSatisfyAllConditions(
                seen => seen.Item1.ShouldBeGreaterThan(1_000), seen => seen.Item2.ShouldBeGreaterThan(100)), TimeSpan.FromMinutes(1));
            await officers.Answer(FaultRun.Rounds(shortly: 10, fully: 1_000));
            enough = true;
            await Task.WhenAll(flood);
        });
        channels.ForEach(channel => channel.Dispose());

        otherwise.ShouldBe(0);
        two.Client.Repeats.ShouldBe(repeatsBefore);

        async Task Flood(Registry requests)
        {
            while (!Volatile.Read(ref enough))
            {
                try
                {
                    await requests.ListRequestsAsync(new() { PageSize = 100 });
                    Interlocked.Increment(ref answered);
                }
                catch (RpcException e) when (e.StatusCode == StatusCode.ResourceExhausted)
                {
                    Interlocked.Increment(ref refused);
                }
                catch (RpcException)
                {
                    Interlocked.Increment(ref otherwise);
                }
            }
        }
    }
}
