using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Exchange.Platform.Tests;

public sealed class SettingTheClock : IDisposable
{
    readonly string file = Path.GetTempFileName();

    public void Dispose() => File.Delete(file);

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

    [Fact]
    public void In_a_file_it_runs_on_from_when_the_file_was_changed_and_follows_when_it_is_rewritten()
    {
        Write("2009-01-05T09:00:00Z", changed: TimeProvider.System.GetUtcNow().AddHours(-2));
        var clock = Clock("Testing", "@" + file);
        clock.GetUtcNow().ShouldBeInRange(Instant("2009-01-05T11:00:00Z"), Instant("2009-01-05T11:05:00Z"));

        Write("2009-07-06T00:00:00Z", changed: TimeProvider.System.GetUtcNow());
        clock.GetUtcNow().ShouldBeInRange(Instant("2009-07-06T00:00:00Z"), Instant("2009-07-06T00:05:00Z"));
    }

    [Fact]
    public void In_a_file_that_is_half_written_or_gone_the_old_instant_runs_on()
    {
        Write("2009-01-05T09:00:00Z", changed: TimeProvider.System.GetUtcNow());
        var clock = Clock("Testing", "@" + file);

        Write("", changed: TimeProvider.System.GetUtcNow().AddSeconds(1));
        clock.GetUtcNow().ShouldBeInRange(Instant("2009-01-05T09:00:00Z"), Instant("2009-01-05T09:05:00Z"));
        File.Delete(file);
        clock.GetUtcNow().ShouldBeInRange(Instant("2009-01-05T09:00:00Z"), Instant("2009-01-05T09:05:00Z"));
    }

    [Fact]
    public void A_file_is_refused_outside_the_environment_for_tests_and_when_it_holds_no_instant()
    {
        Write("2009-01-05T09:00:00Z", changed: TimeProvider.System.GetUtcNow());
        Should.Throw<InvalidOperationException>(() => Clock("Production", "@" + file)).Message.ShouldContain("Production");

        Write("Monday", changed: TimeProvider.System.GetUtcNow());
        Should.Throw<InvalidOperationException>(() => Clock("Testing", "@" + file)).Message.ShouldContain("2009-01-05T09:00:00Z");
        Should.Throw<InvalidOperationException>(() => Clock("Testing", "@/there/is/no/such/file"))
            .Message.ShouldContain("2009-01-05T09:00:00Z");
    }

    void Write(string text, DateTimeOffset changed)
    {
        File.WriteAllText(file, text);
        File.SetLastWriteTimeUtc(file, changed.UtcDateTime);
    }

    static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    static TimeProvider Clock(string environment, string? setting)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new() { EnvironmentName = environment });
        builder.Configuration.AddInMemoryCollection([new("Testing:Clock", setting)]);
        return TestingClock.From(builder.Configuration, builder.Environment);
    }
}
