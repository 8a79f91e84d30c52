using System.Security.Cryptography;
using System.Text;
using Exchange.Platform;
using Exchange.Reference;

namespace Exchange.Requests;

/// <summary>
/// By what requests and cases are looked up whose case numbers and assignments are ciphertext: a keyed hash beside it. What it tells
/// whoever has the database and no key: which requests of this installation belong to one case, which are assigned to the same
/// officer, unit or authority, and how many; neither which case that is nor who.
/// </summary>
sealed class LookupIndex(Keyring keyring)
{
    /// <summary>
    /// Of the key in the keyring. An index is looked up by its value alone, and stands in entries of the journal, so a rotation of the
    /// service key leaves the key as it is.
    /// </summary>
    public static readonly KeyPurpose Purpose = new("lookup index", Renews: false);

    const int Length = 16;

    /// <summary>Of a case number, however it is written; empty where nothing is left of it in its normal form.</summary>
    public string OfCase(string number) =>
        CaseNumber.Normalise(number) is { Length: > 0 } normal ? Of($"case number\n{normal}") : "";

    /// <summary>Of an authority, a unit or an officer of a state, as <see cref="Assignments.CountsAs"/> writes them.</summary>
    public string OfAssignee(string state, string assignee) => Of($"assignee\n{state}\n{assignee}");

    /// <summary>Of all that an officer counts as; nothing for a service.</summary>
    public string[] Of(Caller? caller) => caller is null ? [] : [.. caller.CountsAs().Select(one => OfAssignee(caller.State!, one))];

    /// <summary>
    /// The id of the document that is announced by a command. Clients make the id of that command of what they hand in, so that an upload
    /// goes on after a break; in the name of the document it would tell whoever has a copy that this is one.
    /// </summary>
    public Guid DocumentOf(Guid command) => CommandIdentity.UuidFrom(Hash($"document\n{command}"), version: 8);

    string Of(string content) =>
        $"{keyring.InUse(Purpose.Name).Version}.{Convert.ToHexStringLower(Hash(content).AsSpan(0, Length))}";

    byte[] Hash(string content) => HMACSHA256.HashData(keyring.InUse(Purpose.Name).Secret, Encoding.UTF8.GetBytes(content));
}
