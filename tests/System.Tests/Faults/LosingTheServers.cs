using Exchange.Testing;

namespace Exchange.System.Tests.Faults;

/// <summary>T3 and T4: the broker stopped, starved of memory and of disk; the database killed.</summary>
[Collection(OnServersOfTheirOwn.Name)]
public sealed class LosingTheServers(OnServersOfTheirOwn own)
{
    [Fact]
    public Task A_broker_that_is_away_stops_no_officer_and_gets_the_backlog_later() => own.WhileOfficersWork(async officers =>
    {
        await own.Broker.Stop();
        await officers.Answer(FaultRun.Rounds(shortly: 10, fully: 5_000));
        (await Waiting()).ShouldBeGreaterThan(0);
        await own.Broker.Restart();
    });

    [Theory]
    [InlineData("set_vm_memory_high_watermark absolute 1MB", "set_vm_memory_high_watermark absolute 2GiB")]
    [InlineData("set_disk_free_limit 100000GB", "set_disk_free_limit 500MB")]
    public Task A_broker_that_takes_no_more_stops_no_officer(string starve, string feed) => own.WhileOfficersWork(async officers =>
    {
        await own.Broker.Control(starve.Split(' '));
        try
        {
            await officers.Answer(FaultRun.Rounds(shortly: 10, fully: 1_000));
            (await Waiting()).ShouldBeGreaterThan(0);
        }
        finally
        {
            await own.Broker.Control(feed.Split(' '));
        }
    });

    [Fact]
    public Task A_database_that_is_killed_keeps_all_that_was_answered() => own.WhileOfficersWork(async officers =>
    {
        for (var round = 0; round < FaultRun.Rounds(shortly: 2, fully: 100); round++)
        {
            await own.Servers.Kill(Server.Postgres);
            await own.Servers.Start(Server.Postgres);
            await officers.Answer(3);
        }
    });

    Task<long> Waiting() => Rows.Count(own.Exchange.Databases["requests"], "SELECT count(*) FROM outbox");
}
