using System.Security.Cryptography;
using Exchange.Contracts;
using Exchange.Requests.V1;

namespace Exchange.Requests;

/// <summary>What stands for all that a letter says: its text, whom it names, what goes with it. See LetterView.</summary>
static class LetterHash
{
    /// <summary>The letter's own part; the dossier keeps it.</summary>
    public static byte[] OfText(Letter letter) => SHA256.HashData(CanonicalBytes.Of(letter));

    /// <summary>All of it.</summary>
    public static byte[] Of(RequestDossier dossier, SubjectsNamed subjects)
    {
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha256.AppendData(dossier.LetterHash.Span);
        foreach (var subject in subjects.Subjects.Where(subject => subject.WithdrawnIn == 0))
            sha256.AppendData(SHA256.HashData(subject.Ciphertext.Span));
        foreach (var document in dossier.Documents.Where(document => document.Side == Side.RequestingSide))
            sha256.AppendData(document.Sha256.Span);
        return sha256.GetHashAndReset();
    }
}
