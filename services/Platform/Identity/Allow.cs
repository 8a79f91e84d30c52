using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Http;

namespace Exchange.Platform;

/// <summary>Which roles may call this rpc. An rpc without it is closed to everybody.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AllowAttribute(params string[] roles) : Attribute
{
    /// <summary>The roles, as <see cref="Caller.Role"/> has them.</summary>
    public IReadOnlyList<string> Roles { get; } = roles;
}

/// <summary>Every role, for what tells nothing of the service's data: health and reflection.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AllowAnyCallerAttribute : Attribute;

/// <summary>Lets a call through only when its rpc names the caller's role; deny by default.</summary>
sealed class AllowInterceptor : Interceptor
{
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        Admit(context);
        return continuation(request, context);
    }

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context,
        ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Admit(context);
        return continuation(requestStream, context);
    }

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Admit(context);
        return continuation(request, responseStream, context);
    }

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Admit(context);
        return continuation(requestStream, responseStream, context);
    }

    static void Admit(ServerCallContext context)
    {
        var rpc = context.GetHttpContext().GetEndpoint()?.Metadata;
        var role = context.Caller().Role;
        if (rpc?.GetMetadata<AllowAnyCallerAttribute>() is not null)
            return;
        var roles = rpc?.GetMetadata<AllowAttribute>()?.Roles ?? [];
        if (!roles.Contains(role))
        {
            throw new Refusal(RefusalKind.NotAllowed, "ROLE_NOT_ALLOWED",
                $"This is for the role {(roles.Count == 0 ? "nobody" : string.Join(" or ", roles))}; your certificate says {role}.");
        }
    }
}
