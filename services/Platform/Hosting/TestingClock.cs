using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Exchange.Platform;

/// <summary>
/// The one clock. Setting <c>Testing:Clock</c> (an instant) makes it start there and run on; <c>@FILE</c> names a file that
/// holds the instant at which the file was last changed, and the clock follows when it is rewritten. Refused unless the
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
            throw new InvalidOperationException(
                $"Testing:Clock is set and the environment is {environment.EnvironmentName}; only {Environment} permits it.");
        return setting[0] == '@' ? new Following(setting[1..])
            : Read(setting) is { } start ? new Shifted(start - TimeProvider.System.GetUtcNow())
            : throw new InvalidOperationException("Testing:Clock is not an instant such as 2009-01-05T09:00:00Z.");
    }

    static DateTimeOffset? Read(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? instant : null;

    sealed class Shifted(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
    }

    sealed class Following : TimeProvider
    {
        readonly FileInfo file;
        (DateTime ChangedAt, TimeSpan By) last;

        public Following(string path)
        {
            file = new(path);
            last = Shift() ?? throw new InvalidOperationException(
                "Testing:Clock names a file that holds no instant such as 2009-01-05T09:00:00Z.");
        }

        public override DateTimeOffset GetUtcNow()
        {
            lock (file)
            {
                file.Refresh();
                // A file that is just being rewritten is empty for a moment: until it is whole, the old instant runs on.
                if (file.LastWriteTimeUtc != last.ChangedAt && Shift() is { } moved)
                    last = moved;
                return System.GetUtcNow() + last.By;
            }
        }

        (DateTime, TimeSpan)? Shift()
        {
            try
            {
                var changedAt = file.LastWriteTimeUtc;
                return Read(File.ReadAllText(file.FullName)) is { } instant ? (changedAt, instant - new DateTimeOffset(changedAt)) : null;
            }
            catch (IOException)
            {
                return null;
            }
        }
    }
}
