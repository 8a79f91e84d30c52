using Exchange.Platform;
using Exchange.Requests.V1;

namespace Exchange.Requests;

/// <summary>To which kept case a request belongs.</summary>
static class CaseReference
{
    /// <summary>
    /// Refers to the case by its id. Where it is closed to the author the letter is no part of it and goes on as if it were not kept: were
    /// he refused, or his letter hidden from his colleagues, he would learn that there is such a case.
    /// </summary>
    /// <param name="kept">The case whose number the letter names; null when it is not kept here.</param>
    /// <returns>The same dossier, changed in place.</returns>
    public static RequestDossier SetCase(this RequestDossier dossier, CaseState? kept, Caller author)
    {
        dossier.OutsideCase = kept?.IsClosedTo(author) == true;
        dossier.Case = kept is null || dossier.OutsideCase ? "" : CaseState.NameOf(kept.Id);
        return dossier;
    }
}
