using System.Text.RegularExpressions;
using Exchange.Platform;

namespace Exchange.Requests;

/// <summary>A resource name <c>requests/{uuid}</c>, or <c>requests/{reference}</c> where a person types it.</summary>
static partial class RequestName
{
    const string Prefix = RequestId.Prefix;

    /// <summary>What is wrong with a name; null when it is sound.</summary>
    public static string? Fault(string name) =>
        RequestId.TryParse(name, out _) || (name.StartsWith(Prefix, StringComparison.Ordinal) && IsReference(name[Prefix.Length..]))
            ? null
            : "must be requests/{uuid} or requests/{reference}, such as requests/BY-2026-000123.";

    /// <summary>The request, as far as this caller may see it; null sees all.</summary>
    /// <exception cref="Refusal">Not a name, or not found.</exception>
    public static async Task<RequestState> FindNamed(
        this RequestStore store, string name, Caller? seenBy, CancellationToken ct, string field = "name") =>
        Fault(name) is { } fault
            ? throw Refusal.Invalid([new(field, fault)])
            : await store.FindNamedOrNull(name, seenBy, ct) ?? throw RequestRefusals.NotFound(name);

    /// <summary>The request, as far as this caller may see it; null when it is not found.</summary>
    /// <param name="name">A sound name, see <see cref="Fault"/>.</param>
    public static async Task<RequestState?> FindNamedOrNull(this RequestStore store, string name, Caller? seenBy, CancellationToken ct) =>
        IdOf(name) is { } id
            ? (await store.Find([id], seenBy, ct)).GetValueOrDefault(id)
            : await store.Find(name[Prefix.Length..], seenBy, ct);

    /// <summary>The requests in the order of their names, those by id in one query.</summary>
    /// <exception cref="Refusal">One was not found.</exception>
    public static async Task<List<RequestState>> FindNamed(
        this RequestStore store, IReadOnlyCollection<string> names, Caller? seenBy, CancellationToken ct)
    {
        var known = await store.Find([.. names.Select(IdOf).OfType<Guid>()], seenBy, ct);
        List<RequestState> found = [];
        foreach (var name in names)
        {
            var request = IdOf(name) is { } id ? known.GetValueOrDefault(id) : await store.Find(name[Prefix.Length..], seenBy, ct);
            found.Add(request ?? throw RequestRefusals.NotFound(name));
        }
        return found;
    }

    static Guid? IdOf(string name) => RequestId.TryParse(name, out var id) ? id : null;

    /// <summary>
    /// Whether a text may be a reference, of a register or of our own. It has a digit: where columns have slipped, a person's name
    /// must not pass for one and be repeated in remarks.
    /// </summary>
    public static bool IsReference(string text) => ReferencePattern().IsMatch(text);

    [GeneratedRegex(@"\A(?=.*[0-9])[^\p{C}\p{Zl}\p{Zp}]{1,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex ReferencePattern();
}
