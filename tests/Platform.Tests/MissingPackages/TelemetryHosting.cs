using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Exchange.Platform.Tests.MissingPackages;

/// <summary>AddOpenTelemetry builds the providers with the host, in the container of the host, and sends what is left when it stops.</summary>
public sealed class TelemetryHosting : IDisposable
{
    readonly string name = $"test {Guid.CreateVersion7()}";
    readonly ActivitySource source;
    readonly Meter meter;

    public TelemetryHosting()
    {
        source = new ActivitySource(name);
        meter = new Meter(name);
    }

    [Fact]
    public async Task A_span_reaches_an_exporter_that_the_container_of_the_host_made()
    {
        using var host = Build(services => services
            .AddSingleton(_ => Spans())
            .AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("orders"))
            .WithTracing(tracing => tracing
                .AddSource(name)
                .AddProcessor(inner => new SimpleActivityExportProcessor(inner.GetRequiredService<Kept<Activity>>()))));
        await host.StartAsync();

        source.StartActivity("work")!.Dispose();

        var kept = host.Services.GetRequiredService<Kept<Activity>>();
        kept.Items.ShouldBe(["work"]);
        kept.ParentProvider.GetResource().Attributes.ShouldContain(new KeyValuePair<string, object>("service.name", "orders"));
    }

    [Fact]
    public async Task Spans_that_wait_in_a_batch_are_sent_when_the_host_stops()
    {
        var kept = Spans();
        using var host = Build(services => services.AddOpenTelemetry().WithTracing(tracing => tracing
            .AddSource(name)
            .AddProcessor(new BatchActivityExportProcessor(kept, scheduledDelayMilliseconds: int.MaxValue))));
        await host.StartAsync();
        source.StartActivity("work")!.Dispose();
        kept.Items.ShouldBeEmpty();

        await host.StopAsync();

        kept.Items.ShouldBe(["work"]);
    }

    [Fact]
    public async Task What_another_hosted_service_does_while_it_starts_is_traced()
    {
        var kept = Spans();
        using var host = Build(services =>
        {
            services.AddHostedService(_ => new Starting(source));
            services.AddOpenTelemetry().WithTracing(tracing => tracing.AddSource(name).AddProcessor(new SimpleActivityExportProcessor(kept)));
        });

        await host.StartAsync();

        kept.Items.ShouldBe(["start"]);
    }

    [Fact]
    public async Task A_measurement_is_sent_when_the_host_stops()
    {
        var kept = new Kept<Metric>(metric => metric.Name);
        using var host = Build(services => services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter(name)
            .AddReader(new PeriodicExportingMetricReader(kept, exportIntervalMilliseconds: int.MaxValue))));
        await host.StartAsync();
        meter.CreateCounter<long>("orders").Add(3);

        await host.StopAsync();

        kept.Items.ShouldBe(["orders"]);
    }

    [Fact]
    public async Task A_log_record_reaches_its_exporter()
    {
        var kept = new Kept<LogRecord>(record => record.FormattedMessage!);
        using var host = Build(services => services.AddOpenTelemetry().WithLogging(
            logging => logging.AddProcessor(new SimpleLogRecordExportProcessor(kept)),
            options => options.IncludeFormattedMessage = true));
        await host.StartAsync();

        host.Services.GetRequiredService<ILoggerFactory>().CreateLogger(name).Log(LogLevel.Information, default, "done", null, (text, _) => text);

        kept.Items.ShouldContain("done");
    }

    [Fact]
    public async Task Adding_telemetry_twice_adds_to_the_same_provider()
    {
        var kept = Spans();
        using var host = Build(services =>
        {
            services.AddOpenTelemetry().WithTracing(tracing => tracing.AddSource(name));
            services.AddOpenTelemetry().WithTracing(tracing => tracing.AddProcessor(new SimpleActivityExportProcessor(kept)));
        });
        await host.StartAsync();

        source.StartActivity("work")!.Dispose();

        kept.Items.ShouldBe(["work"]);
        host.Services.GetServices<TracerProvider>().Count().ShouldBe(1);
    }

    public void Dispose()
    {
        source.Dispose();
        meter.Dispose();
    }

    static IHost Build(Action<IServiceCollection> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        configure(builder.Services);
        return builder.Build();
    }

    static Kept<Activity> Spans() => new(span => span.DisplayName);

    /// <summary>Keeps texts, because log records are given back to a pool once they are exported.</summary>
    sealed class Kept<T>(Func<T, string> text) : BaseExporter<T> where T : class
    {
        public List<string> Items { get; } = [];

        public override ExportResult Export(in Batch<T> batch)
        {
            foreach (var item in batch)
                Items.Add(text(item));
            return ExportResult.Success;
        }
    }

    sealed class Starting(ActivitySource source) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            source.StartActivity("start")?.Dispose();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
