using Exchange.Client;
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
        var builder = ServiceHost.Create(args, "tracking", [RungStore.Table], bus => bus
            .Publish<RungConfirmed>()
            .WriteJson(json => ContractJson.AddTo(json))
            .Take<RequestChanged, RequestChangedTaker>()
            .Follow<RequestChanged, RequestsJournal>());
        builder.Services
            .AddOptionsOf<RequestsOptions>(RequestsOptions.Section)
            .AddOptionsOf<TrackingOptions>(TrackingOptions.Section)
            .AddOptionsOf<LadderOptions>(LadderOptions.Section)
            .AddSingleton(ReferenceData.Load())
            .AddSingleton<FlagSignal>()
            .AddSingleton<FactsStore>()
            .AddSingleton<FactsColumns>()
            .AddSingleton<FlagChanges>()
            .AddSingleton<FlagGauge>()
            .AddSingleton<RungStore>()
            .AddSingleton<LostRungs>()
            .AddSingleton<FactsRebuild>()
            .AddSingleton<IRestored, FlagNumbers>()
            .AddServiceChannels()
            .AddSingleton(services => new RequestRegistry.RequestRegistryClient(services.GetRequiredService<ServiceChannelFactory>()
                .Open("requests", services.GetRequiredService<IOptions<RequestsOptions>>().Value.Address!).CallInvoker))
            .AddSingleton<ComposeCheckpoint>(services => (sealedNo, sealHash, sealedAt) => Checkpoints.Compose(
                services.GetRequiredService<ServiceCertificate>().Current, "exchange://service/tracking", sealedNo, sealHash, sealedAt))
            .AddSealer()
            .AddHostedService<ColumnsFollower>()
            .AddHostedService<FlagWatch>()
            .AddReadiness<ColumnsHealth>("columns");
        return builder;
    }
}
