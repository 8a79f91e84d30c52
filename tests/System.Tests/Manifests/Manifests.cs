using System.Text.RegularExpressions;
using Exchange.Testing;

namespace Exchange.System.Tests;

/// <summary>The manifests of the cluster and of compose, held against the services that they start.</summary>
public sealed partial class Manifests
{
    // Not ours; secrets.md and the collector's section of compose say who answers there.
    static readonly string[] Outside = ["collector.observability.svc:4317"];

    internal static string Base { get; } = Sources.Kustomize("k8s/base");
    internal static string Compose { get; } = ComposeChecks.WithDefaults(Sources.Read("deploy/compose/compose.yaml"));
    internal static string Probe { get; } = Sources.Read("deploy/images/probe");
    internal static string Dockerfile { get; } = Sources.Read("deploy/images/Dockerfile");
    internal static string Collector { get; } = Sources.Read("deploy/observability/collector.yaml");
    internal static Documented Documented { get; } = new(Sources.Read("k8s/secrets.md"));

    static readonly List<Yaml> Cluster = Yaml.Documents(Base);
    static readonly Yaml Containers = Yaml.Documents(Compose)[0];

    static List<DeployedService> Deployed =>
        [.. DeployedService.FromCluster(Cluster, Documented), .. DeployedService.FromCompose(Containers)];

