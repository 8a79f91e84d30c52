using System.Diagnostics;
using System.Globalization;
using Grpc.Core;
using OpenTelemetry;

namespace Exchange.Platform;

/// <summary>
/// Puts what gRPC and MassTransit say of a call or a message into the words of the <see cref="SemanticConventions"/>, as the span
/// ends. gRPC's client and server leave method and status in tags of their own under a name that all calls share;
/// MassTransit follows an older version.
/// </summary>
sealed class SpanNames : BaseProcessor<Activity>
{
    internal const string GrpcMethod = "grpc.method";
    internal const string GrpcStatus = "grpc.status_code";
    const string OldOperation = "messaging.operation";
    const string Destination = "messaging.destination.name";

    public override void OnEnd(Activity data)
    {
        if (data.GetTagItem(GrpcMethod) is string method)
            NameCall(data, method.TrimStart('/'));
        else if (data.Source.Name == Telemetry.MassTransit)
            NameMessage(data);
    }

    static void NameCall(Activity span, string method)
    {
        span.DisplayName = method;
        span.SetTag("rpc.system.name", "grpc").SetTag("rpc.method", method).SetTag(GrpcMethod, null);
        if (span.GetTagItem(GrpcStatus) is not string text || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture,
            out var number))
            return;
        var code = (StatusCode)number;
        span.SetTag("rpc.status_code", WireName(code)).SetTag(GrpcStatus, null);
        if (IsOurFault(code))
            span.SetTag("error.type", WireName(code)).SetStatus(ActivityStatusCode.Error);
        else
            span.SetTag("error.type", null).SetStatus(ActivityStatusCode.Unset);
    }

    // A refusal is the caller's affair and no error of the service, nor of the one who was refused.
    static bool IsOurFault(StatusCode code) => code is StatusCode.Unknown or StatusCode.DeadlineExceeded or StatusCode.Unimplemented
        or StatusCode.Internal or StatusCode.Unavailable or StatusCode.DataLoss;

    // As in gRPC's table of codes: InvalidArgument is INVALID_ARGUMENT, and OK is OK.
    static string WireName(StatusCode code) => code is StatusCode.OK ? "OK" : string.Concat($"{code}".Select((letter, i) =>
        i > 0 && char.IsUpper(letter) ? $"_{letter}" : $"{char.ToUpperInvariant(letter)}"));

    // Its name is the destination and the operation; the conventions have them the other way round.
    static void NameMessage(Activity span)
    {
        if (span.GetTagItem(OldOperation) is not string operation)
            return;
        var destination = span.GetTagItem(Destination) as string ?? span.DisplayName[..Math.Max(0, span.DisplayName.LastIndexOf(' '))];
        span.DisplayName = $"{operation} {destination}";
        // It names broker and destination of some only, and there is no other broker.
        span.SetTag("messaging.system", "rabbitmq").SetTag(Destination, destination)
            .SetTag("messaging.operation.name", operation).SetTag("messaging.operation.type", operation).SetTag(OldOperation, null);
    }
}
