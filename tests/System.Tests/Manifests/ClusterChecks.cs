using System.Text.RegularExpressions;

namespace Exchange.System.Tests;

/// <summary>What must hold of the cluster's objects among themselves. Each check answers with what is wrong.</summary>
static partial class ClusterChecks
{
    const string ByName = "app.kubernetes.io/name";

    static IEnumerable<Yaml> Of(List<Yaml> documents, string kind) => documents.Where(document => document["kind"].Text == kind);

    static string Name(Yaml document) => document["metadata"]["name"].Text;

    /// <summary>Every secret and settings object that is named, with the key asked for, is made here or documented.</summary>
    public static IEnumerable<string> UndocumentedReferences(List<Yaml> documents, Documented documented) =>
        from reference in documents.SelectMany(References).Distinct()
        where !DeployedService.Named(documents, reference.Kind, reference.Name).Exists &&
              !documented.Has(reference.Kind, reference.Name, reference.Key)
        select $"{reference.Kind} {reference.Name} ({reference.Key ?? "as a whole"}) is neither made nor documented";

    public static IEnumerable<string> UnusedDocumentation(List<Yaml> documents, Documented documented) =>
        documented.Names.Except(documents.SelectMany(References).Select(reference => reference.Name))
            .Select(name => $"{name} is documented and not used");

    /// <summary>
    /// No Service leads to a pod that holds a quarantine, since that dies of what it does and would take the pod out of the endpoints;
    /// and for each service one pod beside it does that work.
    /// </summary>
    public static IEnumerable<string> MisplacedQuarantines(List<Yaml> documents)
    {
        var quarantines = Of(documents, "Deployment").Where(IsQuarantine).ToList();
        foreach (var service in Of(documents, "Service"))
        {
            foreach (var quarantine in quarantines.Where(quarantine => Selects(service["spec"]["selector"], Labels(quarantine))))
                yield return $"{Name(service)} leads to the quarantine of {Name(quarantine)}";
            if (quarantines.Count(
                quarantine => Name(quarantine) == $"{Name(service)}-quarantine" && quarantine["spec"]["replicas"].Text == "1") != 1)
            {
                yield return $"{Name(service)} has no quarantine, or one that waits for another";
            }
        }
    }

    /// <summary>
    /// Every service has a disruption budget, policies for both directions, and a Service on its gRPC port. A quarantine calls and is
    /// not called, and has no budget: for a single pod that would keep its node from being drained.
    /// </summary>
    public static IEnumerable<string> Unguarded(List<Yaml> documents)
    {
        foreach (var deployment in Of(documents, "Deployment"))
        {
            var labels = Labels(deployment);
            var serves = !IsQuarantine(deployment);
            if (serves != Of(documents, "PodDisruptionBudget").Any(budget => Selects(budget["spec"]["selector"]["matchLabels"], labels)))
                yield return $"{Name(deployment)}: {(serves ? "no" : "a")} disruption budget";
            // Its own by name: the one that lets all of us send telemetry is none of them.
            var policies = Of(documents, "NetworkPolicy").Select(policy => policy["spec"]).Where(policy =>
                policy["podSelector"]["matchLabels"][ByName].Exists && Selects(policy["podSelector"]["matchLabels"], labels)).ToList();
            foreach (var (direction, needed) in new[] { ("ingress", serves), ("egress", true) })
                if (needed != policies.Any(policy => policy[direction].Items.Any()))
                    yield return $"{Name(deployment)}: {(needed ? "no" : "a")} policy for {direction}";
            if (!serves)
                continue;
            if (deployment["spec"]["replicas"].Text is "1")
                yield return $"{Name(deployment)}: its budget keeps its only pod's node from being drained";
            if (!Of(documents, "Service").Any(service =>
                Selects(service["spec"]["selector"], labels)
                    && service["spec"]["ports"].Items.Any(port => port["targetPort"].Text == "grpc")))
            {
                yield return $"{Name(deployment)}: no Service leads to its gRPC port";
            }
        }
        if (!Of(documents, "NetworkPolicy").Any(policy =>
            policy["spec"]["podSelector"].Exists && !policy["spec"]["podSelector"].Pairs.Any() &&
            !policy["spec"]["ingress"].Exists && !policy["spec"]["egress"].Exists &&
            policy["spec"]["policyTypes"].Items.Count() == 2))
            yield return "no policy denies by default";
    }

    /// <summary>All three probes of a running service or quarantine ask a path that it serves, on its probe port.</summary>
    public static IEnumerable<string> WrongProbes(List<Yaml> documents, IReadOnlyCollection<string> served) =>
        from deployment in Of(documents, "Deployment")
        from container in deployment["spec"]["template"]["spec"]["containers"].Items
        from probe in new[] { "startupProbe", "livenessProbe", "readinessProbe" }
        let asked = container[probe]["httpGet"]
        let expected = probe == "readinessProbe" ? "/health/ready" : "/health/live"
        where asked["port"].Text != "probe" || asked["path"].Text != expected || !served.Contains(asked["path"].Text)
        select $"{Name(deployment)}: {probe} asks {asked["port"].Text} {asked["path"].Text}";

