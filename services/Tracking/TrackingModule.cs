using Exchange.Contracts;

namespace Exchange.Tracking;

static class TrackingModule
{
    /// <summary>Everything this service is made of, beside the platform.</summary>
    public static IServiceCollection AddTracking(this IServiceCollection services) => services
        .AddSingleton(ReferenceData.Load())
        .AddSingleton<FactsStore>()
        .AddHostedService<FlagWatch>();
}
