using Exchange.Platform;
using Exchange.Tracking;

await ServiceHost.Run(TrackingModule.Create(args), args, app =>
{
    app.MapGrpcService<ResponseTrackingService>();
    app.MapGrpcService<EscalationService>();
});
