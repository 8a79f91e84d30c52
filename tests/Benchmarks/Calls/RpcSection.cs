using Exchange.Requests.V1;
using Exchange.Testing;
using Grpc.Net.Client;

namespace Exchange.Benchmarks;

/// <summary>
/// Durable commands through gRPC and TLS with client certificates: two processes of Requests on one database, one of which groups
/// appends and one of which does not, measured in turn. A third one seals, or that would cost only one of them; the consumers
/// do not run.
/// </summary>
static class RpcSection
{
    const int Connections = 8;

    public static async Task<IReadOnlyList<Line>> Measure(BenchOptions options)
    {
        options.Say("three processes of Requests are started");
        await using var exchange = await RunningExchange.Start(each: 3, settings: Unlimited);
        foreach (var consumer in new[] { "tracking", "correlation" }.SelectMany(exchange.Replicas))
            await consumer.Stop();
        var (grouped, single) = (exchange.Replicas("requests")[0], exchange.Replicas("requests")[1]);
        single.Set("Ledger__GroupSize", "1");
        single.Set("Ledger__Writers", "4");
        // The third is not started again, and so takes over the sealing.
        foreach (var service in new[] { grouped, single })
        {
            // All pools together stay within the connections that a server takes unless told otherwise.
            service.Set("ConnectionStrings__Database", $"{exchange.Serving["requests"]};Maximum Pool Size=24");
            service.Set("ConnectionStrings__Keys", $"{exchange.Serving["keys"]};Maximum Pool Size=20");
            await service.Restart();
        }

        var (to, toSingle) = (Channels(exchange, grouped), Channels(exchange, single));
        List<Line> lines = [];
        foreach (var (name, call, callers) in new (string, Func<GrpcChannel, Task>, int)[]
        {
            ("KeepCase", KeepCase, 1), ("KeepCase", KeepCase, 32), ("KeepCase", KeepCase, 256), ("CreateDraft", CreateDraft, 256),
        })
        {
            options.Say($"{name}, {callers} callers");
            Func<Task<double>> Way(GrpcChannel[] channels) => async () =>
                (await Rounds.Callers(
                    callers, TimeSpan.FromSeconds(options.Full ? 8 : 4), caller => call(channels[caller % Connections]))).PerSecond;
            var medians = await Rounds.Medians(options.Full ? 5 : 3, Way(to), Way(toSingle));
            lines.Add(new(
                $"{name} through gRPC and TLS, {callers} callers", medians[0], medians[1], "1/s",
                "the same with a transaction for each append, four at a time", callers == 256 ? "at least 2 times" : ""));
        }
        foreach (var channel in to.Concat(toSingle))
            channel.Dispose();
        return lines;
    }

    /// <summary>One client makes all the calls here, and none of them shall be refused.</summary>
    public static Dictionary<string, string?> Unlimited => new()
    {
        ["Limits__Calls"] = "1024", ["Limits__Waiting"] = "4096", ["Limits__CallsPerCaller"] = "1024",
        ["Limits__WaitingPerCaller"] = "4096",
    };

    static GrpcChannel[] Channels(RunningExchange exchange, ServiceProcess service) =>
        [.. Enumerable.Range(0, Connections).Select(_ => exchange.Connect(service, "prosecutor"))];

    static async Task KeepCase(GrpcChannel channel) => await new CaseRegistry.CaseRegistryClient(channel).KeepCaseAsync(new()
    {
        CommandId = Officer.NewId(),
        Case = new() { Number = $"BY-{Officer.NewId()}", Lead = "gpk/organised-crime", Participants = { "kgb/second-unit" } },
    });

    static async Task CreateDraft(GrpcChannel channel) => await new RequestRegistry.RequestRegistryClient(channel).CreateDraftAsync(new()
    {
        CommandId = Officer.NewId(), Letter = Letters.Complete("UNTOC-2000"),
    });
}
