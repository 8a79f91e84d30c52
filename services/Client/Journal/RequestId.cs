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

    /// <summary>The id in a name that somebody gave; false, and the empty id, where it is written otherwise.</summary>
    public static bool TryParse(string name, out Guid id)
    {
        id = Guid.Empty;
        return name.StartsWith(Prefix, StringComparison.Ordinal) && Guid.TryParse(name.AsSpan(Prefix.Length), out id);
    }
}
