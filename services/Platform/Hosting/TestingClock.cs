using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Exchange.Platform;

/// <summary>
/// The one clock. Setting <c>Testing:Clock</c> (an instant) makes it start there and run on; refused unless the
/// environment is <em>Testing</em>, for whoever moves the clock moves every time limit.
/// </summary>
public static class TestingClock
{
    /// <summary>The environment in which the clock may be set.</summary>
    public const string Environment = "Testing";

    /// <exception cref="InvalidOperationException">Set outside the environment, or not an instant.</exception>
    public static TimeProvider From(IConfiguration configuration, IHostEnvironment environment)
    {
        if (configuration["Testing:Clock"] is not { Length: > 0 } setting)
            return TimeProvider.System;
        if (!environment.IsEnvironment(Environment))
            throw new InvalidOperationException($"Testing:Clock is set and the environment is {environment.EnvironmentName}; only {Environment} permits it.");
        return DateTimeOffset.TryParse(setting, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var start)
            ? new Shifted(start - TimeProvider.System.GetUtcNow())
            : throw new InvalidOperationException("Testing:Clock is not an instant such as 2009-01-05T09:00:00Z.");
    }

    sealed class Shifted(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
    }
}
