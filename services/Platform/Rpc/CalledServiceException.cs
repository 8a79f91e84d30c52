using Grpc.Core;

namespace Exchange.Platform;

/// <summary>
/// A call that this service made to another did not end with OK. A type of its own, because the gRPC library throws <see
/// cref="RpcException"/> about the caller's own message too, and that is his to hear, while this was meant for us.
/// </summary>
/// <param name="service">The service that was called, such as <c>requests</c>.</param>
/// <param name="cause">The error as gRPC reports it; all that it says is kept.</param>
public sealed class CalledServiceException(string service, RpcException cause) : RpcException(cause.Status, cause.Trailers, cause.Message)
{
    /// <summary>The service that was called, such as <c>requests</c>.</summary>
    public string Service => service;
}
