using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Requests.V1;
using Microsoft.Extensions.Options;

namespace Exchange.Tracking;

static class TrackingModule
{
    /// <summary>Everything this service is made of, on one screen.</summary>
    public static WebApplicationBuilder Create(string[] args)
    {
        var builder = ServiceHost.Create(args, "tracking", tables: [], bus => bus
            .WriteJson(json => ContractJson.AddTo(json))
            .Take<RequestChanged, RequestChangedTaker>()
            .Follow<RequestChanged, RequestsJournal>());
        builder.Services
            .AddOptionsOf<RequestsOptions>(RequestsOptions.Section)
            .AddSingleton(ReferenceData.Load())
            .AddSingleton<FactsStore>()
            .AddSingleton(services => new RequestRegistry.RequestRegistryClient(services.GetRequiredService<ServiceChannel>()
                .Open("requests", services.GetRequiredService<IOptions<RequestsOptions>>().Value.Address!)))
            .AddHostedService<FlagWatch>();
        return builder;
    }
}
