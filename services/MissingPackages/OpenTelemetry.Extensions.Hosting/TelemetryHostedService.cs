using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace OpenTelemetry;

/// <summary>Builds the providers when the host starts and sends what is left when it stops; the container disposes them.</summary>
sealed class TelemetryHostedService(IServiceProvider services) : IHostedService
{
    /// <summary>A collector that does not answer must not hold up the end of a process for longer.</summary>
    const int flushMilliseconds = 2000;

    MeterProvider? meters;
    TracerProvider? tracers;
    LoggerProvider? loggers;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        meters = services.GetService<MeterProvider>();
        tracers = services.GetService<TracerProvider>();
        loggers = services.GetService<LoggerProvider>();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        tracers?.ForceFlush(flushMilliseconds);
        meters?.ForceFlush(flushMilliseconds);
        loggers?.ForceFlush(flushMilliseconds);
        return Task.CompletedTask;
    }
}
