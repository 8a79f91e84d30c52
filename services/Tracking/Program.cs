using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Tracking;

var builder = ServiceHost.Create(args, "tracking", null, bus => bus.Take<RequestChanged, RequestChangedTaker>());
builder.Services.AddTracking();
await ServiceHost.Run(builder, args, app => app.MapGrpcService<ResponseTrackingService>());
