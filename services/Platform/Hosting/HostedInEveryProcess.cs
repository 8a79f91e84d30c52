using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Exchange.Platform;

/// <summary>
/// Hosted services that others wait for: nothing is appended, and no message consumed, unless they run. They run in every process
/// of a service, whatever it was started for. Registering one here is the only way to make it run in the quarantine process, so
/// that it cannot be written once for the one process and be forgotten for the other.
/// </summary>
static class HostedInEveryProcess
{
    sealed record Registration(Func<IServiceProvider, IHostedService> Resolve);

    /// <summary>Hosts the registered singleton in every process.</summary>
    public static IServiceCollection AddHostedInEveryProcess<T>(this IServiceCollection services)
        where T : class, IHostedService =>
        services.AddHostedService(provider => provider.GetRequiredService<T>())
            .AddSingleton(new Registration(provider => provider.GetRequiredService<T>()));

    /// <summary>Leaves of all hosted services only those that run in every process.</summary>
    public static IServiceCollection RemoveOtherHostedServices(this IServiceCollection services)
    {
        var kept = services.Where(service => service.ServiceType == typeof(Registration))
            .Select(service => (Registration)service.ImplementationInstance!).ToList();
        services.RemoveAll<IHostedService>();
        foreach (var registration in kept)
            services.AddSingleton(registration.Resolve);
        return services;
    }
}
