using System.Text.RegularExpressions;

namespace Exchange.System.Tests;

/// <summary>What must hold of the compose file by itself. Each check answers with what is wrong.</summary>
static partial class ComposeChecks
{
    public static IEnumerable<string> UnmadeSecrets(Yaml compose, IEnumerable<string> made) =>
        compose["secrets"].Pairs.Select(secret => Path.GetFileName(secret.Value["file"].Text)).Except(made)
            .Select(file => $"no script makes {file}");

    /// <summary>Secrets, volumes, networks and services that one service names and the file does not have.</summary>
    public static IEnumerable<string> Undeclared(Yaml compose) =>
        from service in compose["services"].Pairs
        from reference in service.Value["secrets"].Items
                .Select(secret => ("secrets", secret["source"].Exists ? secret["source"].Text : secret.Text))
            .Concat(service.Value["volumes"].Items.Select(volume => volume.Text.Split(':')[0])
                .Where(source => !source.StartsWith('.')).Select(source => ("volumes", source)))
            .Concat(service.Value["networks"].Items.Select(network => ("networks", network.Text)))
            .Concat(service.Value["depends_on"].Pairs.Select(other => ("services", other.Key)))
        where !compose[reference.Item1][reference.Item2].Exists
        select $"{service.Key}: {reference.Item1} has no {reference.Item2}";

    public static IEnumerable<string> WrongHealthChecks(Yaml compose) =>
        from service in DeployedService.FromCompose(compose)
        where service.Task != "migrate"
        let test = string.Join(' ', compose["services"][service.Where.Split(' ')[1]]["healthcheck"]["test"].Items.Select(part => part.Text))
        where !test.Contains($"/127.0.0.1/{service.Settings.GetValueOrDefault("Probe:Port")} ", StringComparison.Ordinal) ||
              !test.Contains("GET /health/ready ", StringComparison.Ordinal)
        select $"{service.Where}: the health check asks elsewhere";

    public static IEnumerable<string> DroppedTags(Yaml collector, IEnumerable<string> sources) =>
        sources.SelectMany(source => Tag().Matches(source)).Select(match => match.Groups[1].Value)
            .Except(collector["processors"]["redaction"]["allowed_keys"].Items.Select(key => key.Text))
            .Select(tag => $"the collector drops {tag}");

    [GeneratedRegex("(?:Set|Add)Tag\\(\"([^\"]+)\"")]
    private static partial Regex Tag();
}
