using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Exchange.Platform;

/// <summary>Who sent this request: known from the connection it came in on.</summary>
public static class CallerOfRequest
{
    const string Unauthenticated = "16";

    /// <summary>
    /// Refuses requests on connections whose caller is no longer admitted (revoked or expired since), with the gRPC
    /// status UNAUTHENTICATED, and lets the connection end. Streams that run already are not cut: bound their length.
    /// Requests on other ports, such as the probes', pass.
    /// </summary>
    public static IApplicationBuilder UseCaller(this IApplicationBuilder app)
    {
        var log = app.ApplicationServices.GetRequiredService<ILogger<TrustAnchors>>();
        return app.Use((context, next) =>
        {
            if (Find(context) is not { Accepted: false } refused)
                return next(context);

            TlsEndpoint.Refused(log, refused.Refusal, context.Connection.ClientCertificate?
                .GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256).ToLowerInvariant() ?? "");
            context.Response.ContentType = "application/grpc";
            context.Response.Headers["grpc-status"] = Unauthenticated;
            context.Response.Headers["grpc-message"] = "The certificate is refused: " + refused.Refusal;
            context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
            return Task.CompletedTask;
        });
    }

    /// <exception cref="InvalidOperationException">
    /// Asked on a port without <see cref="TlsEndpoint.UseIdentity"/>, or without <see cref="UseCaller"/> in front.
    /// </exception>
    public static Caller Caller(this HttpContext context) =>
        Find(context) is { Accepted: true } decision
            ? decision.Caller
            : throw new InvalidOperationException("This port does not know its callers.");

    /// <inheritdoc cref="Caller(HttpContext)"/>
    public static Caller Caller(this ServerCallContext context) => context.GetHttpContext().Caller();

    static TrustDecision? Find(HttpContext context) =>
        context.Features.Get<IConnectionItemsFeature>() is { } connection
            ? TlsEndpoint.CallerOf(connection.Items)?.Decision
            : null;
}
