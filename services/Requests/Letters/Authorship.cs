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

    /// <summary>The officer, under whatever unit and role, wrote some of the letter.</summary>
    public static bool IsWrittenBy(this RequestDossier dossier, Caller author) => dossier.Authors.Any(author.IsPersonOf);

    /// <summary>A second officer approved it as it stands.</summary>
    public static bool IsApproved(this RequestDossier dossier) => CallerUri.PersonOf(dossier.ApprovedBy) is { } approver
        && dossier.Authors.All(author => CallerUri.PersonOf(author) != approver);
}
