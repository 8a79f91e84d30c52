using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Exchange.Platform.Tests;

/// <summary>What a failpoint does is seen in the fault tests, for a process dies of it; here is who may set one.</summary>
public sealed class DyingOnPurpose
{
    [Theory]
    [InlineData("Production")]
    [InlineData("Development")]
    public void It_is_refused_outside_the_environment_for_tests(string environment) =>
        Should.Throw<InvalidOperationException>(() => Read(environment, "ledger.committed=1")).Message.ShouldContain(environment);

    [Fact]
    public void So_is_a_message_that_kills() =>
        Should.Throw<InvalidOperationException>(() => Read("Production", null, "019a3c5e")).Message.ShouldContain("Testing:Kill");

    [Theory]
    [InlineData("ledger.committed")]
    [InlineData("ledger.committed=0")]
    [InlineData("ledger.committed=soon")]
    [InlineData("ledger.commited=1")]
    [InlineData("outbox.confirmed=1,nowhere=2")]
    public void What_names_no_place_or_no_arrival_is_refused(string setting) =>
        Should.Throw<InvalidOperationException>(() => Read("Testing", setting)).Message.ShouldContain("ledger.committed=7");

    [Theory]
    [InlineData("Production", null)]
    [InlineData("Testing", "")]
    public void Where_it_is_not_set_nothing_dies(string environment, string? setting) =>
        Read(environment, setting).ShouldBeSameAs(Failpoints.None);

    [Fact]
    public void Only_the_place_that_is_named_and_only_at_its_arrival()
    {
        var failpoints = Read("Testing", "ledger.committed=3,outbox.confirmed=1");

        failpoints.Reach(Failpoints.BatchConsumed);
        failpoints.Reach(Failpoints.LedgerCommitted);
        failpoints.Reach(Failpoints.LedgerCommitted);
    }

    static Failpoints Read(string environment, string? setting, string? killer = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new() { EnvironmentName = environment });
        builder.Configuration.AddInMemoryCollection([new("Testing:Failpoints", setting), new("Testing:Kill", killer)]);
        return Failpoints.From(builder.Configuration, builder.Environment);
    }
}
