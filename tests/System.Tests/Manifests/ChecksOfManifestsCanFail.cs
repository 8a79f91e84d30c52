using System.ComponentModel.DataAnnotations;

namespace Exchange.System.Tests;

/// <summary>Each check of the manifests, shown a manifest that breaks it.</summary>
public sealed class ChecksOfManifestsCanFail
{
    static readonly KnownSettings Known = KnownSettings.From(
        "tracking", [typeof(Grpc), typeof(Probe), typeof(Identity), typeof(Ladder)],
        """{"Logging":{"LogLevel":{"Default":"Information"}}}""");

    [Fact]
    public void Options_become_settings()
    {
        Known.Knows("Grpc:Port").ShouldBeTrue();
        Known.Knows("Grpc:Computed").ShouldBeFalse();
        Known.Knows("Ladder:Rungs:0").ShouldBeTrue();
        Known.Knows("Logging:LogLevel:Default").ShouldBeTrue();
        Known.Knows("OTEL_SERVICE_NAME").ShouldBeTrue();
        Known.Knows("ConnectionStrings:Keys").ShouldBeFalse();
        Known.Required.ShouldBe(
            ["ConnectionStrings:Database", "ConnectionStrings:DatabaseOwner", "ConnectionStrings:Broker", "Identity:Anchors"],
            ignoreOrder: true);
        Known.Defaults["Grpc:Port"].ShouldBe("7443");
        KnownSettings.WithoutSection([typeof(Grpc), typeof(NamelessOptions)]).ShouldBe([nameof(NamelessOptions)]);
    }

    [Fact]
    public void A_setting_that_nobody_knows_is_found() =>
        ServiceChecks.UnknownSettings(new("tracking", "here") { Settings = { ["Grpc:Prot"] = "7443" } }, Known)
            .ShouldHaveSingleItem().ShouldContain("Grpc:Prot");

    [Fact]
    public void A_required_setting_that_is_missing_is_found() =>
        ServiceChecks.MissingSettings(
                new("tracking", "here") { Settings = { ["ConnectionStrings:Database"] = "", ["ConnectionStrings:Broker"] = "" } }, Known)
            .ShouldHaveSingleItem().ShouldContain("Identity:Anchors");

    [Fact]
    public void An_owner_where_nothing_is_migrated_is_found_and_a_missing_one_where_it_is()
    {
        var serving = new DeployedService("tracking", "here") { Settings = { ["ConnectionStrings:DatabaseOwner"] = "" } };
        ServiceChecks.MisplacedOwners(serving).ShouldHaveSingleItem();
        ServiceChecks.MisplacedOwners(serving with { Task = "migrate" }).ShouldBeEmpty();
        ServiceChecks.MissingSettings(new("tracking", "here") { Task = "migrate" }, Known)
            .ShouldContain(fault => fault.Contains("ConnectionStrings:DatabaseOwner"));
    }

    [Fact]
    public void A_port_on_which_nobody_listens_is_found()
    {
        ServiceChecks.WrongPorts(new("tracking", "here") { Ports = { ["grpc"] = "7444" } }, Known).ShouldHaveSingleItem();
        ServiceChecks.WrongPorts(
            new("tracking", "here") { Ports = { ["probe"] = "8081" }, Settings = { ["Probe:Port"] = "9000" } }, Known)
                .ShouldHaveSingleItem();
    }

    [Fact]
    public void A_file_that_is_not_mounted_is_found()
    {
        DeployedService service = new("tracking", "here")
        {
            Settings = { ["Identity:Key"] = "/identity/other.key", ["Identity:Anchors"] = "/nowhere" },
            Mounts = { ["/identity"] = ["tls.pem", "tls.key"] },
        };
        ServiceChecks.MisplacedFiles(service, new("")).Count().ShouldBe(3);
        ServiceChecks.MisplacedFiles(service with { Settings = new() { ["Identity:Key"] = "/identity/tls.key" } }, new("")).ShouldBeEmpty();
    }

    [Fact]
    public void An_address_of_nobody_is_found() =>
        ServiceChecks.UnreachableAddresses(
            new("tracking", "here") { Settings = { ["Requests:Address"] = "https://requests:7444" } }, ["requests:7443"])
                .ShouldHaveSingleItem();

