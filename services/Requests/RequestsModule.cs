using Exchange.Client;
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
            .Consume<RungConfirmed, RungConfirmedConsumer>());
        // Keys have migrations of their own, for they have a database of their own.
        builder.AddDatabase(new(SubjectVault.Keys, "KeyMigrations", [typeof(RequestsModule).Assembly]));
        builder.Services
            .AddOptionsOf<RequestsOptions>(RequestsOptions.Section)
            .AddOptionsOf<KeysOptions>(KeysOptions.Section)
            .AddOptionsOf<DocumentOptions>(DocumentOptions.Section)
            .AddOptionsOf<InboxOptions>(InboxOptions.Section)
            .AddSingleton(ReferenceData.Load())
            .AddSingleton<ServiceKey>()
            .AddSingleton<SubjectVault>()
            .AddSingleton<RequestKeyWriter>()
            .AddSingleton<RequestKeys>()
            .AddSingleton<RequestStore>()
            .AddSingleton<RegisterImport>()
            .AddSingleton<CaseStore>()
            .AddSingleton<References>()
            .AddSingleton<IRestoreHandler>(services => services.GetRequiredService<References>())
            .AddSingleton<DraftHandler>()
            .AddSingleton<StepHandler>()
            .AddSingleton<FollowUpSteps>()
            .AddHostedService<ReplacementWorker>()
            .AddSingleton<InboxStore>()
            .AddSingleton<InboxNews>()
            .AddHostedService<InboxFollower>()
            .AddSingleton<UploadStore>()
            .AddSingleton<DocumentContent>()
            .AddSingleton<DocumentCustody>()
            .AddHostedService<DocumentSweep>()
            .AddSealerWithCheckpoints();
        return builder;
    }
}
