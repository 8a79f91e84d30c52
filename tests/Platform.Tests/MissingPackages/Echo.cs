using Exchange.Testing.V1;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using Grpc.Core.Interceptors;
using RpcStatus = Google.Rpc.Status;
using Status = Grpc.Core.Status;

namespace Exchange.Platform.Tests.MissingPackages;

/// <summary>Says back what it hears, and in the trailers what it knows of the call.</summary>
sealed class Echo(GivenUp givenUp) : EchoService.EchoServiceBase
{
    public override async Task<SayResponse> Say(SayRequest request, ServerCallContext context)
    {
        await context.WriteResponseHeadersAsync(new Metadata { { "heard", request.Text.Length.ToString() } });
        Tell(context);
        return new SayResponse { Text = request.Text };
    }

    public override async Task<SayResponse> Collect(IAsyncStreamReader<SayRequest> requestStream, ServerCallContext context)
    {
        Tell(context);
        var heard = new List<string>();
        await foreach (var request in requestStream.ReadAllAsync(context.CancellationToken))
            heard.Add(request.Text);
        return new SayResponse { Text = string.Join(' ', heard) };
    }

    public override async Task Repeat(RepeatRequest request, IServerStreamWriter<SayResponse> responseStream, ServerCallContext context)
    {
        Tell(context);
        responseStream.WriteOptions = new WriteOptions(WriteFlags.NoCompress);
        for (var time = 1; time <= request.Times; time++)
            await responseStream.WriteAsync(new SayResponse { Text = $"{request.Text} {time}" }, context.CancellationToken);
    }

    public override async Task Talk(
        IAsyncStreamReader<SayRequest> requestStream, IServerStreamWriter<SayResponse> responseStream, ServerCallContext context)
    {
        Tell(context);
        await foreach (var request in requestStream.ReadAllAsync(context.CancellationToken))
            await responseStream.WriteAsync(new SayResponse { Text = request.Text.ToUpperInvariant() }, context.CancellationToken);
    }

    public override async Task<SayResponse> Wait(SayRequest request, ServerCallContext context)
    {
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var _ = context.CancellationToken.Register(end.SetResult);
        givenUp.Start();
        await end.Task;
        givenUp.See();
        return new SayResponse();
    }

    public override Task<SayResponse> Refuse(SayRequest request, ServerCallContext context)
    {
        var details = new RpcStatus { Code = (int)Code.InvalidArgument, Message = "No." };
        details.Details.Add(Google.Protobuf.WellKnownTypes.Any.Pack(new ErrorInfo { Domain = "testing" }));
        throw new RpcException(new Status(StatusCode.InvalidArgument, "No."), new Metadata
        {
            { "grpc-status-details-bin", details.ToByteArray() },
            { "advice", "tomorrow" },
        });
    }

    static void Tell(ServerCallContext context)
    {
        context.ResponseTrailers.Add("seen-by", (string)context.UserState["seen-by"]);
        context.ResponseTrailers.Add("method", context.Method);
        context.ResponseTrailers.Add("has-deadline", (context.Deadline != DateTime.MaxValue).ToString());
        context.ResponseTrailers.Add("request-encoding", context.GetHttpContext().Request.Headers["grpc-encoding"].ToString());
        if (context.AuthContext.IsPeerAuthenticated)
            context.ResponseTrailers.Add("peer", context.AuthContext.FindPropertiesByName("x509_common_name").Single().Value);
        foreach (var entry in context.RequestHeaders.Where(entry => entry.Key.StartsWith("x-", StringComparison.Ordinal) || entry.Key == "authorization"))
            context.ResponseTrailers.Add(entry);
    }
}

/// <summary>Leaves in each call a note of the kind that it was.</summary>
sealed class SeeingInterceptor : Interceptor
{
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        context.UserState["seen-by"] = "unary";
        return continuation(request, context);
    }

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        context.UserState["seen-by"] = "client streaming";
        return continuation(requestStream, context);
    }

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        context.UserState["seen-by"] = "server streaming";
        return continuation(request, responseStream, context);
    }

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        context.UserState["seen-by"] = "duplex streaming";
        return continuation(requestStream, responseStream, context);
    }
}

/// <summary>Puts its name into the headers of each call.</summary>
sealed class SigningInterceptor(string name) : Interceptor
{
    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, BlockingUnaryCallContinuation<TRequest, TResponse> continuation) =>
        continuation(request, Signed(context));

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation) =>
        continuation(request, Signed(context));

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context,
        AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation) => continuation(request, Signed(context));

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context, AsyncClientStreamingCallContinuation<TRequest, TResponse> continuation) =>
        continuation(Signed(context));

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context, AsyncDuplexStreamingCallContinuation<TRequest, TResponse> continuation) =>
        continuation(Signed(context));

    ClientInterceptorContext<TRequest, TResponse> Signed<TRequest, TResponse>(ClientInterceptorContext<TRequest, TResponse> context)
        where TRequest : class where TResponse : class
    {
        var headers = new Metadata();
        foreach (var entry in context.Options.Headers ?? [])
            headers.Add(entry);
        headers.Add("x-signed", name);
        return new(context.Method, context.Host, context.Options.WithHeaders(headers));
    }
}
