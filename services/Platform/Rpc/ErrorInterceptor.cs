using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Exchange.Platform;

/// <summary>The one place where an exception becomes a gRPC status with google.rpc details.</summary>
sealed partial class ErrorInterceptor(ILogger<ErrorInterceptor> log) : Interceptor
{
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
        Translate(() => continuation(request, context), context);

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context,
        ClientStreamingServerMethod<TRequest, TResponse> continuation) =>
        Translate(() => continuation(requestStream, context), context);

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        Translate(() => Valueless(continuation(request, responseStream, context)), context);

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
        Translate(() => Valueless(continuation(requestStream, responseStream, context)), context);

    static async Task<bool> Valueless(Task task)
    {
        await task;
        return true;
    }

    async Task<T> Translate<T>(Func<Task<T>> call, ServerCallContext context)
    {
        try
        {
            return await call();
        }
        catch (Refusal refusal)
        {
            Refused(context.Method, refusal.Reason);
            throw ToRpcException(refusal);
        }
        catch (Exception e) when (context.CancellationToken.IsCancellationRequested
            && e is OperationCanceledException or IOException or CalledServiceException)
        {
            // The library says so by itself, unless the work notices first. Its deadlines are by the machine's own clock.
            throw new RpcException(context.Deadline <= TimeProvider.System.GetUtcNow().UtcDateTime
                ? new(StatusCode.DeadlineExceeded, "The time for this call was over.")
                : new(StatusCode.Cancelled, "The caller went away."));
        }
        catch (NpgsqlException e) when (Transient.IsTransient(e))
        {
            DatabaseAway(e, context.Method);
            throw Answer(StatusCode.Unavailable, "The database is away; try again.", "DATABASE_AWAY", []);
        }
        // The status of a call that was made on the way here was meant for this service: its caller could take a refusal of the one for
        // a refusal of himself, and would not learn who is away.
        catch (CalledServiceException e) when (Transient.IsTransient(e))
        {
            NeededServiceAway(e, context.Method, e.Service);
            throw Answer(StatusCode.Unavailable, $"The service {e.Service}, which is needed for this, cannot be reached; try again.",
                "NEEDED_SERVICE_AWAY", []);
        }
        // What the library says of the caller's own message, such as that it is too large, goes on to him as it is.
        catch (Exception e) when (e is CalledServiceException or not RpcException)
        {
            Unexpected(e, context.Method);
            throw Answer(StatusCode.Internal, "Internal error; the operator's log has the trace.", "INTERNAL", []);
        }
    }

    internal static RpcException ToRpcException(Refusal refusal) =>
        Answer(StatusOf(refusal.Kind), refusal.Message, refusal.Reason, refusal.Violations);

    static RpcException Answer(StatusCode code, string message, string reason, IReadOnlyList<Violation> violations)
    {
        var status = new Google.Rpc.Status { Code = (int)code, Message = message };
        status.Details.Add(Any.Pack(new ErrorInfo { Reason = reason, Domain = "exchange" }));
        if (violations.Count > 0)
        {
            status.Details.Add(Any.Pack(new BadRequest
            {
                FieldViolations =
                {
                    violations.Select(v => new BadRequest.Types.FieldViolation { Field = v.Field, Description = v.Description }),
                },
            }));
        }
        if (code is StatusCode.Unavailable or StatusCode.ResourceExhausted)
            status.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(TimeSpan.FromSeconds(1)) }));
        return status.ToRpcException();
    }

    static StatusCode StatusOf(RefusalKind kind) => kind switch
    {
        RefusalKind.Invalid => StatusCode.InvalidArgument,
        RefusalKind.NotFound => StatusCode.NotFound,
        RefusalKind.NotAllowed => StatusCode.PermissionDenied,
        RefusalKind.NotAllowedNow => StatusCode.FailedPrecondition,
        RefusalKind.ChangedMeanwhile => StatusCode.Aborted,
        RefusalKind.Exhausted => StatusCode.ResourceExhausted,
        RefusalKind.Unavailable => StatusCode.Unavailable,
        RefusalKind.Damaged => StatusCode.DataLoss,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    [LoggerMessage(1001, LogLevel.Information, "{Method} refused: {Reason}")]
    partial void Refused(string method, string reason);

    [LoggerMessage(1002, LogLevel.Warning, "{Method}: the database is away")]
    partial void DatabaseAway(Exception e, string method);

    [LoggerMessage(1004, LogLevel.Warning, "{Method}: the service {Service}, which is called on the way, cannot be reached")]
    partial void NeededServiceAway(Exception e, string method, string service);

    [LoggerMessage(1003, LogLevel.Error, "{Method} failed unexpectedly")]
    partial void Unexpected(Exception e, string method);
}
