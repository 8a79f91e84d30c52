using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Exchange.Cli;

/// <summary>Who a certificate says it is, and whether it may say so.</summary>
static class Identity
{
    const string SubjectAlternativeName = "2.5.29.17";
    const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>The first URI among the subject's alternative names; empty when there is none.</summary>
    public static string Of(X509Certificate2 certificate)
    {
        var extension = certificate.Extensions.FirstOrDefault(extension => extension.Oid?.Value == SubjectAlternativeName);
        if (extension is null)
            return "";
        var uri = new Asn1Tag(TagClass.ContextSpecific, 6);
        var names = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
        while (names.HasData)
        {
            if (names.PeekTag() == uri)
                return names.ReadCharacterString(UniversalTagNumber.IA5String, uri);
            names.ReadEncodedValue();
        }
        return "";
    }

    /// <summary>Rests on one of our anchors and is within its days. Nothing is fetched from the network.</summary>
    public static bool RestsOn(this X509Certificate2 certificate, X509Certificate2Collection anchors)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(anchors);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(new(ServerAuthentication));
        return chain.Build(certificate);
    }

    public static X509Certificate2 Load(string certificate, string key)
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(certificate, key);
        }
        catch (Exception problem) when (problem is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new Problem(ExitCode.Usage, $"{certificate} and {key} cannot be used as certificate and private key.",
                "Both are PEM files, and the key belongs to the certificate.");
        }
    }

    public static X509Certificate2Collection LoadAnchors(string file)
    {
        var anchors = new X509Certificate2Collection();
        try
        {
            anchors.ImportFromPemFile(file);
        }
        catch (Exception problem) when (problem is CryptographicException or IOException or UnauthorizedAccessException)
        {
            anchors.Clear();
        }
        return anchors.Count > 0 ? anchors : throw new Problem(ExitCode.Usage, $"There is no certificate in {file}.");
    }
}
