using System.Security.Cryptography;
using Exchange.Requests.V1;
using Google.Protobuf;

namespace Exchange.Requests;

/// <summary>
/// The hash that stands for all that a letter says: its text, the subjects it names and the documents that go with it. Officers
/// approve and transmit by it; see <c>letter_hash</c> in the contract.
/// </summary>
static class LetterHash
{
    /// <summary>All that the letter of a request says.</summary>
    public static byte[] Of(RequestDossier dossier, SubjectsNamed subjects) =>
        Of(dossier.LetterHash, subjects.Subjects, dossier.Documents);

    /// <summary>
    /// SHA-256 over the commitment to the letter, the hashes of the ciphertexts of subjects that stand, and the commitments to documents.
    /// </summary>
    public static byte[] Of(ByteString text, IEnumerable<SealedSubject> subjects, IEnumerable<DocumentRecord> documents)
    {
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha256.AppendData(text.Span);
        foreach (var subject in subjects.Where(subject => subject.WithdrawnIn == 0))
            sha256.AppendData(SHA256.HashData(subject.Ciphertext.Span));
        foreach (var document in documents.Where(document => document.Side == Side.RequestingSide))
            sha256.AppendData(document.Commitment.Span);
        return sha256.GetHashAndReset();
    }
}
