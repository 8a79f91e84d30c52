using Exchange.Client;
using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Reference;
using Npgsql;

namespace Exchange.Requests;

static class RequestsModule
{
    /// <summary>Everything this service is made of, on one screen.</summary>
    public static WebApplicationBuilder Create(string[] args)
    {
        var builder = ServiceHost.Create(args, "requests", CallerRole.OfOfficers, RequestStore.Tables, bus => bus
            .WriteJson(json => ContractJson.AddTo(json))
            .Publish<RequestChanged>()
            .Consume<RungConfirmed, RungConfirmedConsumer>(owner: "tracking"));
        var keys = builder.Configuration.GetConnectionString(SubjectVault.Keys)
            ?? throw new InvalidOperationException(
                "ConnectionStrings:Keys is not set: the database of the subject keys, apart from the others.");
        builder.Services
            .AddOptionsOf<RequestsOptions>(RequestsOptions.Section)
            .AddOptionsOf<KeysOptions>(KeysOptions.Section)
            .AddOptionsOf<DocumentOptions>(DocumentOptions.Section)
            .AddOptionsOf<InboxOptions>(InboxOptions.Section)
            .AddNpgsqlDataSource(keys, source => source.NameStatements(), serviceKey: SubjectVault.Keys)
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
            .AddSingleton<RungVerification>()
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

    /// <summary>The subject keys have migrations of their own, for they have a database of their own.</summary>
    public static Task MigrateKeys(this WebApplication app) => new Migrations(
            app.Services.GetRequiredKeyedService<NpgsqlDataSource>(SubjectVault.Keys),
            app.Services.GetRequiredService<ILogger<Migrations>>())
        .Apply([typeof(RequestsModule).Assembly], "KeyMigrations", app.Lifetime.ApplicationStopping);
}
