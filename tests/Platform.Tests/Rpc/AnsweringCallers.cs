using Google.Rpc;
using Grpc.Core;

namespace Exchange.Platform.Tests;

public sealed class AnsweringCallers(GuardedHost host) : IClassFixture<GuardedHost>
{
    [Fact]
    public async Task A_role_that_the_rpc_names_may_call_and_is_known_by_its_certificate() =>
        (await host.As("operator").SayAsync(new())).Text.ShouldBe("exchange://BY/general-prosecutor/it/3001?role=operator");

    [Theory]
    [InlineData("investigator")]
    [InlineData("liaison-pl")]
    public async Task Another_role_is_refused(string persona) =>
        await RefusedAsRole(() => host.As(persona).SayAsync(new()).ResponseAsync);

    [Fact]
    public async Task An_rpc_that_names_no_role_is_closed_to_everybody_in_each_kind_of_call()
    {
        var client = host.As("operator");
        await RefusedAsRole(() => client.RefuseAsync(new()).ResponseAsync);
        await RefusedAsRole(() => client.Repeat(new()).ResponseStream.MoveNext());
        await RefusedAsRole(() => client.Collect().ResponseAsync);
    }

    [Fact]
    public async Task All_violations_are_in_the_details_of_a_refusal()
    {
        var status = await Failure(() => host.As("prosecutor").SayAsync(new() { Text = "faults" }).ResponseAsync,
            StatusCode.InvalidArgument);

        Reason(status).ShouldBe("INVALID_INPUT");
        status.Details.Single(d => d.Is(BadRequest.Descriptor)).Unpack<BadRequest>().FieldViolations
            .Select(v => (v.Field, v.Description))
            .ShouldBe(Enumerable.Range(1, 100).Select(n => ($"subjects[{n}].name", "must not be blank.")));
    }

    [Fact]
    public async Task A_caller_told_to_come_back_is_told_when()
    {
        var status = await Failure(() => host.As("prosecutor").SayAsync(new() { Text = "full" }).ResponseAsync,
            StatusCode.ResourceExhausted);

        Reason(status).ShouldBe("LEDGER_FULL");
        status.Details.Single(d => d.Is(RetryInfo.Descriptor)).Unpack<RetryInfo>().RetryDelay.Seconds.ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("secret", StatusCode.Internal, "INTERNAL")]
    [InlineData("timeout", StatusCode.Internal, "INTERNAL")]
    [InlineData("database", StatusCode.Unavailable, "DATABASE_AWAY")]
    [InlineData("needed-service-away", StatusCode.Unavailable, "NEEDED_SERVICE_AWAY")]
    [InlineData("needed-service-refuses", StatusCode.Internal, "INTERNAL")]
    public async Task What_nobody_expected_tells_nothing_of_itself(string text, StatusCode code, string reason)
    {
        var status = await Failure(() => host.As("prosecutor").SayAsync(new() { Text = text }).ResponseAsync, code);

        Reason(status).ShouldBe(reason);
        status.ToString().ShouldNotContain("Ivan");
        status.ToString().ShouldNotContain("10.0.0.7");
    }

    [Fact]
    public async Task What_the_library_finds_wrong_with_the_callers_message_is_said_to_him_as_it_is()
    {
        var refused = await Should.ThrowAsync<RpcException>(host.As("prosecutor").SayAsync(new() { Text = "too-large" }).ResponseAsync);

        (refused.StatusCode, refused.Status.Detail).ShouldBe((StatusCode.ResourceExhausted, "Received message exceeds the maximum."));
    }

    [Fact]
    public async Task Nor_does_it_in_the_middle_of_a_stream()
    {
        using var call = host.As("liaison-pl").Talk();
        (await call.ResponseStream.MoveNext()).ShouldBeTrue();

        var status = await Failure(() => call.ResponseStream.MoveNext(), StatusCode.Internal);

        Reason(status).ShouldBe("INTERNAL");
        status.ToString().ShouldNotContain("Ivan");
    }

    static async Task RefusedAsRole(Func<Task> call) =>
        Reason(await Failure(call, StatusCode.PermissionDenied)).ShouldBe("ROLE_NOT_ALLOWED");

    /// <summary>The details of a failure, whose message and status are those of the call.</summary>
    static async Task<Google.Rpc.Status> Failure(Func<Task> call, StatusCode code)
    {
        var failure = await Should.ThrowAsync<RpcException>(call);
        failure.StatusCode.ShouldBe(code);
        var status = failure.GetRpcStatus()!;
        ((StatusCode)status.Code, status.Message).ShouldBe((code, failure.Status.Detail));
        return status;
    }

    static string Reason(Google.Rpc.Status status)
    {
        var info = status.Details.Single(d => d.Is(ErrorInfo.Descriptor)).Unpack<ErrorInfo>();
        info.Domain.ShouldBe("exchange");
        return info.Reason;
    }
}
