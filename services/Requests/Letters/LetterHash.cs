using System.Security.Cryptography;
using Exchange.Requests.V1;

namespace Exchange.Requests;

/// <summary>
/// The hash that stands for all that a letter says: its text, the subjects it names and the documents that go with it. Officers
/// approve and transmit by it; see <c>letter_hash</c> in the contract.
/// </summary>
static class LetterHash
{
    /// <summary>SHA-256 over the commitment to the letter, the hashes of the ciphertexts of subjects that stand, and the commitments to documents.</summary>
    public static byte[] Of(RequestDossier dossier, SubjectsNamed subjects)
    {
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha256.AppendData(dossier.LetterHash.Span);
        foreach (var subject in subjects.Subjects.Where(subject => subject.WithdrawnIn == 0))
            sha256.AppendData(SHA256.HashData(subject.Ciphertext.Span));
        foreach (var document in dossier.Documents.Where(document => document.Side == Side.RequestingSide))
            sha256.AppendData(document.Commitment.Span);
        return sha256.GetHashAndReset();
    }
}
