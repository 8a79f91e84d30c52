using Grpc.Core;
using Microsoft.Extensions.Logging.Abstractions;

namespace Exchange.Platform.Tests;

/// <summary>Work that was stopped because nobody waits for it any more says why: its time was over, or the caller went away.</summary>
public sealed class GivenUpCalls
{
    [Theory]
    [InlineData(-1, StatusCode.DeadlineExceeded)]
    [InlineData(60, StatusCode.Cancelled)]
    public async Task Say_whether_their_time_was_over(int deadlineInSeconds, StatusCode expected)
    {
        var call = new CancelledCall(TimeProvider.System.GetUtcNow().AddSeconds(deadlineInSeconds).UtcDateTime);

        var answer = await Should.ThrowAsync<RpcException>(() => new ErrorInterceptor(NullLogger<ErrorInterceptor>.Instance)
            .UnaryServerHandler<object, object>(new(), call, (_, context) => Task.FromCanceled<object>(context.CancellationToken)));

        answer.StatusCode.ShouldBe(expected);
    }

    sealed class CancelledCall(DateTime deadline) : ServerCallContext
    {
        protected override string MethodCore => "/exchange.Test/Call";

        protected override string HostCore => "localhost";

        protected override string PeerCore => "ipv4:127.0.0.1:1";

        protected override DateTime DeadlineCore => deadline;

        protected override Metadata RequestHeadersCore { get; } = [];

        protected override CancellationToken CancellationTokenCore { get; } = new(canceled: true);

        protected override Metadata ResponseTrailersCore { get; } = [];

        protected override Status StatusCore { get; set; }

        protected override WriteOptions? WriteOptionsCore { get; set; }

        protected override AuthContext AuthContextCore { get; } = new(null, []);

        protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) => throw new NotSupportedException();

        protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders) => Task.CompletedTask;
    }
}
