using Exchange.Testing;

namespace Exchange.System.Tests.Faults;

/// <summary>T8: bindings vanish at the broker, as by an operator's mistake.</summary>
[Collection(TwoOfEach.Name)]
public sealed class LosingBindings(TwoOfEach two)
{
    [Fact]
    public async Task Of_all_consumers_leaves_the_messages_in_the_outbox_and_says_so()
    {
        await using var broker = await BrokerAccess.Open(two.Exchange.Broker);
        await two.WhileOfficersWork(async officers =>
        {
            await broker.Unbind(BrokerAccess.ToTracking);
            await broker.Unbind(BrokerAccess.ToCorrelation);
            await officers.Answer(3);
            await Eventually.Holds(
                () => two.Exchange.Replicas("requests").Select(process => process.Output)
                    .ShouldAllBe(output => output.Contains("Dispatch stalled")));
            (await Rows.Count(two.Exchange.Databases["requests"], "SELECT count(*) FROM outbox")).ShouldBeGreaterThan(0);
            await broker.Bind(BrokerAccess.ToTracking);
            await broker.Bind(BrokerAccess.ToCorrelation);
        });
    }

    [Fact]
    public async Task Of_one_consumer_heals_from_the_journal()
    {
        await using var broker = await BrokerAccess.Open(two.Exchange.Broker);
        try
        {
            await two.WhileOfficersWork(async officers =>
            {
                await broker.Unbind(BrokerAccess.ToTracking);
                await officers.Answer(FaultRun.Rounds(shortly: 5, fully: 500));
            });
        }
        finally
        {
            await broker.Bind(BrokerAccess.ToTracking);
        }
    }
}
