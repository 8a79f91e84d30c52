using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Exchange.Cli;

/// <summary>Certificates and their keys as PEM files. Each file is replaced as a whole, and a key is for its owner only.</summary>
public static class PemFiles
{
    /// <summary>
    /// Writes <c>STEM.pem</c> and <c>STEM.key</c>, the key first, so that a reader never meets a new certificate without its key.
    /// </summary>
    public static void WriteWithKey(this X509Certificate2 certificate, string stem)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        WriteSecret(stem + ".key", key.ExportPkcs8PrivateKeyPem() + "\n");
        Write(stem + ".pem", certificate.ExportCertificatePem() + "\n");
    }

    /// <summary>Writes a file that everybody may read; its folder is made where it is missing.</summary>
    public static void Write(string path, string content) => Replace(path, content,
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

    /// <summary>Writes a file that only its owner may read, from its first byte on.</summary>
    public static void WriteSecret(string path, string content) => Replace(path, content, UnixFileMode.UserRead | UnixFileMode.UserWrite);

    /// <exception cref="PkiException">No certificate in the file.</exception>
    public static X509Certificate2 Read(string path)
    {
        if (!File.Exists(path))
            throw new PkiException($"There is no file {path}.", "Give the path of a certificate in PEM.");
        try
        {
            return X509Certificate2.CreateFromPem(File.ReadAllText(path));
        }
        catch (CryptographicException)
        {
            throw new PkiException($"{path} is not a certificate in PEM.",
                "It must begin with -----BEGIN CERTIFICATE-----; openssl x509 converts other forms.");
        }
    }

    static void Replace(string path, string content, UnixFileMode mode)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var fresh = $"{path}.{Guid.CreateVersion7():N}.new";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = mode;
        using (var writer = new StreamWriter(fresh, options))
            writer.Write(content);
        File.Move(fresh, path, overwrite: true);
    }
}
