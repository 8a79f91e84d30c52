using System.Text.RegularExpressions;

namespace Exchange.Testing;

/// <summary>
/// The Docker engine of this test run: one that answers, or a private one that <c>deploy/containers/engine</c> starts and that ends
/// with this process. A machine that can have neither gives a red test that says what to do.
/// </summary>
public static partial class DockerEngine
{
    static readonly Lazy<Task<IReadOnlyDictionary<string, string?>>> Shared = new(Start);

    /// <summary>How programs reach it, as environment variables; started on first use.</summary>
    public static Task<IReadOnlyDictionary<string, string?>> Environment => Shared.Value;

    /// <summary>
    /// The base images by their variables, such as <c>EXCHANGE_IMAGE_RABBITMQ</c>; made or fetched where they are missing.
    /// </summary>
    public static async Task<IReadOnlyDictionary<string, string?>> Images() =>
        Assignments(await Command.Run(Repository.PathOf("deploy/containers/images"), [], await Environment));

    static async Task<IReadOnlyDictionary<string, string?>> Start()
    {
        var script = Repository.PathOf("deploy/containers/engine");
        await Command.Run(script, ["start", "--while", $"{System.Environment.ProcessId}"]);
        return Assignments(await Command.Run(script, ["env"]));
    }

    static Dictionary<string, string?> Assignments(string said) =>
        Assignment().Matches(said).ToDictionary(match => match.Groups["name"].Value, match => (string?)match.Groups["value"].Value);

    [GeneratedRegex(@"(?<name>[A-Z_]+)='?(?<value>[^'\s]*)'?")]
    private static partial Regex Assignment();
}
