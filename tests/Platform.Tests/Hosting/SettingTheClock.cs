using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Exchange.Platform.Tests;

public sealed class SettingTheClock
{
    [Theory]
    [InlineData("Production")]
    [InlineData("Development")]
    public void It_is_refused_outside_the_environment_for_tests(string environment) =>
        Should.Throw<InvalidOperationException>(() => Clock(environment, "2009-01-05T09:00:00Z")).Message.ShouldContain(environment);

    [Fact]
    public void In_the_environment_for_tests_it_starts_there_and_runs_on()
    {
        var clock = Clock("Testing", "2009-01-05T09:00:00Z");

        var first = clock.GetUtcNow();
        first.ShouldBeInRange(Instant("2009-01-05T09:00:00Z"), Instant("2009-01-05T09:05:00Z"));
        clock.GetUtcNow().ShouldBeGreaterThanOrEqualTo(first);
    }

    [Theory]
    [InlineData("Production", null)]
    [InlineData("Testing", "")]
    public void Where_it_is_not_set_the_system_s_own_runs(string environment, string? setting) =>
        Clock(environment, setting).ShouldBeSameAs(TimeProvider.System);

    [Fact]
    public void What_is_no_instant_is_refused() =>
        Should.Throw<InvalidOperationException>(() => Clock("Testing", "Monday")).Message.ShouldContain("2009-01-05T09:00:00Z");

    static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    static TimeProvider Clock(string environment, string? setting)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new() { EnvironmentName = environment });
        builder.Configuration.AddInMemoryCollection([new("Testing:Clock", setting)]);
        return TestingClock.From(builder.Configuration, builder.Environment);
    }
}
