using System.Text.RegularExpressions;

namespace Exchange.System.Tests;

/// <summary>What a manifest says about one service, held against the service. Each check answers with what is wrong.</summary>
static partial class ServiceChecks
{
    public static IEnumerable<string> UnknownSettings(DeployedService deployed, KnownSettings known) =>
        from key in deployed.Settings.Keys
        where !known.Knows(key)
        select $"{deployed.Where}: {key} is no setting of {known.Service}";

    public static IEnumerable<string> MissingSettings(DeployedService deployed, KnownSettings known) =>
        from key in known.Required
        where !deployed.Settings.ContainsKey(key) && (deployed.Task == "migrate" || !IsOwner(key))
        select $"{deployed.Where}: {key} is required";

    /// <summary>Who owns a database is known to the container that migrates it, and to no other.</summary>
    public static IEnumerable<string> MisplacedOwners(DeployedService deployed) =>
        from key in deployed.Settings.Keys
        where IsOwner(key) && deployed.Task != "migrate"
        select $"{deployed.Where}: {key} is for migrate alone";

    /// <summary>The ports that others connect to are the ones on which the service listens.</summary>
    public static IEnumerable<string> WrongPorts(DeployedService deployed, KnownSettings known) =>
        from port in deployed.Ports
        let expected = Listening(deployed, known, port.Key)
        where port.Value != expected
        select $"{deployed.Where}: port {port.Key} is {port.Value}, the service listens on {expected}";

    /// <summary>Every file or folder that a setting names is mounted, and every mounted one is named.</summary>
    public static IEnumerable<string> MisplacedFiles(DeployedService deployed, Documented documented)
    {
        var paths = deployed.Settings.Where(setting => setting.Value.StartsWith('/')).ToDictionary();
        foreach (var (key, path) in paths)
            if (!deployed.Mounts.Any(mount => Holds(mount.Key, mount.Value, path)))
                yield return $"{deployed.Where}: nothing is mounted at {key}={path}";
        foreach (var (mount, files) in deployed.Mounts.Where(mount => mount.Key != "/tmp"))
            if (!paths.Values.Any(path => Holds(mount, files, path)) && !documented.Text.Contains(mount + "/", StringComparison.Ordinal))
                yield return $"{deployed.Where}: no setting names what is mounted at {mount}";
    }

    /// <summary>Every host a setting names answers on that port: a service of ours, or one named as standing outside.</summary>
    public static IEnumerable<string> UnreachableAddresses(DeployedService deployed, IReadOnlyCollection<string> reachable) =>
        from setting in deployed.Settings
        let address = Address().Match(setting.Value)
        where address.Success && !reachable.Contains(address.Groups[1].Value)
        select $"{deployed.Where}: nobody answers at {setting.Key}={setting.Value}";

    public static IEnumerable<string> UnbuiltImages(DeployedService deployed, IReadOnlyDictionary<string, string> built) =>
        built.TryGetValue(deployed.Image, out var source) && source.Equals(deployed.Service, StringComparison.OrdinalIgnoreCase)
            ? []
            : [$"{deployed.Where}: no build of {deployed.Service} makes the image {deployed.Image}"];

    /// <summary>
    /// The images that compose builds, with the service that each holds, by the target that copies it from what was published.
    /// </summary>
    public static Dictionary<string, string> Builds(Yaml compose, string dockerfile) =>
        (from service in compose["services"].Pairs
         let source = service.Value["build"]["target"]
         where service.Value["build"]["dockerfile"].Text == "deploy/images/Dockerfile" &&
             Regex.IsMatch(
                 dockerfile, $@"^FROM \w+ AS {source.Text}\n(?:(?!FROM).*\n)*COPY --from=published /{source.Text} \.$",
                 RegexOptions.Multiline)
         select (service.Value["image"].Text, source.Text)).Distinct().ToDictionary();

    static bool IsOwner(string key) =>
        key.StartsWith("ConnectionStrings:", StringComparison.Ordinal) && key.EndsWith("Owner", StringComparison.Ordinal);

    static string Listening(DeployedService deployed, KnownSettings known, string port)
    {
        var key = port == "grpc" ? "Grpc:Port" : "Probe:Port";
        return deployed.Settings.GetValueOrDefault(key) ?? known.Defaults.GetValueOrDefault(key) ?? "unknown";
    }

    static bool Holds(string mount, string[] files, string path) =>
        path == mount ||
        (path.StartsWith(mount + "/", StringComparison.Ordinal) && (files is [] || files.Contains(path[(mount.Length + 1)..])));

    [GeneratedRegex(@"^https?://([^/]+)")]
    private static partial Regex Address();
}
