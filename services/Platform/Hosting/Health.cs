using System.Text.Json;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Exchange.Platform;

/// <summary>Whether the process is there, and whether it can do its work.</summary>
public static class Health
{
    // Where orchestrators ask.
    const string LivePath = "/health/live";
    const string ReadyPath = "/health/ready";

    const string OurReadiness = "exchange-ready";
    const string OfTheService = "exchange-service";
    const string OurLiveness = "exchange-live";

    /// <param name="quarantine">The process only tries dead letters: it has neither bus nor outbox.</param>
    internal static void AddHealth(this IServiceCollection services, bool quarantine)
    {
        var checks = services.AddSingleton<BusHealth>().AddHealthChecks().AddCheck<DatabaseHealth>("database", tags: [OurReadiness]);
        if (quarantine)
            checks.AddCheck<Quarantine>("quarantine", tags: [OurReadiness]);
        else
            checks.AddCheck<OutboxHealth>("outbox", tags: [OurReadiness]).AddCheck<BusHealth>("broker", tags: [OurReadiness])
                .AddCheck<DatabaseHistoryHealth>("history", tags: [OurReadiness]).AddCheck<RecordHealth>("record", tags: [OurReadiness])
                    .AddCheck<ConsumerLiveness>("consumers", tags: [OurLiveness]);
    }

    /// <summary>One more thing that a service must have before it is ready.</summary>
    /// <param name="name">By which <c>/health/ready</c> names it.</param>
    public static IServiceCollection AddReadiness<T>(this IServiceCollection services, string name)
        where T : class, IHealthCheck
    {
        services.AddHealthChecks().AddCheck<T>(name, tags: [OurReadiness, OfTheService]);
        return services;
    }

    /// <summary>For a process that does nothing of what the service does.</summary>
    internal static void DropReadinessOfTheService(this IServiceCollection services) =>
        services.PostConfigure<HealthCheckServiceOptions>(checks =>
    {
        foreach (var check in checks.Registrations.Where(check => check.Tags.Contains(OfTheService)).ToList())
            checks.Registrations.Remove(check);
    });

    /// <summary>Whether an orchestrator asks for health here, as it does every few seconds.</summary>
    internal static bool IsProbe(HttpRequest request) => request.Path == LivePath || request.Path == ReadyPath;

    /// <summary>
    /// Live: the process answers, and at the broker each endpoint has a consumer. Ready: database, broker and the age of the
    /// outbox, each by name.
    /// </summary>
    internal static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapHealthChecks(LivePath, new() { Predicate = check => check.Tags.Contains(OurLiveness), ResponseWriter = Write });
        app.MapHealthChecks(ReadyPath, new() { Predicate = IsReadiness, ResponseWriter = Write });
    }

    /// <summary>Ours only: the bus registers a check of its own, which calls a writing service without a broker unhealthy.</summary>
    internal static bool IsReadiness(HealthCheckRegistration check) => check.Tags.Contains(OurReadiness);

    static Task Write(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(JsonSerializer.Serialize(new
        {
            status = report.Status.ToString(),
            checks = report.Entries.ToDictionary(e => e.Key, e => $"{e.Value.Status}{(e.Value.Description is { } why ? ": " + why : "")}"),
        }));
    }

    sealed class DatabaseHealth(Database database) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            await database.Query("SELECT 1", [], row => row.GetInt32(0), cancellationToken);
            return HealthCheckResult.Healthy();
        }
    }

    sealed class OutboxHealth(Outbox outbox, IOptions<OutboxOptions> options, TimeProvider time) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            var (waiting, oldest) = await outbox.Waiting(cancellationToken);
            return oldest is { } since && time.GetUtcNow() - since > options.Value.ReadyAge
                ? HealthCheckResult.Unhealthy($"{waiting} messages wait, the oldest since {since:O}")
                : HealthCheckResult.Healthy();
        }
    }

    /// <summary>
    /// Writes stay possible while the broker is away, so a service without it is degraded, not down, once it has been up.
    /// </summary>
    sealed class BusHealth(IBusControl bus) : IHealthCheck
    {
        volatile bool seen;

        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            var health = bus.CheckHealth();
            seen |= health.Status is BusHealthStatus.Healthy;
            return Task.FromResult(health.Status is BusHealthStatus.Healthy ? HealthCheckResult.Healthy()
                : seen ? HealthCheckResult.Degraded("the broker is away; messages wait in the outbox")
                : HealthCheckResult.Unhealthy("not connected to the broker yet"));
        }
    }
}
