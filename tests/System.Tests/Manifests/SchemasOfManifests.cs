namespace Exchange.System.Tests;

/// <summary>
/// Every object that the manifests render, held against the schema of its kind; and each kind of fault, shown to be seen.
/// </summary>
public sealed class SchemasOfManifests(SchemasOfManifests.Installed schemas) : IClassFixture<SchemasOfManifests.Installed>
{
    [Theory]
    [InlineData("k8s/base")]
    [InlineData("k8s/overlays/example")]
    public void Every_object_is_as_its_schema_says(string folder) => schemas.All.Faults(Sources.Kustomize(folder)).ShouldBeEmpty();

    [Fact]
    public void The_schemas_are_those_of_a_Kubernetes_that_is_in_use() => schemas.All.Version.ShouldBe("1.36");

    [Theory]
    // Kubernetes: an unknown field, also deep down; a wrong type; a missing field; a value that is none of the few.
    [InlineData("  replicas: 2", "  replica: 2", "Deployment correlation.spec.replica is no field of it")]
    [InlineData("readOnlyRootFilesystem: true", "readonlyRootFilesystem: true", "readonlyRootFilesystem is no field of it")]
    [InlineData("  replicas: 2", "  replicas: two", "replicas is string, not integer")]
    [InlineData("  replicas: 2", "  replicas: 2.5", "replicas is number, not integer")]
    [InlineData("  replicas: 2", "  replicas: \"2\"", "replicas is string, not integer")]
    [InlineData("  replicas: 2", "  replicas: 3000000000", "replicas is 3000000000, which is too small or too large")]
    [InlineData("containerPort: 7443", "containerPort: grpc", "containerPort is string, not integer")]
    [InlineData("readOnly: true", "readOnly: \"true\"", "readOnly is string, not boolean")]
    [InlineData("port: probe", "port: [probe]", "httpGet.port is no int-or-string")]
    [InlineData("  podSelector: {}", "  podSelector: none", "podSelector is no object")]
    [InlineData("containerPort: 7443", "hostPort: 7443", "ports[0].containerPort is missing")]
    [InlineData("whenUnsatisfiable: ScheduleAnyway", "whenUnsatisfiable: Maybe", "whenUnsatisfiable is Maybe, not one of")]
    [InlineData("type: RollingUpdate", "type: Rolling", "strategy.type is Rolling, not one of")]
    [InlineData("protocol: TCP", "protocol: HTTP", "protocol is HTTP, not one of")]
    [InlineData("type: RuntimeDefault", "type: Default", "seccompProfile.type is Default, not one of")]
    [InlineData("apiVersion: apps/v1", "apiVersion: app/v1", "nobody knows app/v1 Deployment")]
    [InlineData("apiVersion: policy/v1", "apiVersion: policy/v1beta1", "nobody knows policy/v1beta1 PodDisruptionBudget")]
    [InlineData("kind: NetworkPolicy", "kind: NetworkPolice", "nobody knows networking.k8s.io/v1 NetworkPolice")]
    // The operators' kinds, the same.
    [InlineData("dataDurability: required", "durability: required", "synchronous.durability is no field of it")]
    [InlineData("instances: 3", "instances: three", "Cluster exchange-database.spec.instances is string, not integer")]
    [InlineData("instances: 3", "instances: 0", "instances is 0, which is too small or too large")]
    [InlineData("instances: 3", "description: nothing", "Cluster exchange-database.spec.instances is missing")]
    [InlineData("max_connections: \"200\"", "max_connections: 200", "max_connections is integer, not string")]
    [InlineData("dataDurability: required", "dataDurability: best", "dataDurability is best, not one of required, preferred")]
    [InlineData("retentionPolicy: 5d", "retentionPolicy: 5 days", "retentionPolicy is 5 days, which does not match")]
    [InlineData("compression: gzip", "compression: zip", "compression is zip, not one of")]
    [InlineData("schedule: 0 0 3 * * *", "suspended: true", "suspended is no field of it")]
    [InlineData("additionalConfig:", "additionalConf:", "RabbitmqCluster exchange-broker.spec.rabbitmq.additionalConf is no field of it")]
    [InlineData("topologyKey: kubernetes.io/hostname", "topology: kubernetes.io/hostname", "topologyKey is missing")]
    public void A_fault_is_seen(string right, string wrong, string fault) =>
        schemas.All.Faults(Manifests.Replaced(Manifests.Base, right, wrong))
            .ShouldContain(seen => seen.Contains(fault, StringComparison.Ordinal));

    /// <summary>Installed once for all.</summary>
    public sealed class Installed : IAsyncLifetime
    {
        internal Schemas All { get; } = new();

        public async ValueTask InitializeAsync() => await All.Install();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
