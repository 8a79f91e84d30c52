using Exchange.Testing;

namespace Exchange.System.Tests;

/// <summary>Makes the stubs, starts the exchange and lets the script of the Python client run once.</summary>
public sealed class PythonClient : IAsyncLifetime
{
    internal static string Stubs { get; } = Repository.PathOf("artifacts/interop/python");

    public ScriptRun Run { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var python = await Installed.Python("grpc, google.protobuf", "python3-grpcio python3-protobuf");
        await MakeStubs();
        await using var exchange = await CalledExchange.Start();
        // -s: nothing of a user's own packages; -B: nothing written beside the scripts.
        Run = await exchange.Let(python, "-s", "-B", Path.Combine(CalledExchange.Scripts, "python", "run.py"));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    static async Task MakeStubs()
    {
        var protoc = Installed.Program("protoc", "protobuf-compiler");
        var plugin = Installed.Program("grpc_python_plugin", "protobuf-compiler-grpc");
        Installed.Has("/usr/include/google/protobuf/any.proto", "libprotobuf-dev");
        if (Directory.Exists(Stubs))
            Directory.Delete(Stubs, recursive: true);
        Directory.CreateDirectory(Stubs);
        var files = Directory.EnumerateFiles(CalledExchange.Protos, "*.proto", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(CalledExchange.Protos, file));
        await Command.Run(protoc, [$"-I{CalledExchange.Protos}", $"--plugin=protoc-gen-grpc_python={plugin}",
            $"--python_out={Stubs}", $"--grpc_python_out={Stubs}", .. files]);
    }
}
