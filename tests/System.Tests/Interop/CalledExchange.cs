using Exchange.Cli;
using Exchange.Testing;

namespace Exchange.System.Tests;

/// <summary>Our exchange as strangers meet it, and beside its certificates those of authorities that it does not know.</summary>
sealed class CalledExchange(RunningExchange exchange) : IAsyncDisposable
{
    public static string Scripts { get; } = Repository.PathOf("tests/System.Tests/Interop");

    public static string Protos { get; } = Repository.PathOf("contracts/proto");

    string Strangers => Path.Combine(exchange.Home, "strangers");

    public static async Task<CalledExchange> Start()
    {
        var called = new CalledExchange(await RunningExchange.Start());
        new PkiFolder(called.Strangers, TimeProvider.System).Initialise("BY", [], []);
        return called;
    }

    /// <summary>Lets a client's script run to its end.</summary>
    public Task<ScriptRun> Let(string program, params string[] arguments) =>
        ScriptRun.Of(program, arguments, new Dictionary<string, string?>
        {
            ["EXCHANGE_ADDRESS"] = exchange.Requests.Address.Authority,
            ["EXCHANGE_PKI"] = exchange.PathIn(),
            ["EXCHANGE_STRANGERS_PKI"] = Strangers,
            ["EXCHANGE_PROTOS"] = Protos,
            ["EXCHANGE_STUBS"] = PythonClient.Stubs,
            ["EXCHANGE_REGISTER"] = Path.Combine(Scripts, "register"),
        });

    public ValueTask DisposeAsync() => exchange.DisposeAsync();
}
