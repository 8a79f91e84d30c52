using Exchange.Client;
using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Reference;

namespace Exchange.Tracking;

static class TrackingModule
{
    /// <summary>The service with everything it consists of, ready to run.</summary>
    public static WebApplicationBuilder Create(string[] args)
    {
        var builder = ServiceHost.Create(args, "tracking", CallerRole.OfOfficers, [RungStore.Table], bus => bus
            .Publish<RungConfirmed>()
            .WriteJson(json => ContractJson.AddTo(json))
            .Consume<RequestChanged, RequestChangedConsumer>(owner: RequestsJournal.Source)
            .Follow<RequestChanged, RequestsJournal>());
        builder.Services
            .AddRequestsClient()
            .AddOptionsOf<TrackingOptions>(TrackingOptions.Section)
            .AddOptionsOf<LadderOptions>(LadderOptions.Section)
            .AddSingleton(ReferenceData.Load())
            .AddSingleton<FlagSignal>()
            .AddSingleton<FactsStore>()
            .AddSingleton<LiveColumnStore>()
            .AddSingleton<UnansweredList>()
            .AddSingleton<FlagLogReader>()
            .AddSingleton<FlagGauge>()
            .AddSingleton(RungLetters.Purpose).AddSingleton<RungLetters>()
            .AddSingleton<RungStore>().AddSingleton<UnrecordedRungs>()
            .AddSingleton<IStateRebuild, RungRebuild>()
            .AddSingleton<RungRecovery>()
            .AddHostedService<RungResending>()
            .AddSingleton<FactsRebuild>()
            .AddSingleton<IRestoreHandler, FlagNumbers>()
            .AddSealer()
            .AddHostedService<ColumnStoreFollower>()
            .AddHostedService<FlagRaiser>()
            .AddReadiness<ColumnStoreHealth>("columns");
        return builder;
    }
}
