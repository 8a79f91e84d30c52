using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Exchange.Cli;

/// <summary>Certificates and their keys as PEM files. Each file is replaced as a whole, and a key is for its owner only.</summary>
public static class PrivateFiles
{
    /// <summary>Writes <c>STEM.pem</c> and <c>STEM.key</c>, the key first, so that a reader never meets a new certificate without its key.</summary>
    public static void WriteWithKey(this X509Certificate2 certificate, string stem)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        WriteSecret(stem + ".key", key.ExportPkcs8PrivateKeyPem() + "\n");
        Write(stem + ".pem", certificate.ExportCertificatePem() + "\n");
    }

    /// <summary>Readable for all; created with its folder.</summary>
    public static void Write(string path, string content) => Replace(path, content,
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

    /// <summary>Mode 600 from the first byte on.</summary>
    public static void WriteSecret(string path, string content) => Replace(path, content, UnixFileMode.UserRead | UnixFileMode.UserWrite);

    /// <exception cref="CommandFailedException">No certificate in the file.</exception>
    public static X509Certificate2 Read(string path)
    {
        if (!File.Exists(path))
            throw new CommandFailedException($"There is no file {path}.", "Give the path of a certificate in PEM.");
        try
        {
            return X509Certificate2.CreateFromPem(File.ReadAllText(path));
        }
        catch (CryptographicException)
        {
            throw new CommandFailedException($"{path} is not a certificate in PEM.",
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
