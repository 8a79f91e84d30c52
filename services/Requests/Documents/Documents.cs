using Exchange.Platform;
using Exchange.Requests.V1;
using Google.Protobuf;

namespace Exchange.Requests;

/// <summary>The documents of a request as its dossier keeps them: who sees which, and which may be handed over.</summary>
static class Documents
{
    /// <summary>
    /// Each side sees its own and those it was given; what went by post since it was last told something here was not given.
    /// </summary>
    public static IEnumerable<DocumentRecord> DocumentsSeenBy(this RequestDossier dossier, Side side) =>
        dossier.Documents.Where(document => document.Side == side
            || (document.ReleasedIn > 0 && (side is Side.RequestingSide || document.ReleasedIn <= dossier.ToldIn)));

    /// <summary>The document of this id; null when there is none that this side may see.</summary>
    public static DocumentRecord? Document(this RequestDossier dossier, Guid id, Side seenBy) =>
        dossier.DocumentsSeenBy(seenBy).FirstOrDefault(document => document.DocumentId == id.ToString());

    /// <summary>The commitment to a document; empty where there is none of this resource name.</summary>
    public static ByteString CommitmentOf(this RequestDossier dossier, string name) =>
        DocumentName.Read(name, DocumentName.Documents) is { } read
            && dossier.Documents.FirstOrDefault(document => document.DocumentId == $"{read.Document}") is { } record
                ? record.Commitment : ByteString.Empty;

    /// <summary>
    /// What is wrong with the documents that an act names: each must be one that this side handed in to this request. One handed
    /// over before may be named again.
    /// </summary>
    /// <param name="field">Path of the list in the act.</param>
    public static IEnumerable<Violation> DocumentFaults(
        this RequestDossier dossier, Guid request, string field, IReadOnlyList<string> names, Side side)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (DocumentName.Read(names[i], DocumentName.Documents) is not { } name)
                yield return new($"{field}[{i}]", DocumentName.Fault(names[i], DocumentName.Documents)!);
            // The other side's and an absent one look the same.
            else if (name.Request != request || dossier.Document(name.Document, side)?.Side != side)
                yield return new($"{field}[{i}]", "is not a document that your side handed in to this request.");
            else if (names.Take(i).Contains(names[i]))
                yield return new($"{field}[{i}]", "is named before.");
        }
    }

    /// <summary>Gives the other side the documents of these names; one it has already keeps the version in which it came.</summary>
    /// <param name="names">Sound ones: see <see cref="DocumentFaults"/>.</param>
    public static void Release(this RequestDossier dossier, IEnumerable<string> names, int version) =>
        Release(dossier.Documents.IntersectBy(names.Select(name => $"{DocumentName.Read(name, DocumentName.Documents)?.Document}"),
            d => d.DocumentId), version);

    /// <summary>Gives the other side all that this side handed in, as transmission and amendment do.</summary>
    public static void ReleaseAll(this RequestDossier dossier, Side side, int version) =>
        Release(dossier.Documents.Where(document => document.Side == side), version);

    static void Release(IEnumerable<DocumentRecord> documents, int version)
    {
        foreach (var document in documents.Where(document => document.ReleasedIn == 0))
            document.ReleasedIn = version;
    }
}
