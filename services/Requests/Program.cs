using Exchange.Platform;
using Exchange.Requests;

await ServiceHost.Run(RequestsModule.Create(args), args, app =>
{
    app.MapGrpcService<RequestRegistryService>();
    app.MapGrpcService<CaseRegistryService>();
    app.MapGrpcService<OfficerInboxService>();
    app.MapGrpcService<DocumentExchangeService>();
});
