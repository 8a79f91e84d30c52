using Exchange.Client;
using Exchange.Contracts;
using Exchange.Platform;

namespace Exchange.Correlation;

static class CorrelationModule
{
    /// <summary>The service with everything it consists of, ready to run.</summary>
    public static WebApplicationBuilder Create(string[] args)
    {
        var builder = ServiceHost.Create(args, "correlation", CallerRole.OfOfficers, tables: [], bus => bus
            .WriteJson(json => ContractJson.AddTo(json))
            .Consume<RequestChanged, RequestChangedConsumer>(owner: RequestsJournal.Source)
            .Follow<RequestChanged, RequestsJournal>());
        builder.Services
            .AddOptionsOf<CorrelationOptions>(CorrelationOptions.Section)
            .AddRequestsClient()
            .AddOptionsOf<SubjectReadingOptions>(SubjectReadingOptions.Section)
            .AddSingleton(IdentifierKey.Purpose)
            .AddSingleton<IdentifierKey>()
            .AddSingleton<IdentifierStore>()
            .AddSingleton<SubjectReading>()
            .AddSingleton<IdentifierRebuild>()
            .AddSingleton<LinkQuery>()
            .AddSealer();
        return builder;
    }
}
