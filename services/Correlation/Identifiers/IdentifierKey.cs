using System.Security.Cryptography;
using System.Text;
using Exchange.Platform;
using Exchange.Reference;
using Exchange.Requests.V1;

namespace Exchange.Correlation;

/// <summary>
/// Turns identifiers and case numbers into keyed hashes: without the key nobody can try out numbers against a stolen database. What the
/// hashes still tell: that two requests of one state share a value or belong to one case, and how often that occurs.
/// </summary>
sealed class IdentifierKey(Keyring keyring)
{
    /// <summary>
    /// Of the key in the keyring. A hash is looked up by its value alone, so a rotation of the service key leaves the key as it is.
    /// </summary>
    public static readonly KeyPurpose Purpose = new("identifiers", Renews: false);

    /// <summary>
    /// Stored beside each hash; only hashes of one version are compared. Raise it with every change of <see cref="NormalForm"/>, in
    /// a migration that empties both tables and the position, so that all is read anew.
    /// </summary>
    public const short Version = 1;

    /// <summary>HMAC-SHA256. The state goes in, so that a hash says nothing across states (UNTOC 18(19): purpose binds).</summary>
    /// <param name="state">The requesting state, alpha-2.</param>
    /// <param name="kind">Keeps a telephone from meeting a document of the same digits.</param>
    /// <param name="normalForm">As <see cref="NormalForm.Of"/> made it.</param>
    public byte[] Hash(string state, IdentifierKind kind, string normalForm) =>
        Hash($"{state}\n{(int)kind}\n{normalForm}");

    /// <summary>HMAC-SHA256 of a case, however its number is written.</summary>
    /// <param name="state">Whose case, alpha-2.</param>
    public byte[] HashOfCase(string state, string number) => Hash($"{state}\ncase number\n{CaseNumber.Normalise(number)}");

    byte[] Hash(string content) => HMACSHA256.HashData(keyring.InUse(Purpose.Name).Secret, Encoding.UTF8.GetBytes(content));
}