    [Fact]
    public void An_image_of_another_service_is_found() =>
        ServiceChecks.UnbuiltImages(
            new("tracking", "here") { Image = "exchange-requests" },
            ServiceChecks.Builds(Yaml.Documents(Manifests.Compose)[0], Manifests.Dockerfile)).ShouldHaveSingleItem();

    [Fact]
    public void A_target_that_holds_another_service_is_found() =>
        ServiceChecks.Builds(
                Yaml.Documents(Manifests.Compose)[0],
                Manifests.Replaced(Manifests.Dockerfile, "--from=published /tracking", "--from=published /requests"))
            .ShouldNotContainKey("exchange-tracking");

    [Theory]
    [InlineData("secretName: exchange-service-key", "secretName: lost")]
    [InlineData("secretName: exchange-tracking-identity", "secretName: lost")]
    [InlineData("key: connection-string", "key: connection")]
    [InlineData("name: exchange-anchors", "name: lost")]
    [InlineData("key: access-key-id", "key: id")]
    public void A_secret_that_nobody_makes_is_found(string right, string wrong) =>
        ClusterChecks.UndocumentedReferences(Broken(right, wrong), Manifests.Documented).ShouldNotBeEmpty();

    [Fact]
    public void Documentation_of_a_secret_that_is_not_used_is_found() =>
        ClusterChecks.UnusedDocumentation(Yaml.Documents(Manifests.Base), new("| `forgotten` | Secret | `key` | you | |"))
            .ShouldHaveSingleItem();

    [Theory]
    [InlineData("kind: PodDisruptionBudget", "kind: Budget")]
    [InlineData("kind: NetworkPolicy", "kind: Policy")]
    [InlineData("podSelector: {}", "podSelector: {matchLabels: {a: b}}")]
    [InlineData("targetPort: grpc", "targetPort: probe")]
    [InlineData("replicas: 2", "replicas: 1")]
    [InlineData("app.kubernetes.io/name: requests-quarantine\n  policyTypes", "a: b\n  policyTypes")]
    [InlineData(
        "app.kubernetes.io/name: requests-quarantine\n  policyTypes",
        "app.kubernetes.io/name: requests-quarantine\n  ingress:\n  - {}\n  policyTypes")]
    public void A_service_without_a_guard_is_found(string right, string wrong) =>
        ClusterChecks.Unguarded(Broken(right, wrong)).ShouldNotBeEmpty();

    [Theory]
    [InlineData("app.kubernetes.io/name: requests-quarantine", "app.kubernetes.io/name: requests")]
    [InlineData("- quarantine\n", "- serve\n")]
    public void A_quarantine_beside_a_service_or_none_is_found(string right, string wrong) =>
        ClusterChecks.MisplacedQuarantines(Broken(right, wrong)).ShouldNotBeEmpty();

    [Theory]
    [InlineData("path: /health/ready", "path: /health/live")]
    [InlineData("port: probe", "port: grpc")]
    [InlineData("startupProbe:", "startProbe:")]
    public void A_probe_of_something_else_is_found(string right, string wrong)
    {
        ClusterChecks.WrongProbes(Broken(right, wrong), ["/health/live", "/health/ready"]).ShouldNotBeEmpty();
        ClusterChecks.WrongProbes(Yaml.Documents(Manifests.Base), ["/health/live"]).ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("runAsNonRoot: true", "runAsNonRoot: false")]
    [InlineData("automountServiceAccountToken: false", "automountServiceAccountToken: true")]
    [InlineData("readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false")]
    [InlineData("allowPrivilegeEscalation: false", "allowPrivilegeEscalation: true")]
    [InlineData("- ALL", "- CHOWN")]
    [InlineData("limits:", "limit:")]
    public void A_container_that_may_do_more_is_found(string right, string wrong) =>
        ClusterChecks.Unconfined(Broken(right, wrong)).ShouldNotBeEmpty();

    [Theory]
    [InlineData("method: any", "method: first")]
    [InlineData("number: 1", "number: 0")]
    [InlineData("instances: 3", "instances: 1")]
    [InlineData("dataDurability: required", "dataDurability: preferred")]
    [InlineData("replicas: 3", "replicas: 2")]
    [InlineData("kind: RabbitmqCluster", "kind: Broker")]
    public void A_server_that_forgets_is_found(string right, string wrong) =>
        ClusterChecks.LosesConfirmedWork(Broken(right, wrong)).ShouldNotBeEmpty();

