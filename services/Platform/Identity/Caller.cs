using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Exchange.Platform;

/// <summary>
/// Who is calling, as his certificate says and as the trust anchor of his state vouches for. Never what a client says
/// about itself. Holds no personal name: the officer's number is one only his authority can resolve.
/// </summary>
public sealed record Caller
{
    /// <summary>The role of a service.</summary>
    public const string ServiceRole = "service";

    /// <summary>The role of those who run the installation, and so deal with its parked messages.</summary>
    public const string OperatorRole = "operator";

    /// <summary>ISO 3166-1 alpha-2, upper case; null for a service.</summary>
    public string? State { get; init; }

    /// <summary>The officer's authority, lower case with hyphens; empty for a service.</summary>
    public string Authority { get; init; } = "";

    /// <summary>The unit within the authority, lower case with hyphens; empty for a service.</summary>
    public string Unit { get; init; } = "";

    /// <summary>The number of the officer within his authority; empty for a service.</summary>
    public string OfficerNumber { get; init; } = "";

    /// <summary>What he may be: one of the roles that the services know, in lower case, or <see cref="ServiceRole"/>.</summary>
    public required string Role { get; init; }

    /// <summary>The name of the service, such as <c>requests</c>; null for an officer.</summary>
    public string? Service { get; init; }

    /// <summary>SHA-256 of the certificate, lower-case hex; empty when the caller was read from a URI alone.</summary>
    public string Thumbprint { get; init; } = "";

    /// <summary>
    /// Whether the identity names the same person: state, authority and number, whatever the unit and the role. Two certificates of one
    /// officer are not two pairs of eyes. Never for a service.
    /// </summary>
    /// <param name="identity">As <see cref="ToString"/> gives it.</param>
    public bool IsPersonOf(string identity) => !IsService && CallerUri.PersonOf(identity) == (State, Authority, OfficerNumber);

    /// <summary>
    /// An identity as this caller may know it: an officer of another state by state and authority, and not by unit, number and role.
    /// </summary>
    /// <param name="identity">As <see cref="ToString"/> gives it; anything else stays as it is.</param>
    public string Redact(string identity) => CallerUri.PersonOf(identity) is { } person && person.State != State
        ? $"{CallerUri.Scheme}://{person.State}/{person.Authority}"
        : identity;

    [MemberNotNullWhen(true, nameof(Service))]
    [MemberNotNullWhen(false, nameof(State))]
    public bool IsService => Role == ServiceRole;

    /// <summary>The subject alternative name of the certificate: <c>exchange://BY/authority/unit/1001?role=ROLE</c>.</summary>
    public override string ToString() => IsService
        ? $"exchange://service/{Service}"
        : $"exchange://{State}/{Authority}/{Unit}/{OfficerNumber}?role={Role}";
}

/// <summary>
/// Reads the identity URI of a certificate. Strict on purpose: two spellings of one officer would be two actors in the
/// journal, so nothing is decoded, trimmed or folded.
/// </summary>
public static partial class CallerUri
{
    public const string Scheme = "exchange";

    /// <param name="roles">The roles that an officer may have.</param>
    /// <param name="reason">What is wrong, for a person to mend it; never repeats the input.</param>
    public static bool TryParse(
        string? uri, IReadOnlyList<string> roles, [NotNullWhen(true)] out Caller? caller, [NotNullWhen(false)] out string? reason)
    {
        (caller, reason) = Parse(uri ?? "", roles);
        return caller is not null;
    }

    /// <summary>State, authority and number of the officer whom an identity names; null where it names none.</summary>
    public static (string State, string Authority, string OfficerNumber)? PersonOf(string identity) =>
        OfficerPattern().Match(identity) is { Success: true } officer
            ? (officer.Groups["state"].Value, officer.Groups["authority"].Value, officer.Groups["number"].Value)
            : null;

    static (Caller?, string?) Parse(string uri, IReadOnlyList<string> roles)
    {
        if (ServicePattern().Match(uri) is { Success: true } service)
            return (new() { Role = Caller.ServiceRole, Service = service.Groups["name"].Value }, null);
        if (uri.StartsWith("exchange://service/", StringComparison.Ordinal))
            return (null, "A service is written exchange://service/NAME, the name in lower-case letters, digits and hyphens.");

        var officer = OfficerPattern().Match(uri);
        if (!officer.Success)
            return (null, "An officer is written exchange://STATE/authority/unit/number?role=ROLE: the state as two "
                + "upper-case letters, authority and unit in lower-case letters, digits and hyphens.");

        var role = officer.Groups["role"].Value;
        if (!roles.Contains(role))
        {
            return (null, "The role is missing or unknown: end with ?role="
                + $"{string.Join(", ", roles.SkipLast(1))} or {roles[^1]}.");
        }

        return (new()
        {
            State = officer.Groups["state"].Value,
            Authority = officer.Groups["authority"].Value,
            Unit = officer.Groups["unit"].Value,
            OfficerNumber = officer.Groups["number"].Value,
            Role = role,
        }, null);
    }

    const string Word = "[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?";

    [GeneratedRegex(@$"\Aexchange://service/(?<name>{Word})\z", RegexOptions.CultureInvariant)]
    private static partial Regex ServicePattern();

    [GeneratedRegex(
        @$"\Aexchange://(?<state>[A-Z]{{2}})/(?<authority>{Word})/(?<unit>{Word})/"
        + @"(?<number>[A-Za-z0-9][A-Za-z0-9-]{0,31})(?:\?role=(?<role>[a-z]*))?\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex OfficerPattern();
}
