using Exchange.Platform;
using Exchange.Requests.V1;

namespace Exchange.Requests;

/// <summary>A case as it is kept.</summary>
/// <param name="Kept">As it is stored.</param>
/// <param name="OpenedBy">Identity of who opened it, as in its first entry.</param>
/// <param name="Particulars">What is known of it in words.</param>
sealed record CaseState(Guid Id, int Version, byte[] HeadHash, CaseKept Kept, string OpenedBy, CaseParticulars Particulars)
{
    const string Prefix = "cases/";

    public string Etag => $"\"{Version}\"";

    /// <summary>The lead, the participants and the officers named, as <see cref="Assignments.CountsAs"/> writes them.</summary>
    public static string[] Admitted(CaseParticulars particulars) =>
        [particulars.Lead, .. particulars.Participants, .. particulars.Officers];

    /// <summary>Whether an officer is of those who work on a case of a state.</summary>
    public static bool Admits(string state, CaseParticulars particulars, Caller caller) =>
        caller.State == state && Admitted(particulars).Intersect(caller.CountsAs()).Any();

    /// <summary>Whether an officer is of those who work on it.</summary>
    public bool Admits(Caller caller) => Admits(Kept.State, Particulars, caller);

    /// <summary>Whether it is restricted, and the officer is none of those who work on it.</summary>
    public bool IsClosedTo(Caller caller) => Kept.Restricted && !Admits(caller);

    /// <summary>The case as it is stored: what is known in words as ciphertext, and the index beside it.</summary>
    public static CaseKept ToStore(string state, bool restricted, CaseParticulars particulars, RequestKey key, LookupIndex index) => new()
    {
        State = state, Restricted = restricted, EncryptedParticulars = key.Encrypt(RequestKey.Particulars, particulars),
        NumberIndex = index.OfCase(particulars.Number),
        AdmittedIndex = { Admitted(particulars).Select(one => index.OfAssignee(state, one)) },
    };

    /// <summary>The resource name of the case of this id.</summary>
    public static string NameOf(Guid id) => Prefix + id;

    /// <summary>The id in a name that was written here; null where it is empty.</summary>
    public static Guid? IdOf(string name) => name.Length == 0 ? null : Guid.Parse(name.AsSpan(Prefix.Length));
}
