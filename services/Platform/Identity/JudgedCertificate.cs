using System.Security.Cryptography.X509Certificates;

namespace Exchange.Platform;

/// <summary>
/// A certificate that is relied on for longer than a moment, by a connection or by the messages signed with its key. It is judged once,
/// and again when an anchor or list has changed or a minute has gone by, so that nothing outlives it.
/// </summary>
sealed class JudgedCertificate(
    X509Certificate2 certificate, X509Certificate2Collection sentAlong, TrustAnchors anchors, TimeProvider time)
{
    static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(1);

    volatile Decided? decided;

    /// <summary>The certificate itself.</summary>
    public X509Certificate2 Certificate => certificate;

    /// <summary>Whose it is, or why it is refused, at present.</summary>
    public TrustDecision Decision
    {
        get
        {
            var basis = anchors.Basis;
            if (decided is not { } last || last.Basis != basis || time.GetElapsedTime(last.At) >= GoodFor)
                decided = last = new(anchors.Client(certificate, sentAlong), basis, time.GetTimestamp());
            return last.Decision;
        }
    }

    sealed record Decided(TrustDecision Decision, object Basis, long At);
}