    [Theory]
    [InlineData("retentionPolicy: 5d", "retentionPolicy: 6d")]
    [InlineData("retentionPolicy: 5d", "retentionPolicy: 1w")]
    [InlineData("schedule: 0 0 3 * * *", "schedule: 0 0 3 * * 1")]
    public void Backups_that_keep_erased_keys_are_found(string right, string wrong) =>
        ClusterChecks.KeysOutliveErasure(Broken(right, wrong)).ShouldNotBeEmpty();

    [Fact]
    public void A_secret_that_no_script_makes_is_found() =>
        ComposeChecks.UnmadeSecrets(Yaml.Documents(Manifests.Compose)[0], ["service-key"]).ShouldNotBeEmpty();

    [Theory]
    [InlineData("\n  service-key: {file", "\n  other-key: {file")]
    [InlineData("\n  authorities: {file", "\n  certificates: {file")]
    [InlineData("\n  requests-trust: {}", "")]
    [InlineData("\n  keys: {internal: true}", "")]
    [InlineData("requests-migrate: {condition", "requests-migration: {condition")]
    public void A_name_that_compose_does_not_have_is_found(string right, string wrong) =>
        ComposeChecks.Undeclared(BrokenCompose(right, wrong)).ShouldNotBeEmpty();

    [Fact]
    public void A_health_check_of_something_else_is_found()
    {
        ComposeChecks.WrongHealthChecks(BrokenCompose("probe, \"8081\"", "probe, \"8080\""), Manifests.Probe).ShouldNotBeEmpty();
        foreach (var path in new[] { "/health/ready", "/health/live" })
            ComposeChecks.WrongHealthChecks(
                Yaml.Documents(Manifests.Compose)[0], Manifests.Replaced(Manifests.Probe, $"\"$1\" {path}", "\"$1\" /"))
                    .ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("read_only: true", "read_only: false")]
    [InlineData("cap_drop: [ALL]", "cap_drop: [CHOWN]")]
    [InlineData("no-new-privileges:true", "seccomp:unconfined")]
    [InlineData("pids_limit: 256", "pids: 256")]
    [InlineData("mem_limit: 2g", "memory: 2g")]
    [InlineData("\"127.0.0.1:7444:7443\"", "\"7444:7443\"")]
    public void A_container_of_compose_that_may_do_more_is_found(string right, string wrong) =>
        ComposeChecks.Unconfined(BrokenCompose(right, wrong)).ShouldNotBeEmpty();

    [Fact]
    public void A_pipeline_of_something_that_the_collector_does_not_have_is_found() =>
        ComposeChecks.UnknownComponents(
            Yaml.Documents(Manifests.Replaced(Manifests.Collector, "exporters: [prometheus]", "exporters: [elsewhere]"))[0])
            .ShouldHaveSingleItem();

    [Fact]
    public void A_tag_that_the_collector_drops_is_found() =>
        ComposeChecks.DroppedTags(
            Yaml.Documents("processors: {redaction: {allowed_keys: [error.type]}}")[0],
            ["activity.SetTag(\"error.type\", 1)", "activity?.SetTag(\"subject.name\", name)"])
                .ShouldBe(["the collector drops subject.name"]);

    static List<Yaml> Broken(string right, string wrong) => Yaml.Documents(Manifests.Replaced(Manifests.Base, right, wrong));

    static Yaml BrokenCompose(string right, string wrong) => Yaml.Documents(Manifests.Replaced(Manifests.Compose, right, wrong))[0];

    sealed class Grpc
    {
        public const string Section = "Grpc";
        public int Port { get; init; } = 7_443;
        public int Computed => Port + 1;
    }

    sealed class Probe
    {
        public const string Section = "Probe";
        public int Port { get; init; } = 8_081;
    }

    sealed class Identity
    {
        public const string Section = "Identity";

        [Required]
        public string Anchors { get; init; } = "";
    }

    sealed class Ladder
    {
        public const string Section = "Ladder";
        public int[] Rungs { get; init; } = [];
    }

    sealed class NamelessOptions
    {
        public int Size { get; init; }
    }
}
