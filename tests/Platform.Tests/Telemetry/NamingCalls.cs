using System.Diagnostics;
using Exchange.Testing;
using Exchange.Testing.V1;
using Grpc.Core;

namespace Exchange.Platform.Tests;

/// <summary>What an operator reads on the span of a call.</summary>
public sealed class NamingCalls(GuardedHost host) : IClassFixture<GuardedHost>
{
    [Theory]
    [InlineData("", StatusCode.OK, ActivityStatusCode.Unset)]
    [InlineData("faults", StatusCode.InvalidArgument, ActivityStatusCode.Unset)]
    [InlineData("secret", StatusCode.Internal, ActivityStatusCode.Error)]
    [InlineData("database", StatusCode.Unavailable, ActivityStatusCode.Error)]
    public async Task The_span_says_which_rpc_it_was_how_it_ended_and_whether_that_is_a_fault_of_ours(
        string text, StatusCode code, ActivityStatusCode status)
    {
        using var heard = new HeardSpans("Microsoft.AspNetCore");
        using var call = new Activity("call").Start();

        await Record.ExceptionAsync(() => host.As("prosecutor").SayAsync(new() { Text = text }).ResponseAsync);

        await Eventually.Holds(() =>
        {
            var span = heard.In(call.TraceId).ShouldHaveSingleItem();
            span.DisplayName.ShouldBe($"{EchoService.Descriptor.FullName}/Say");
            span.GetTagItem("rpc.service").ShouldBe(EchoService.Descriptor.FullName);
            span.GetTagItem("rpc.method").ShouldBe("Say");
            span.GetTagItem("rpc.grpc.status_code").ShouldBe((int)code);
            span.Status.ShouldBe(status);
        });
    }
}
