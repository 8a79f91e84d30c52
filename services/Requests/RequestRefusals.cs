using Exchange.Platform;

namespace Exchange.Requests;

/// <summary>Every refusal this service answers with, by name.</summary>
static class RequestRefusals
{
    /// <summary>Absent, or not this caller's to see; nobody can tell which.</summary>
    public static Refusal NotFound(string name) =>
        new(RefusalKind.NotFound, "REQUEST_NOT_FOUND", $"There is no {name} that you may see.");

    public static Refusal NotForThisService() =>
        new(RefusalKind.NotAllowed, "ROLE_NOT_ALLOWED", "Of the services only correlation reads identities.");

    public static Refusal Stopping() => new(RefusalKind.Unavailable, "STOPPING", "This replica is stopping; go on from the last number heard, another will answer.");

    public static Refusal ListChanged() => Refusal.Invalid([new("page_token", "does not belong to this list; start again without it.")]);
}
