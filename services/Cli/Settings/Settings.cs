using System.CommandLine;
using System.Text.Json;

namespace Exchange.Cli;

/// <summary>Where the services are and who asks. Options win over the environment, the environment over client.json.</summary>
/// <param name="Certificate">PEM file with the caller's certificate.</param>
/// <param name="Key">PEM file with its private key.</param>
/// <param name="Anchor">PEM file with the authority that the services' certificates rest on.</param>
/// <param name="RevocationList">File with the list of what that authority has revoked.</param>
sealed record Settings(
    Uri? Requests, Uri? Tracking, Uri? Correlation, string Certificate, string Key, string Anchor, string RevocationList)
{
    const string ClientFile = "client.json";

    public static Settings Read(ParseResult parsed, GlobalOptions options, Func<string, string?> variable)
    {
        string? Given(Option<string?> option) =>
            parsed.GetValue(option) ?? variable("EXCHANGE_" + option.Name[2..].ToUpperInvariant());

        var home = Given(options.Home) is { } folder ? Path.GetFullPath(folder) : null;
        var file = home is null ? [] : ReadClientFile(Path.Combine(home, ClientFile));
        string? Address(Option<string?> option) => Given(option) ?? file.GetValueOrDefault(option.Name[2..]);

        var pki = home is null ? null : Path.Combine(home, file.GetValueOrDefault("pki", "pki"));
        var (certificate, key) = CertificateOf(parsed, options, variable, pki, file.GetValueOrDefault("persona"));
        var anchor = AnchorFile(Given(options.Anchors) ?? (pki is null ? null : Path.Combine(pki, "anchors")));
        return new(
            AsAddress(options.Requests, Address(options.Requests)),
            AsAddress(options.Tracking, Address(options.Tracking)),
            AsAddress(options.Correlation, Address(options.Correlation)),
            Existing(certificate, "certificate"),
            Existing(key, "private key"),
            anchor,
            ListFile(Given(options.RevocationLists), anchor));
    }

    // A persona asked for on the command line wins over a certificate that merely lies in the environment.
    static (string Certificate, string Key) CertificateOf(
        ParseResult parsed, GlobalOptions options, Func<string, string?> variable, string? pki, string? usual)
    {
        var asked = parsed.GetValue(options.As);
        var file = parsed.GetValue(options.Certificate) ?? (asked is null ? variable("EXCHANGE_CERTIFICATE") : null);
        if (file is not null)
            return (file, parsed.GetValue(options.Key) ?? variable("EXCHANGE_KEY") ?? Path.ChangeExtension(file, ".key"));
        if (pki is null)
            throw new CommandException(ExitCode.Usage, "It is not said who asks and where the services are.",
                "Give --home DIR (or EXCHANGE_HOME), or --certificate and --anchors with the addresses of the services.");
        if ((asked ?? variable("EXCHANGE_AS") ?? usual) is not { } persona)
            throw new CommandException(ExitCode.Usage, "It is not said who asks.", $"Give --as PERSONA; there are: {PersonasIn(pki)}.");
        if (persona.AsSpan().ContainsAny('/', '\\') || !File.Exists(Path.Combine(pki, "personas", persona + ".pem")))
            throw new CommandException(ExitCode.Usage, $"There is no persona '{persona}' in {pki}.", $"There are: {PersonasIn(pki)}.");
        return (Path.Combine(pki, "personas", persona + ".pem"), Path.Combine(pki, "personas", persona + ".key"));
    }

    static string PersonasIn(string pki)
    {
        var folder = Path.Combine(pki, "personas");
        var names = Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "*.pem").Select(file => Path.GetFileNameWithoutExtension(file)).Order().ToArray()
            : [];
        return names.Length == 0 ? "none yet (exchange pki init writes them)" : string.Join(", ", names);
    }

    static Dictionary<string, string> ReadClientFile(string path)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            return json.RootElement.EnumerateObject().ToDictionary(field => field.Name, field => field.Value.GetString() ?? "");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.Usage, $"{path} cannot be read.",
                "--home names the folder that holds client.json; deploy/local/up writes one.");
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            throw new CommandException(ExitCode.Usage, $"{path} is not a JSON object of texts.",
                """It looks like {"requests": "https://localhost:7443", "tracking": …, "correlation": …, """
                + "\"pki\": \"pki\", \"persona\": \"prosecutor\"}.");
        }
    }

    static Uri? AsAddress(Option<string?> option, string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        return Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps
            ? address
            : throw new CommandException(ExitCode.Usage, $"'{text}' is not an address for {option.Name}.",
                "It looks like https://localhost:7443.");
    }

    static string AnchorFile(string? place) => place switch
    {
        null => throw new CommandException(ExitCode.Usage, "It is not said what the services' certificates rest on.",
            "Give --anchors DIR with service.pem in it, or --home DIR."),
        _ when Directory.Exists(place) => Existing(Path.Combine(place, "service.pem"), "trust anchor"),
        _ => Existing(place, "trust anchor"),
    };

    // As exchange pki init lays them out: anchors/service.pem, and crl/service.crl beside that folder.
    static string ListFile(string? place, string anchor)
    {
        var name = Path.GetFileNameWithoutExtension(anchor) + ".crl";
        place ??= Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(Path.GetFullPath(anchor))) ?? "", "crl");
        var list = File.Exists(place) ? place : Path.Combine(place, name);
        return File.Exists(list) ? list : throw new CommandException(ExitCode.Usage, $"The revocation list {list} does not exist.",
            "Without it a revoked service could not be told from a good one. Put the list of the services' authority there, or say with"
            + " --crl DIR where it is; exchange pki init writes one beside the anchors.");
    }

    static string Existing(string file, string what) =>
        File.Exists(file) ? file : throw new CommandException(ExitCode.Usage, $"The {what} {file} does not exist.");
}
