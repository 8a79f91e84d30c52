using Exchange.Cli;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Exchange.Platform.Tests;

/// <summary>Signs checkpoints as the service of Requests at BY does, with a key and a certificate of a folder of its own.</summary>
sealed class TestSigner : IDisposable
{
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("exchange-signer-");

    public TestSigner()
    {
        Pki = new(folder.FullName, TimeProvider.System);
        Pki.Initialise("BY", [], []);
        Signer = SignerOf("requests");
        Verifier = new(new(Pki.Anchors, Pki.RevocationLists, ["prosecutor"], TimeProvider.System, NullLogger<TrustAnchors>.Instance));
    }

    public PkiFolder Pki { get; }

    public CheckpointSigner Signer { get; }

    public CheckpointVerifier Verifier { get; }

    public CheckpointSigner SignerOf(string service, string state = "BY") => new(new(service),
        Options.Create(new InstallationOptions { State = state }),
        new(Pki.Service(service) + ".pem", Pki.Service(service) + ".key", TimeProvider.System, NullLogger<ServiceCertificate>.Instance),
        Options.Create(new CheckpointOptions { Key = Pki.CheckpointKey(service) }));

    public void Dispose() => folder.Delete(recursive: true);
}
