using Exchange.Testing;
using Npgsql;

namespace Exchange.System.Tests.Faults;

/// <summary>T9: a consumer's transaction takes longer than the broker waits for an acknowledgement.</summary>
[Collection(OnServersOfTheirOwn.Name)]
public sealed class TakingTooLong(OnServersOfTheirOwn own)
{
    [Fact]
    public async Task Costs_the_channel_and_no_message()
    {
        // Both are for channels to come; those that are open keep what they began with.
        await own.Broker.Control(
            "eval", "application:set_env(rabbit, consumer_timeout, 3000), application:set_env(rabbit, channel_tick_interval, 1000).");
        await own.Exchange.Tracking.Restart();
        try
        {
            await own.WhileOfficersWork(async officers =>
            {
                await using var open = new NpgsqlConnection(own.Exchange.Databases["tracking"]);
                await open.OpenAsync();
                await using var held = await open.BeginTransactionAsync();
                await using (var hold = new NpgsqlCommand("LOCK TABLE facts IN ACCESS EXCLUSIVE MODE", open))
                    await hold.ExecuteNonQueryAsync();
                await officers.Answer(3);
                await Eventually.Holds(
                    async () => (await own.Broker.Log()).ShouldMatch(@"delivery acknowledgement on channel \d+ timed out"),
                    TimeSpan.FromMinutes(2));
                await held.RollbackAsync();
            });
        }
        finally
        {
            await own.Broker.Control(
                "eval",
                "application:set_env(rabbit, consumer_timeout, 1800000), application:set_env(rabbit, channel_tick_interval, 60000).");
        }
    }
}
