using Exchange.Platform;
using Exchange.Requests.V1;

namespace Exchange.Requests;

/// <summary>Who wrote the letter as it stands and who approved it. Text, subjects and documents are the letter alike.</summary>
static class Authorship
{
    /// <summary>Notes who changed what the letter says: an approval falls away, and the author cannot give one.</summary>
    public static void AddAuthor(this RequestDossier dossier, Caller author)
    {
        dossier.ApprovedBy = "";
        if (!dossier.IsWrittenBy(author))
            dossier.Authors.Add(author.ToString());
    }

    public static bool IsWrittenBy(this RequestDossier dossier, Caller author) => dossier.Authors.Contains(author.ToString());

    /// <summary>A second officer approved it as it stands.</summary>
    public static bool IsApproved(this RequestDossier dossier) =>
        dossier.ApprovedBy.Length > 0 && !dossier.Authors.Contains(dossier.ApprovedBy);
}
