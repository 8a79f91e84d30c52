namespace Exchange.System.Tests.Faults;

/// <summary>T1: every process killed in turn with <c>kill -9</c> while officers work.</summary>
[Collection(TwoOfEach.Name)]
public sealed class KillingServices(TwoOfEach two)
{
    [Fact]
    public Task Loses_nothing_and_does_nothing_twice() => two.WhileOfficersWork(async officers =>
    {
        for (var round = 0; round < FaultRun.Rounds(shortly: 1, fully: 30); round++)
        {
            foreach (var service in new[] { "requests", "tracking", "correlation" })
            {
                foreach (var process in two.Exchange.Replicas(service))
                {
                    await process.Kill();
                    await officers.Answer(3);
                    await process.Restart();
                }
            }
        }
        officers.Client.Repeats.ShouldBeGreaterThan(0);
    });
}
