using System.Globalization;
using System.Threading.RateLimiting;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Exchange.Platform;

/// <summary>
/// Decides before a call is read whether it is taken on: so many at a time, so many of one caller. ASP.NET Core's own
/// limiters, which also count what they refuse (meter <c>Microsoft.AspNetCore.RateLimiting</c>).
/// </summary>
static class Admission
{
    const string Timeout = "grpc-timeout";

    public static IServiceCollection AddAdmission(this IServiceCollection services)
    {
        services.AddOptionsOf<LimitsOptions>(LimitsOptions.Section).AddRateLimiter(_ => { });
        services.AddOptions<RateLimiterOptions>().Configure<IOptions<LimitsOptions>>((limiter, options) =>
        {
            var limits = options.Value;
            // First the caller's own: what he has too many of shall not stand in the way of others.
            limiter.GlobalLimiter = PartitionedRateLimiter.CreateChained(
                Each(context => KindOf(context) switch
                {
                    Kind.Call => ($"calls {context.Caller()}", limits.CallsPerCaller, limits.WaitingPerCaller),
                    Kind.Stream => ($"streams {context.Caller()}", limits.StreamsPerCaller, 0),
                    _ => null,
                }),
                Each(context => KindOf(context) is Kind.Call ? ("calls", limits.Calls, limits.Waiting) : null));
            limiter.OnRejected = Refuse;
        });
        return services;
    }

    /// <summary>Adds the limits to the pipeline; after <see cref="CallerOfRequest.UseCaller"/>, for they are counted by caller.</summary>
    public static IApplicationBuilder UseAdmission(this IApplicationBuilder app)
    {
        var longest = app.ApplicationServices.GetRequiredService<IOptions<LimitsOptions>>().Value.LongestCall;
        return app.UseRateLimiter().Use((context, next) =>
        {
            if (TypeOf(context) is MethodType.Unary && !(AskedFor(context.Request.Headers[Timeout]) <= longest))
                context.Request.Headers[Timeout] = string.Create(CultureInfo.InvariantCulture, $"{(long)longest.TotalMilliseconds}m");
            return next(context);
        });
    }

    /// <summary>The deadline of a <c>grpc-timeout</c> header; null where there is none, or none that can be read.</summary>
    internal static TimeSpan? AskedFor(string? timeout)
    {
        if (timeout is not [.., var unit] || !long.TryParse(timeout.AsSpan(0, timeout.Length - 1), NumberStyles.None,
            CultureInfo.InvariantCulture, out var amount)
            || timeout.Length > 9)
            return null;
        return unit switch
        {
            'H' => TimeSpan.FromHours(amount),
            'M' => TimeSpan.FromMinutes(amount),
            'S' => TimeSpan.FromSeconds(amount),
            'm' => TimeSpan.FromMilliseconds(amount),
            'u' => TimeSpan.FromMicroseconds(amount),
            'n' => TimeSpan.FromTicks(amount / TimeSpan.NanosecondsPerTick),
            _ => null,
        };
    }

    enum Kind
    {
        Uncounted,
        Call,
        Stream,
    }

    static MethodType? TypeOf(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method.Type;

    static Kind KindOf(HttpContext context) => TypeOf(context) switch
    {
        null => Kind.Uncounted,
        _ when context.Caller().IsService => Kind.Uncounted,
        MethodType.Unary => Kind.Call,
        _ => Kind.Stream,
    };

    static PartitionedRateLimiter<HttpContext> Each(Func<HttpContext, (string Key, int AtATime, int Waiting)?> limit) =>
        PartitionedRateLimiter.Create<HttpContext, string>(context => limit(context) is var (key, atATime, waiting)
            ? RateLimitPartition.GetConcurrencyLimiter(key, _ => new()
            {
                PermitLimit = atATime, QueueLimit = waiting, QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
            })
            : RateLimitPartition.GetNoLimiter(""));

    static ValueTask Refuse(OnRejectedContext rejected, CancellationToken ct)
    {
        var refusal = KindOf(rejected.HttpContext) is Kind.Stream
            ? new Refusal(RefusalKind.Exhausted, "TOO_MANY_STREAMS", "You have too many streams open; end one first.")
            : new Refusal(RefusalKind.Exhausted, "TOO_MANY_CALLS", "Too many calls at once; try again in a moment.");
        var answer = ErrorInterceptor.ToRpcException(refusal);
        var response = rejected.HttpContext.Response;
        (response.StatusCode, response.ContentType) = (StatusCodes.Status200OK, "application/grpc");
        response.Headers["grpc-status"] = ((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture);
        response.Headers["grpc-message"] = answer.Status.Detail;
        foreach (var detail in answer.Trailers)
            response.Headers[detail.Key] = Convert.ToBase64String(detail.ValueBytes);
        return ValueTask.CompletedTask;
    }
}
