using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Exchange.Cli;
using Exchange.Contracts;
using Exchange.Platform;
using Microsoft.Extensions.Logging.Abstractions;

namespace Exchange.Testing;

/// <summary>Services with certificates of one development authority, for tests that sign messages or judge who signed them.</summary>
public sealed class ServiceIdentities : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("exchange-services-").FullName;
    readonly List<X509Certificate2> revoked = [];
    readonly TimeProvider time;
    readonly DevelopmentAuthority authority;

    /// <summary>Makes the authority.</summary>
    /// <param name="time">By which certificates are made and judged; the machine's own unless told otherwise.</param>
    public ServiceIdentities(TimeProvider? time = null)
    {
        this.time = time ?? TimeProvider.System;
        authority = DevelopmentAuthority.Create("service", this.time);
        File.WriteAllText(Path.Combine(folder, "service.pem"), authority.Certificate.ExportCertificatePem());
        WriteList();
        Anchors = new(folder, folder, CallerRole.OfOfficers, this.time, NullLogger<TrustAnchors>.Instance);
    }

    /// <summary>The anchor of the services, with the list of what was revoked.</summary>
    public TrustAnchors Anchors { get; }

    /// <summary>A new certificate of a service.</summary>
    public X509Certificate2 Certificate(string service) => authority.Service(service, []);

    /// <summary>Signs for tests in which nobody looks at the signature.</summary>
    public static MessageSigner AnySigner(string service)
    {
        var own = DevelopmentAuthority.Create("service", TimeProvider.System).Service(service, []);
        return new(service, () => own);
    }

    /// <summary>Signs as the service does, under a new certificate unless one is given.</summary>
    public MessageSigner Signer(string service, X509Certificate2? certificate = null)
    {
        var own = certificate ?? Certificate(service);
        return new(service, () => own);
    }

    /// <summary>Revokes a certificate. Whoever has judged it notices within a second.</summary>
    public void Revoke(X509Certificate2 certificate)
    {
        revoked.Add(certificate);
        WriteList();
    }

    /// <summary>Nobody can know any longer what was revoked.</summary>
    public void LoseList() => File.Delete(ListFile);

    /// <summary>The list is there again.</summary>
    public void WriteList() => File.WriteAllText(ListFile, authority.RevocationList(null, revoked));

    /// <summary>A message as a service publishes it, with its proof, as it stands in a queue.</summary>
    /// <param name="id">The message's id; a new one unless told otherwise.</param>
    public static byte[] Envelope<T>(MessageSigner signer, T message, Guid? id = null)
        where T : class => Envelope(signer, typeof(T), JsonSerializer.SerializeToUtf8Bytes(message, ContractJson.Options), id);

    /// <inheritdoc cref="Envelope{T}"/>
    /// <param name="body">The message as JSON, whatever stands in it.</param>
    public static byte[] Envelope(MessageSigner signer, Type type, byte[] body, Guid? id = null) => SignedEnvelope.Write(
        signer.Sign([new(id ?? Guid.CreateVersion7(), type.Name, body, TraceParent: null, Content: null)])[0], type);

    /// <inheritdoc />
    public void Dispose() => Directory.Delete(folder, recursive: true);

    string ListFile => Path.Combine(folder, "service.crl");
}
