using Exchange.Client;
using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Requests.V1;
using Microsoft.Extensions.Options;

namespace Exchange.Correlation;

static class CorrelationModule
{
    /// <summary>Everything this service is made of, on one screen.</summary>
    public static WebApplicationBuilder Create(string[] args)
    {
        var builder = ServiceHost.Create(args, "correlation", tables: [], bus => bus
            .WriteJson(json => ContractJson.AddTo(json))
            .Take<RequestChanged, RequestChangedTaker>()
            .Follow<RequestChanged, RequestsJournal>());
        builder.Services
            .AddOptionsOf<CorrelationOptions>(CorrelationOptions.Section)
            .AddOptionsOf<RequestsOptions>(RequestsOptions.Section)
            .AddOptionsOf<KeysOptions>(KeysOptions.Section)
            .AddSingleton<ServiceKey>()
            .AddSingleton<IdentifierKey>()
            .AddSingleton<IdentifierStore>()
            .AddSingleton<SubjectReading>()
            .AddSingleton<IdentifierRebuild>()
            .AddSingleton<LinkQuery>()
            .AddServiceChannels()
            .AddSingleton(services => new RequestRegistry.RequestRegistryClient(services.GetRequiredService<ServiceChannelFactory>()
                .Open("requests", services.GetRequiredService<IOptions<RequestsOptions>>().Value.Address!).CallInvoker))
            .AddSingleton<ComposeCheckpoint>(services => (sealedNo, sealHash, sealedAt) => Checkpoints.Compose(
                services.GetRequiredService<ServiceCertificate>().Current, "exchange://service/correlation", sealedNo, sealHash, sealedAt))
            .AddSealer();
        return builder;
    }
}
