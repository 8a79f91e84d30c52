using Exchange.Platform;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Exchange.Client;

/// <summary>
/// Makes a failed call known as one that was made from here, see <see cref="CalledServiceException"/>: calls with one message from the
/// caller, which are all that services make of each other.
/// </summary>
sealed class CalledService(string service) : Interceptor
{
    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context,
        AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        var call = continuation(request, context);
        return new(Named(() => call.ResponseAsync), call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context,
        AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        var call = continuation(request, context);
        return new(new Answers<TResponse>(this, call.ResponseStream), call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers,
            call.Dispose);
    }

    async Task<T> Named<T>(Func<Task<T>> answer)
    {
        try
        {
            return await answer();
        }
        catch (RpcException e) when (e is not CalledServiceException)
        {
            throw new CalledServiceException(service, e);
        }
    }

    sealed class Answers<T>(CalledService named, IAsyncStreamReader<T> answers) : IAsyncStreamReader<T>
    {
        public T Current => answers.Current;

        public Task<bool> MoveNext(CancellationToken cancellationToken) => named.Named(() => answers.MoveNext(cancellationToken));
    }
}
