using Grpc.Core;

namespace Exchange.Client;

/// <summary>A generated client and the channel it calls over; what fails says which service it was.</summary>
/// <param name="displayName">How the service is called in messages to people: Requests, Tracking, Correlation.</param>
public sealed class ServiceClient<TClient>(string displayName, ServiceChannel channel, Func<CallInvoker, TClient> create)
    where TClient : ClientBase<TClient>
{
    readonly TClient client = create(channel.CallInvoker);

    /// <summary>How the service is called in messages to people.</summary>
    public string Service => displayName;

    /// <summary>Where it is called.</summary>
    public Uri Address => channel.Address;

    /// <summary>
    /// The identity in the certificate that the server showed last, also when it was refused; empty before the first call.
    /// </summary>
    public string PeerIdentity => channel.Server?.Identity ?? "";

    /// <summary>Makes one call, or several that belong together.</summary>
    /// <exception cref="ServiceCallException">A call did not end with OK.</exception>
    public async Task<T> Call<T>(Func<TClient, Task<T>> call)
    {
        try
        {
            return await call(client);
        }
        catch (RpcException cause)
        {
            throw new ServiceCallException(displayName, channel.Address, cause, channel.Server);
        }
    }
}

/// <summary>A call that did not end with OK, with the service that was called: gRPC's error alone does not say which.</summary>
public sealed class ServiceCallException(string service, Uri address, RpcException cause, ServerVerdict? server)
    : Exception(cause.Status.Detail, cause)
{
    /// <summary>How the service is called in messages to people.</summary>
    public string Service => service;

    /// <summary>Where it was called.</summary>
    public Uri Address => address;

    /// <summary>The error as gRPC reports it.</summary>
    public RpcException Cause => cause;

    /// <summary>What the server showed at the newest handshake; null when there was none.</summary>
    public ServerVerdict? Server => server;
}
