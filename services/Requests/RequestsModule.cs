using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Reference;

namespace Exchange.Requests;

static class RequestsModule
{
    /// <summary>Everything this service is made of, on one screen.</summary>
    public static WebApplicationBuilder Create(string[] args)
    {
        var builder = ServiceHost.Create(args, "requests", CallerRole.OfOfficers, RequestStore.Tables, bus => bus
            .WriteJson(json => ContractJson.AddTo(json))
            .Publish<RequestChanged>()
            .Consume<RungConfirmed, RungConfirmedConsumer>(owner: "tracking"), keyDatabase: SubjectVault.Keys);
        builder.Services
            .AddOptionsOf<RequestsOptions>(RequestsOptions.Section)
            .AddOptionsOf<DocumentOptions>(DocumentOptions.Section)
            .AddOptionsOf<InboxOptions>(InboxOptions.Section)
            .AddSingleton(ReferenceData.Load())
            .AddSingleton(LookupIndex.Purpose).AddSingleton<LookupIndex>()
            .AddSingleton(RegisterFingerprint.Rows).AddSingleton(RegisterFingerprint.Ids)
            .AddSingleton(RequestKeys.Wrapped).AddSingleton(SubjectVault.Wrapped)
            .AddSingleton<IStateRebuild, StateRebuild>()
            .AddSingleton<SubjectVault>()
            .AddSingleton<RequestKeyWriter>()
            .AddSingleton<RequestKeys>()
            .AddSingleton<RequestStore>()
            .AddSingleton<RequestViews>()
            .AddSingleton<ReadingStore>()
            .AddSingleton<RegisterFingerprint>()
            .AddSingleton<RegisterImport>()
            .AddSingleton<CaseStore>()
            .AddSingleton<References>()
            .AddSingleton<IRestoreHandler>(services => services.GetRequiredService<References>())
            .AddSingleton<DraftHandler>()
            .AddSingleton<StepHandler>()
            .AddSingleton<FollowUpSteps>()
            .AddSingleton<RungVerification>()
            .AddHostedService<ReplacementWorker>()
            .AddHostedService<LoneTransmissionWorker>()
            .AddSingleton<InboxStore>()
            .AddSingleton<InboxNews>()
            .AddHostedService<InboxFollower>()
            .AddSingleton<UploadStore>()
            .AddSingleton<DocumentContent>()
            .AddSingleton<DocumentCustody>()
            .AddHostedService<DocumentSweep>()
            .AddSealer();
        return builder;
    }
}
