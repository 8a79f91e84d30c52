using Exchange.Platform;

namespace Exchange.Client;

/// <summary>
/// The resource name of a request, <c>requests/{uuid}</c>, and the id in it: what events, journals and answers name it by.
/// </summary>
public static class RequestId
{
    /// <summary>What every such name begins with.</summary>
    public const string Prefix = "requests/";

    /// <summary>The name of the request of this id.</summary>
    public static string NameOf(Guid id) => $"{Prefix}{id}";

    /// <summary>The id in a name that a service wrote.</summary>
    /// <exception cref="FormatException">The name is written otherwise.</exception>
    public static Guid Parse(string name) =>
        TryParse(name, out var id) ? id : throw new FormatException($"Not a resource name of a request, {Prefix}{{uuid}}.");

    /// <summary>
    /// The id in a name that somebody gave; false, and the empty id, where it is written otherwise. There is one way to write it, in lower
    /// case with hyphens: what an officer signed is compared with names that a service writes.
    /// </summary>
    public static bool TryParse(string name, out Guid id)
    {
        id = Guid.Empty;
        return name.StartsWith(Prefix, StringComparison.Ordinal) && CommandIdentity.TryParseUuid(name[Prefix.Length..], out id);
    }
}