    public static IEnumerable<string> Unconfined(List<Yaml> documents) =>
        from deployment in Of(documents, "Deployment")
        let pod = deployment["spec"]["template"]["spec"]
        from container in pod["initContainers"].Items.Concat(pod["containers"].Items)
        let security = container["securityContext"]
        from fault in new[]
        {
            pod["securityContext"]["runAsNonRoot"].Text == "true" ? null : "may run as root",
            pod["automountServiceAccountToken"].Text == "false" ? null : "holds a token of the API server",
            security["readOnlyRootFilesystem"].Text == "true" ? null : "may write to its image",
            security["allowPrivilegeEscalation"].Text == "false" ? null : "may gain privileges",
            security["capabilities"]["drop"].Items.Any(dropped => dropped.Text == "ALL") ? null : "keeps capabilities",
            container["resources"]["requests"]["memory"].Exists && container["resources"]["limits"]["memory"].Exists
                ? null : "has no bounds",
        }
        where fault is not null
        select $"{Name(deployment)}/{container["name"].Text} {fault}";

    /// <summary>Losing one machine loses nothing confirmed: three brokers, three instances, commits wait for any one replica.</summary>
    public static IEnumerable<string> LosesConfirmedWork(List<Yaml> documents)
    {
        foreach (var broker in Of(documents, "RabbitmqCluster").Where(broker => broker["spec"]["replicas"].Text != "3"))
            yield return $"{Name(broker)}: {broker["spec"]["replicas"].Text} nodes have no useful majority";
        foreach (var cluster in Of(documents, "Cluster"))
        {
            var synchronous = cluster["spec"]["postgresql"]["synchronous"];
            if (cluster["spec"]["instances"].Text != "3" || synchronous["method"].Text != "any" || synchronous["number"].Text != "1"
                || synchronous["dataDurability"].Text != "required")
                yield return $"{Name(cluster)}: a commit may stand on one disk";
        }
        if (!Of(documents, "RabbitmqCluster").Any() || Of(documents, "Cluster").Count() != 2)
            yield return "a broker, the databases and the key store are expected";
    }

    /// <summary>Seven days after an erasure no backup holds the key. Schedule and clean-up each add up to a day to the window.</summary>
    public static IEnumerable<string> KeysOutliveErasure(List<Yaml> documents)
    {
        var store = DeployedService.Named(documents, "ObjectStore", "exchange-keys")["spec"]["retentionPolicy"].Text;
        var schedule = DeployedService.Named(documents, "ScheduledBackup", "exchange-keys")["spec"]["schedule"].Text;
        if (!(Days().Match(store) is { Success: true } days && int.Parse(days.Groups[1].ValueSpan, null) + 2 <= 7))
            yield return $"a window of {store} keeps erased keys for more than 7 days";
        if (!schedule.EndsWith(" * * *", StringComparison.Ordinal))
            yield return $"the key store's backup at {schedule} is not daily";
    }

    static bool IsQuarantine(Yaml deployment) =>
        deployment["spec"]["template"]["spec"]["containers"].Items.Any(
            container => container["args"].Items.Any(argument => argument.Text == "quarantine"));

    static Yaml Labels(Yaml deployment) => deployment["spec"]["template"]["metadata"]["labels"];

    static bool Selects(Yaml selector, Yaml labels) =>
        selector.Pairs.Any() && selector.Pairs.All(label => labels[label.Key] == label.Value);

    static IEnumerable<(string Kind, string Name, string? Key)> References(Yaml document)
    {
        foreach (var place in document.All)
        {
            foreach (var reference in new[] { place["secretKeyRef"], place["accessKeyId"], place["secretAccessKey"] }
                .Where(found => found.Exists))
            {
                yield return ("Secret", reference["name"].Text, reference["key"].Text);
            }
            foreach (var key in new[] { "username", "password" })
            {
                if (place["passwordSecret"].Exists)
                    yield return ("Secret", place["passwordSecret"]["name"].Text, key);
                if (place["initdb"]["secret"].Exists)
                    yield return ("Secret", place["initdb"]["secret"]["name"].Text, key);
                if (place["importCredentialsSecret"].Exists)
                    yield return ("Secret", place["importCredentialsSecret"]["name"].Text, key);
            }
            if (place["secretRef"].Exists)
                yield return ("Secret", place["secretRef"]["name"].Text, null);
            if (place["configMapRef"].Exists)
                yield return ("ConfigMap", place["configMapRef"]["name"].Text, null);
            if (place["configMap"].Exists)
                yield return ("ConfigMap", place["configMap"]["name"].Text, null);
            if (place["secret"]["secretName"].Exists)
                foreach (var key in place["secret"]["items"].Exists
                    ? place["secret"]["items"].Items.Select(item => item["key"].Text) : [null!])
                {
                    yield return ("Secret", place["secret"]["secretName"].Text, key);
                }
        }
    }

    [GeneratedRegex("^([0-9]+)d$")]
    private static partial Regex Days();
}
