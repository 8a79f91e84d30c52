using System.Text.RegularExpressions;

namespace Exchange.System.Tests;

/// <summary>What must hold of the compose file by itself. Each check answers with what is wrong.</summary>
static partial class ComposeChecks
{
    /// <summary>The file as it is where no variable is set.</summary>
    public static string WithDefaults(string compose) => Variable().Replace(compose, "$1");

    public static IEnumerable<string> UnmadeSecrets(Yaml compose, IEnumerable<string> made) =>
        compose["secrets"].Pairs.Select(secret => Path.GetFileName(secret.Value["file"].Text)).Except(made)
            .Select(file => $"no script makes {file}");

    /// <summary>Secrets, volumes, networks and services that one service names and the file does not have.</summary>
    public static IEnumerable<string> Undeclared(Yaml compose) =>
        from service in compose["services"].Pairs
        from reference in service.Value["secrets"].Items
                .Select(secret => ("secrets", secret["source"].Exists ? secret["source"].Text : secret.Text))
            .Concat(service.Value["build"]["secrets"].Items.Select(secret => ("secrets", secret.Text)))
            .Concat(service.Value["volumes"].Items.Select(volume => volume.Text.Split(':')[0])
                .Where(source => !source.StartsWith('.')).Select(source => ("volumes", source)))
            .Concat(service.Value["networks"].Items.Select(network => ("networks", network.Text)))
            .Concat(service.Value["depends_on"].Pairs.Select(other => ("services", other.Key)))
        where !compose[reference.Item1][reference.Item2].Exists
        select $"{service.Key}: {reference.Item1} has no {reference.Item2}";

    /// <summary>The probe is told the service's port, and asks both whether it is alive and whether it is ready.</summary>
    public static IEnumerable<string> WrongHealthChecks(Yaml compose, string probe) =>
        (from service in DeployedService.FromCompose(compose)
         where service.Task != "migrate"
         let test = string.Join(' ', compose["services"][service.Where.Split(' ')[1]]["healthcheck"]["test"].Items
             .Select(part => part.Text))
         where test != $"CMD probe {service.Settings.GetValueOrDefault("Probe:Port")}"
         select $"{service.Where}: the health check asks elsewhere")
        .Concat(from path in new[] { "/health/live", "/health/ready" }
                where !probe.Contains($"asks \"$1\" {path})", StringComparison.Ordinal)
                select $"the probe does not ask {path}");

    /// <summary>Containers that may write, gain rights, take all memory or processes, or that others than this machine reach.</summary>
    public static IEnumerable<string> Unconfined(Yaml compose) =>
        from service in compose["services"].Pairs
        let container = service.Value
        let ports = container["ports"].Items.Select(port => port.Text)
        where container["read_only"].Text != "true" || container["cap_drop"].Items.All(dropped => dropped.Text != "ALL") ||
              container["security_opt"].Items.All(option => option.Text != "no-new-privileges:true") ||
              !container["mem_limit"].Exists || !container["pids_limit"].Exists || container["privileged"].Exists ||
              ports.Any(port => !port.StartsWith("127.0.0.1:", StringComparison.Ordinal))
        select $"{service.Key} may do more than it needs";

    /// <summary>What the collector's pipelines name and its file does not describe.</summary>
    public static IEnumerable<string> UnknownComponents(Yaml collector) =>
        from pipeline in collector["service"]["pipelines"].Pairs
        from kind in new[] { "receivers", "processors", "exporters" }
        from component in pipeline.Value[kind].Items
        where collector[kind].Pairs.All(described => described.Key != component.Text)
        select $"{pipeline.Key}: {kind} has no {component.Text}";

    public static IEnumerable<string> DroppedTags(Yaml collector, IEnumerable<string> sources) =>
        sources.SelectMany(source => Tag().Matches(source)).Select(match => match.Groups[1].Value)
            .Except(collector["processors"]["redaction"]["allowed_keys"].Items.Select(key => key.Text))
            .Select(tag => $"the collector drops {tag}");

    [GeneratedRegex(@"\$\{[A-Z_]+:?-([^}]*)\}")]
    private static partial Regex Variable();

    [GeneratedRegex("(?:Set|Add)Tag\\(\"([^\"]+)\"")]
    private static partial Regex Tag();
}
