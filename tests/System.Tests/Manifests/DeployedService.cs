namespace Exchange.System.Tests;

/// <summary>One container of a service as a manifest describes it, whichever tool will start it.</summary>
sealed record DeployedService(string Service, string Where)
{
    public string Image { get; init; } = "";

    /// <summary>Configuration by its key; the value is empty where a secret holds it.</summary>
    public Dictionary<string, string> Settings { get; init; } = [];

    /// <summary>Where something is mounted, with the files in it as far as they are known.</summary>
    public Dictionary<string, string[]> Mounts { get; init; } = [];

    /// <summary>Ports by what listens there: grpc, probe.</summary>
    public Dictionary<string, string> Ports { get; init; } = [];

    /// <summary>What it does instead of serving, <c>migrate</c> or <c>quarantine</c>; empty when it serves.</summary>
    public string Task { get; init; } = "";

    public static string Key(string variable) => variable.Replace("__", ":", StringComparison.Ordinal);

    public static IEnumerable<DeployedService> FromCluster(List<Yaml> documents, Documented documented) =>
        from document in documents
        where document["kind"].Text == "Deployment"
        let pod = document["spec"]["template"]["spec"]
        from container in pod["initContainers"].Items.Concat(pod["containers"].Items)
        select new DeployedService(
            document["metadata"]["name"].Text.Split('-')[0], $"k8s {document["metadata"]["name"].Text}/{container["name"].Text}")
        {
            Image = container["image"].Text.Split(':')[0],
            Task = container["args"].Items.Select(argument => argument.Text).FirstOrDefault(""),
            Settings = container["envFrom"].Items
                .SelectMany(source => Named(documents, "ConfigMap", source["configMapRef"]["name"].Text)["data"].Pairs)
                .Select(pair => (pair.Key, pair.Value.Text))
                .Concat(container["env"].Items.Select(variable => (variable["name"].Text, variable["value"].Text)))
                .ToDictionary(pair => Key(pair.Item1), pair => pair.Item2),
            Mounts = container["volumeMounts"].Items.ToDictionary(
                mount => mount["mountPath"].Text,
                mount => Files(pod["volumes"].Items.FirstOrDefault(volume => volume["name"] == mount["name"]), documented)),
            Ports = container["ports"].Items.ToDictionary(port => port["name"].Text, port => port["containerPort"].Text),
        };

    public static IEnumerable<DeployedService> FromCompose(Yaml compose) =>
        from pair in compose["services"].Pairs
        let service = pair.Key.Split('-')[0]
        where service is "requests" or "tracking" or "correlation"
        let targets = pair.Value["secrets"].Items.Select(secret => secret["target"].Text).ToList()
        select new DeployedService(service, $"compose {pair.Key}")
        {
            Image = pair.Value["image"].Text,
            Task = pair.Value["command"].Items.Select(argument => argument.Text).FirstOrDefault(""),
            // The services read each file of /run/secrets as the setting of that name.
            Settings = pair.Value["environment"].Pairs.Select(variable => (variable.Key, variable.Value.Text))
                .Concat(targets.Where(target => !target.StartsWith('/')).Select(target => (target, "")))
                .ToDictionary(variable => Key(variable.Item1), variable => variable.Item2),
            Mounts = pair.Value["volumes"].Items.ToDictionary(volume => volume.Text.Split(':')[1], _ => Array.Empty<string>())
                .Concat(targets.Where(target => target.StartsWith('/'))
                    .Select(target => KeyValuePair.Create(target, Array.Empty<string>())))
                .ToDictionary(),
            Ports = pair.Value["ports"].Items.ToDictionary(_ => "grpc", port => port.Text.Split(':')[^1]),
        };

    public static Yaml Named(List<Yaml> documents, string kind, string name) =>
        documents.FirstOrDefault(document => document["kind"].Text == kind && document["metadata"]["name"].Text == name);

    static string[] Files(Yaml volume, Documented documented) =>
        volume["secret"]["items"].Exists
            ? [.. volume["secret"]["items"].Items.Select(item => item["path"].Text)]
            : documented.Keys(volume["secret"]["secretName"].Text);
}
