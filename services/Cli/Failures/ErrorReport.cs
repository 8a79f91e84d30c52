using Exchange.Client;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;

namespace Exchange.Cli;

/// <summary>Turns what went wrong into one sentence, every violation, a reason for programs, and what to do about it.</summary>
static class ErrorReport
{
    const string CheckCertificate = "Is it within its days, on the anchor of its state, and not revoked? --as or --certificate chooses"
        + " another.";

    public static int Write(TextWriter error, CommandException problem)
    {
        error.WriteLine($"exchange: {problem.Message}");
        if (problem.Remedy is { } remedy)
            error.WriteLine($"  {remedy}");
        return problem.ExitCode;
    }

    public static int Write(TextWriter error, ServiceCallException failure)
    {
        if (NotReached(failure) is { } problem)
            return Write(error, problem);

        var details = DetailsOf(failure.Cause);
        error.WriteLine($"exchange: {SentenceOf(failure, details.OfType<BadRequest>().Any())}");
        foreach (var violation in details.OfType<BadRequest>().SelectMany(request => request.FieldViolations))
            error.WriteLine($"  - {FieldNames.OnTheCommandLine(violation.Field)}: {violation.Description}");
        // The field is called reason by now; this package still has its first name.
        var reason = details.OfType<ErrorInfo>().FirstOrDefault()?.Reason ?? "";
        if (reason.Length > 0)
            error.WriteLine($"  reason: {reason}");
        if ((Remedies.For(reason) ?? RemedyFor(failure.Cause.StatusCode)) is { } remedy)
            error.WriteLine($"  {remedy}");
        return ExitCodeFor(failure.Cause.StatusCode);
    }

    public static CommandException NotAccepted(string service, Uri address) => new(ExitCode.NotAllowed,
        $"{service} at {address.GetLeftPart(UriPartial.Authority)} did not accept your certificate.", CheckCertificate);

    public static int ExitCodeFor(StatusCode code) => code switch
    {
        StatusCode.InvalidArgument or StatusCode.OutOfRange => ExitCode.Usage,
        StatusCode.NotFound => ExitCode.NotFound,
        StatusCode.PermissionDenied or StatusCode.Unauthenticated => ExitCode.NotAllowed,
        StatusCode.Unavailable or StatusCode.DeadlineExceeded => ExitCode.Unavailable,
        _ => ExitCode.Failed,
    };

    // Nothing was said over the connection: what stands in the way is on this side of it.
    static CommandException? NotReached(ServiceCallException failure)
    {
        var where = $"{failure.Service} at {failure.Address.GetLeftPart(UriPartial.Authority)}";
        if (failure.Cause.IsAnswer)
            return null;
        if (failure.Cause.IsOwnCertificateRefused)
            return NotAccepted(failure.Service, failure.Address);
        if (failure.Cause.IsClosedBeforeFirstAnswer)
            return new(ExitCode.NotAllowed, $"{where} did not accept your certificate, or has just ended.", CheckCertificate);
        if (failure.Cause.IsServerRefused)
            return UntrustedServer.Explain(where, failure.Address, $"--{failure.Service.ToLowerInvariant()}", failure.Server);
        return failure.Cause.IsConnectionBroken
            ? new(ExitCode.Unavailable, $"{where} does not answer.",
                "Is it running? deploy/local/up starts everything; exchange status shows what is up.")
            : null;
    }

    static string SentenceOf(ServiceCallException failure, bool violationsFollow) =>
        (failure.Cause.StatusCode, failure.Cause.Status.Detail) switch
        {
            // The services' own sentence repeats the violations, for clients that show nothing else.
            (StatusCode.InvalidArgument, _) when violationsFollow => $"{failure.Service} did not accept what was asked:",
            (StatusCode.DeadlineExceeded, _) => $"{failure.Service} did not answer in time.",
            (StatusCode.Unimplemented, _) => $"{failure.Service} does not know this call.",
            (var code, "") => $"{failure.Service} answered {code}.",
            (StatusCode.Internal or StatusCode.Unknown, var detail) => $"{failure.Service} failed: {detail}",
            (_, var detail) => detail,
        };

    static string? RemedyFor(StatusCode code) => code switch
    {
        StatusCode.DeadlineExceeded => "Give it more with --timeout 2m.",
        StatusCode.Unimplemented => "Client and service are of different versions; exchange status shows them.",
        StatusCode.Aborted => "Look at the request, and run the command again if it still stands: it reads anew what it acts on.",
        StatusCode.ResourceExhausted => "It has too much to do right now; try again in a while.",
        StatusCode.Unauthenticated or StatusCode.PermissionDenied => "--as or --certificate chooses who asks.",
        _ => null,
    };

    static List<IMessage> DetailsOf(RpcException failure)
    {
        List<IMessage> details = [];
        try
        {
            foreach (var detail in failure.GetRpcStatus()?.Details ?? [])
                if (detail.TryUnpack(out BadRequest violations))
                    details.Add(violations);
                else if (detail.TryUnpack(out ErrorInfo info))
                    details.Add(info);
        }
        catch (InvalidProtocolBufferException)
        {
            // The sentence stands without its details.
        }
        return details;
    }
}
