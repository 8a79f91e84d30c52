using Exchange.Correlation;
using Exchange.Platform;

await ServiceHost.Run(CorrelationModule.Create(args), args, app => app.MapGrpcService<CaseCorrelationService>());
