using Microsoft.Extensions.Hosting;
using OpenTelemetry;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>The entry point that the original offers: <c>services.AddOpenTelemetry()</c>.</summary>
public static class OpenTelemetryServicesExtensions
{
    /// <summary>
    /// Adds the providers to the container and starts them with the host. May be called many times; there is one provider of each kind.
    /// </summary>
    public static OpenTelemetryBuilder AddOpenTelemetry(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        // In front of all others, so that what the other hosted services do while they start is traced already.
        if (!services.Any(service => service.ImplementationType == typeof(TelemetryHostedService)))
            services.Insert(0, ServiceDescriptor.Singleton<IHostedService, TelemetryHostedService>());
        return new OpenTelemetryBuilder(services);
    }
}
