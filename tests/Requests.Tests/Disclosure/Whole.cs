using Exchange.Platform;

namespace Exchange.Requests.Tests;

/// <summary>A request as a service sees it: all of it.</summary>
static class Whole
{
    public static RequestView Of(RequestState state) =>
        RequestView.Of(state, new Caller { Role = Caller.ServiceRole, Service = "correlation" }, left: null);
}
