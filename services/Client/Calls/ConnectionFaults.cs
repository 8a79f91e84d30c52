using System.Net.Sockets;
using System.Security.Authentication;
using Grpc.Core;

namespace Exchange.Client;

/// <summary>What a failed call says about its connection, as far as the runtime lets it be told.</summary>
public static class ConnectionFaults
{
    extension(RpcException failure)
    {
        /// <summary>The service said so itself; otherwise the client's side says what it met with, and nothing was answered.</summary>
        // What our services answer with UNAVAILABLE has details, which come as trailers.
        public bool IsAnswer => failure.Status.DebugException is null && failure.Trailers.Count > 0;

        /// <summary>The connection was not made or broke: nothing was refused, so making the call again makes sense.</summary>
        public bool IsConnectionBroken
        {
            get
            {
                if (failure.Status.DebugException is not { } local)
                    return failure.StatusCode == StatusCode.Unavailable;
                var causes = Causes(local).ToArray();
                return !causes.Any(cause => cause is AuthenticationException)
                    && !causes.Any(RefusesOurCertificate)
                    && (failure.StatusCode == StatusCode.Unavailable
                        // A connection that is not made within its time looks like a call that was cancelled, with this cause.
                        || causes.Any(cause => cause is HttpRequestException or IOException or SocketException or TimeoutException));
            }
        }

        /// <summary>
        /// The connection was closed before a word was said over it. With TLS 1.3 that is how a refused certificate looks where
        /// the service's end sends no alert; a service that is just ending looks the same, but only once.
        /// </summary>
        public bool IsClosedBeforeFirstAnswer => Causes(failure.Status.DebugException).Any(cause =>
            // Only this sentence is the same in all its forms: at times it comes as an error of its own kind, at times as a broken write.
            cause.Message.Contains("did not complete the HTTP/2 handshake", StringComparison.Ordinal));

        /// <summary>The server sent a TLS alert that our certificate is not accepted.</summary>
        public bool IsOwnCertificateRefused => Causes(failure.Status.DebugException).Any(RefusesOurCertificate);

        /// <summary>
        /// The handshake failed on our side: the server was refused (<see cref="ServerVerdict.Refusal"/>), or spoke no TLS.
        /// </summary>
        public bool IsServerRefused => Causes(failure.Status.DebugException).Any(cause => cause is AuthenticationException);
    }

    // With TLS 1.3 the client learns only after its side of the handshake that its certificate was refused: as an alert inside an
    // I/O error, or by the connection being closed.
    static bool RefusesOurCertificate(Exception cause) =>
        cause is not AuthenticationException
        && cause.Message.Contains("alert", StringComparison.OrdinalIgnoreCase)
        && (cause.Message.Contains("certificate", StringComparison.OrdinalIgnoreCase)
            || cause.Message.Contains("unknown ca", StringComparison.OrdinalIgnoreCase));

    static IEnumerable<Exception> Causes(Exception? cause)
    {
        for (; cause is not null; cause = cause.InnerException)
            yield return cause;
    }
}
