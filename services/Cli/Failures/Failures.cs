using System.Net.Sockets;
using System.Security.Authentication;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;

namespace Exchange.Cli;

/// <summary>Turns what went wrong into one sentence, every violation, a reason for programs, and what to do about it.</summary>
static class Failures
{
    public static int Tell(TextWriter error, Problem problem)
    {
        error.WriteLine($"exchange: {problem.Message}");
        if (problem.Remedy is { } remedy)
            error.WriteLine($"  {remedy}");
        return problem.ExitCode;
    }

    public static int Tell(TextWriter error, ServiceFailure failure)
    {
        if (failure.Cause.Status.DebugException is { } local && NotReached(failure, local) is { } problem)
            return Tell(error, problem);

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

    /// <summary>The connection was not made or broke: nothing was refused, so trying again makes sense.</summary>
    public static bool IsCut(RpcException failure)
    {
        if (failure.Status.DebugException is not { } local)
            return failure.StatusCode == StatusCode.Unavailable;
        var chain = Chain(local).ToArray();
        return !chain.Any(cause => cause is AuthenticationException)
            && !chain.Any(RefusesOurCertificate)
            && chain.Any(cause => cause is HttpRequestException or IOException or SocketException);
    }

    /// <summary>
    /// The connection was closed before a word was said over it. With TLS 1.3 that is how a refused certificate looks where
    /// the service's end sends no alert; a service that is just ending looks the same, but only once.
    /// </summary>
    public static bool IsHungUp(RpcException failure) => Chain(failure.Status.DebugException).Any(cause =>
        // Only this sentence is the same in all its forms: at times it comes as an error of its own kind, at times as a broken write.
        cause.Message.Contains("did not complete the HTTP/2 handshake", StringComparison.Ordinal));

    public static Problem NotAccepted(string service, Uri address) => new(ExitCode.NotAllowed,
        $"{service} at {address.GetLeftPart(UriPartial.Authority)} did not accept your certificate.",
        "Is it within its days, on the anchor of its state, and not revoked? --as or --certificate chooses another.");

    public static int ExitCodeFor(StatusCode code) => code switch
    {
        StatusCode.InvalidArgument or StatusCode.OutOfRange => ExitCode.Usage,
        StatusCode.NotFound => ExitCode.NotFound,
        StatusCode.PermissionDenied or StatusCode.Unauthenticated => ExitCode.NotAllowed,
        StatusCode.Unavailable or StatusCode.DeadlineExceeded => ExitCode.Unavailable,
        _ => ExitCode.Failed,
    };

    static Problem? NotReached(ServiceFailure failure, Exception local)
    {
        var where = $"{failure.Service} at {failure.Address.GetLeftPart(UriPartial.Authority)}";
        var chain = Chain(local).ToArray();
        if (chain.Any(RefusesOurCertificate))
            return NotAccepted(failure.Service, failure.Address);
        if (IsHungUp(failure.Cause))
            return new(ExitCode.NotAllowed, $"{where} did not accept your certificate, or has just ended.",
                "Is it within its days, on the anchor of its state, and not revoked? --as or --certificate chooses another.");
        if (chain.Any(cause => cause is AuthenticationException))
            return new(ExitCode.Unavailable, $"What answers as {where} could not prove to be it.",
                "Its certificate must rest on --anchors and be made out to this service; is the address right, and this machine's clock?");
        return IsCut(failure.Cause)
            ? new(ExitCode.Unavailable, $"{where} does not answer.", "Is it running? deploy/local/up starts everything; exchange status shows what is up.")
            : null;
    }

    // With TLS 1.3 the client learns only after its side of the handshake that its certificate was refused: as an alert inside an
    // I/O error, or by being hung up on.
    static bool RefusesOurCertificate(Exception cause) =>
        cause is not AuthenticationException
        && cause.Message.Contains("alert", StringComparison.OrdinalIgnoreCase)
        && (cause.Message.Contains("certificate", StringComparison.OrdinalIgnoreCase)
            || cause.Message.Contains("unknown ca", StringComparison.OrdinalIgnoreCase));

    static IEnumerable<Exception> Chain(Exception? cause)
    {
        for (; cause is not null; cause = cause.InnerException)
            yield return cause;
    }

    static string SentenceOf(ServiceFailure failure, bool violationsFollow) => (failure.Cause.StatusCode, failure.Cause.Status.Detail) switch
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
