using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using Shouldly;

namespace Exchange.Testing;

/// <summary>A call that did not end with OK, as a client in any language sees it.</summary>
/// <param name="Code">The status of gRPC.</param>
/// <param name="Message">The sentence for a person.</param>
/// <param name="Reason">The stable reason for programs, from <c>ErrorInfo</c>; empty when there is none.</param>
/// <param name="Violations">Every fault of the input, from <c>BadRequest</c>.</param>
public sealed record RefusedCall(
    StatusCode Code, string Message, string Reason, IReadOnlyList<(string Field, string Description)> Violations)
{
    /// <summary>The fields at fault.</summary>
    public IEnumerable<string> Fields => Violations.Select(violation => violation.Field);

    /// <summary>Makes the call, which must fail.</summary>
    public static async Task<RefusedCall> Of(Func<Task> call)
    {
        var failure = await Should.ThrowAsync<RpcException>(call);
        var details = failure.GetRpcStatus() ?? new();
        if (details.Details.Count > 0)
            (details.Code, details.Message).ShouldBe(((int)failure.StatusCode, failure.Status.Detail));
        return new(failure.StatusCode, failure.Status.Detail, Detail<ErrorInfo>(details)?.Reason ?? "",
            [.. (Detail<BadRequest>(details)?.FieldViolations ?? []).Select(violation => (violation.Field, violation.Description))]);
    }

    static T? Detail<T>(Google.Rpc.Status status)
        where T : class, IMessage, new() =>
        status.Details.FirstOrDefault(detail => detail.Is(new T().Descriptor))?.Unpack<T>();
}
