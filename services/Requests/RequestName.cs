using Exchange.Platform;

namespace Exchange.Requests;

/// <summary>A resource name <c>requests/{uuid}</c>, or <c>requests/{reference}</c> where a person types it.</summary>
static class RequestName
{
    const string Prefix = "requests/";

    /// <summary>What is wrong with the name, or null.</summary>
    public static string? Fault(string name) =>
        name.StartsWith(Prefix, StringComparison.Ordinal) && (Guid.TryParse(name.AsSpan(Prefix.Length), out _) || RegisterFileReader.IsReference(name[Prefix.Length..]))
            ? null
            : "must be requests/{uuid} or requests/{reference}, such as requests/BY-2026-000123.";

    /// <summary>The request, as far as this state may see it; null sees all.</summary>
    /// <exception cref="Refusal">Not a name, or not found.</exception>
    public static async Task<RequestState> FindNamed(this RequestStore store, string name, string? seenBy, CancellationToken ct)
    {
        if (Fault(name) is { } fault)
            throw Refusal.Invalid([new("name", fault)]);
        var found = Guid.TryParse(name.AsSpan(Prefix.Length), out var id)
            ? await store.Find(id, seenBy, ct)
            : await store.Find(name[Prefix.Length..], seenBy, ct);
        return found ?? throw RequestRefusals.NotFound(name);
    }
}
