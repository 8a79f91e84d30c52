using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace Exchange.Platform;

/// <summary>
/// The certificate with which this process shows itself, to those who call it and to those it calls. A renewed one is
/// taken in for the next handshake; connections that stand keep the old one.
/// </summary>
public sealed partial class ServiceCertificate
{
    readonly ReloadedFile<Loaded> files;
    readonly ILogger<ServiceCertificate> log;

    /// <param name="certificate">PEM: the certificate, and after it the intermediate authorities, if any.</param>
    /// <param name="key">PEM: the unencrypted private key.</param>
    public ServiceCertificate(string certificate, string key, TimeProvider time, ILogger<ServiceCertificate> log)
    {
        this.log = log;
        files = new(() => [certificate, key], () => Load(certificate, key), e => CannotReload(e, certificate), time);
    }

    /// <exception cref="System.Security.Cryptography.CryptographicException">The files hold no certificate with its key.</exception>
    public X509Certificate2 Current => files.Current.Own;

    internal SslStreamCertificateContext Context => files.Current.Context;

    static Loaded Load(string certificate, string key)
    {
        var own = X509Certificate2.CreateFromPemFile(certificate, key);
        var all = new X509Certificate2Collection();
        all.ImportFromPemFile(certificate);
        all.RemoveAt(0);
        return new(own, SslStreamCertificateContext.Create(own, all, offline: true));
    }

    [LoggerMessage(1204, LogLevel.Error, "The certificate {File} and its key cannot be read again; the former one stays in use")]
    partial void CannotReload(Exception e, string file);

    sealed record Loaded(X509Certificate2 Own, SslStreamCertificateContext Context);
}