    /// <summary>The text with one part replaced, wherever it stands; it must stand somewhere.</summary>
    internal static string Replaced(string text, string right, string wrong)
    {
        text.ShouldContain(right, Case.Sensitive);
        return text.Replace(right, wrong, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_service_is_started_and_migrated_and_has_a_quarantine_in_both() =>
        Deployed.Select(deployed => (deployed.Where.Split(' ')[0], deployed.Service, deployed.Task)).Distinct().ShouldBe(
            from tool in new[] { "k8s", "compose" }
            from service in new[] { "requests", "tracking", "correlation" }
            from task in new[] { "migrate", "quarantine", "" }
            select (tool, service, task), ignoreOrder: true);

    [Fact]
    public void No_quarantine_stands_in_a_pod_that_a_service_leads_to() => ClusterChecks.MisplacedQuarantines(Cluster).ShouldBeEmpty();

    [Fact]
    public void Every_options_class_names_its_section() =>
        Deployed.SelectMany(deployed => KnownSettings.WithoutSection(KnownSettings.Types(deployed.Service))).Distinct().ShouldBeEmpty();

    [Fact]
    public void The_services_read_the_secrets_that_compose_mounts() =>
        Sources.In("services/Platform")
            .ShouldContain(source => source.Contains("AddKeyPerFile(\"/run/secrets\"", StringComparison.Ordinal));

    [Fact]
    public void Every_setting_is_one_that_the_service_knows() =>
        Deployed.SelectMany(deployed => ServiceChecks.UnknownSettings(deployed, KnownSettings.Of(deployed.Service))).ShouldBeEmpty();

    [Fact]
    public void Every_required_setting_is_set() =>
        Deployed.SelectMany(deployed => ServiceChecks.MissingSettings(deployed, KnownSettings.Of(deployed.Service))).ShouldBeEmpty();

    [Fact]
    public void Only_who_migrates_a_database_is_told_its_owner() =>
        Deployed.SelectMany(ServiceChecks.MisplacedOwners).ShouldBeEmpty();

    [Fact]
    public void Every_port_is_one_on_which_the_service_listens() =>
        Deployed.SelectMany(deployed => ServiceChecks.WrongPorts(deployed, KnownSettings.Of(deployed.Service))).ShouldBeEmpty();

    [Fact]
    public void Every_file_that_a_setting_names_is_mounted_there() =>
        Deployed.SelectMany(deployed => ServiceChecks.MisplacedFiles(deployed, Documented)).ShouldBeEmpty();

    [Fact]
    public void Every_address_leads_to_somebody()
    {
        var reachable = Outside.Concat(
            from service in Cluster
            where service["kind"].Text == "Service"
            from port in service["spec"]["ports"].Items
            select $"{service["metadata"]["name"].Text}:{port["port"].Text}").ToList();
        var viewer = ViewersPort().Match(Sources.Read("deploy/compose/secrets.sh")).Groups[1].Value;
        List<string> composed = [$"viewer:{viewer}", .. Deployed
            .Where(deployed => deployed.Where == $"compose {deployed.Service}")
            .Select(deployed => $"{deployed.Service}:{deployed.Settings["Grpc:Port"]}")];

        Deployed.SelectMany(deployed => ServiceChecks.UnreachableAddresses(
            deployed, deployed.Where.StartsWith("k8s", StringComparison.Ordinal) ? reachable : composed)).ShouldBeEmpty();
    }

    [Fact]
    public void Every_image_is_built_from_its_service() =>
        Deployed.SelectMany(deployed => ServiceChecks.UnbuiltImages(deployed, ServiceChecks.Builds(Containers, Dockerfile)))
            .ShouldBeEmpty();

    [Fact]
    public void Every_secret_is_made_or_documented_and_no_other() =>
        ClusterChecks.UndocumentedReferences(Cluster, Documented)
            .Concat(ClusterChecks.UnusedDocumentation(Cluster, Documented)).ShouldBeEmpty();

    [Fact]
    public void Every_service_is_guarded_and_confined() =>
        ClusterChecks.Unguarded(Cluster).Concat(ClusterChecks.Unconfined(Cluster)).ShouldBeEmpty();

    [Fact]
    public void Every_probe_asks_a_path_that_is_served() =>
        ClusterChecks.WrongProbes(Cluster, [.. Sources.In("services/Platform")
            .SelectMany(source => HealthPath().Matches(source)).Select(match => match.Groups[1].Value)]).ShouldBeEmpty();

    [Fact]
    public void One_lost_machine_loses_nothing_confirmed() => ClusterChecks.LosesConfirmedWork(Cluster).ShouldBeEmpty();

    [Fact]
    public void Erased_keys_are_gone_from_the_backups_after_seven_days() => ClusterChecks.KeysOutliveErasure(Cluster).ShouldBeEmpty();

    [Fact]
    public void The_example_changes_images_and_state_and_nothing_that_is_checked()
    {
        var example = Yaml.Documents(Sources.Kustomize("k8s/overlays/example"));
        var deployed = DeployedService.FromCluster(example, Documented).ToList();
        deployed.Count.ShouldBe(12);
        deployed.ShouldAllBe(service => service.Image == $"registry.example.org/exchange/{service.Service}");
        deployed.ShouldAllBe(service => service.Settings["Installation:State"] == "PL" && service.Settings.ContainsKey("Identity:Anchors"));
        ClusterChecks.Unguarded(example).Concat(ClusterChecks.MisplacedQuarantines(example))
            .Concat(ClusterChecks.LosesConfirmedWork(example)).ShouldBeEmpty();
    }

    [Fact]
    public void A_user_of_the_broker_may_in_the_cluster_what_he_may_everywhere() => Cluster
        .Where(document => document["kind"].Text == "Permission")
        .Select(document => (User: document["spec"]["userReference"]["name"].Text["exchange-broker-".Length..],
            May: document["spec"]["permissions"]))
        .Select(one => new BrokerPermissions(one.User, one.May["configure"].Text, one.May["write"].Text, one.May["read"].Text))
        .ShouldBe(BrokerPermissions.All, ignoreOrder: true);

    [Fact]
    public void Compose_starts_with_secrets_that_its_script_makes()
    {
        var folder = Directory.CreateTempSubdirectory("secrets-");
        try
        {
            Sources.Run(Path.Combine(Sources.Root, "deploy/compose/secrets.sh"), folder.FullName);
            ComposeChecks.UnmadeSecrets(Containers, folder.GetFiles().Select(file => file.Name)).ShouldBeEmpty();
            var first = File.ReadAllText(Path.Combine(folder.FullName, "broker.password"));
            Sources.Run(Path.Combine(Sources.Root, "deploy/compose/secrets.sh"), folder.FullName);
            File.ReadAllText(Path.Combine(folder.FullName, "broker.password")).ShouldBe(first);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Compose_waits_for_and_mounts_only_what_it_declares() => ComposeChecks.Undeclared(Containers).ShouldBeEmpty();

    [Fact]
    public void Compose_probes_the_port_and_path_that_the_services_serve() =>
        ComposeChecks.WrongHealthChecks(Containers, Probe).ShouldBeEmpty();

    [Fact]
    public void Compose_confines_every_container_and_opens_ports_on_the_loopback_only() =>
        ComposeChecks.Unconfined(Containers).ShouldBeEmpty();

    [Fact]
    public void The_collector_has_all_that_its_pipelines_name() =>
        ComposeChecks.UnknownComponents(Yaml.Documents(Collector)[0]).ShouldBeEmpty();

    [Fact]
    public void The_collector_lets_through_the_tags_that_the_code_sets() =>
        ComposeChecks.DroppedTags(
            Yaml.Documents(Collector)[0],
            Sources.In("services").Concat(Sources.In("contracts"))).ShouldBeEmpty();

    [Fact]
    public void The_collector_listens_where_compose_tells_services_to_send_in_place_of_the_viewer() =>
        Compose.ShouldContain(
            $"http://collector:{Yaml.Documents(Collector)[0]["receivers"]["otlp"]["protocols"]["grpc"]["endpoint"].Text.Split(':')[1]}.");

    [GeneratedRegex("\"GrpcEndpointUrl\": \"http://0.0.0.0:([0-9]+)\"")]
    private static partial Regex ViewersPort();

    [GeneratedRegex("\"(/health/[a-z]+)\"")]
    private static partial Regex HealthPath();
}
