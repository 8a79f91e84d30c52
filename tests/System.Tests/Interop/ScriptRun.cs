using System.Text.Json;
using Exchange.Testing;

namespace Exchange.System.Tests;

/// <summary>What a client's script made of its checks: a line of JSON for each.</summary>
public sealed class ScriptRun
{
    readonly Dictionary<string, Outcome> outcomes;
    readonly string account;

    ScriptRun(Dictionary<string, Outcome> outcomes, string account) => (this.outcomes, this.account) = (outcomes, account);

    public IReadOnlyCollection<string> Checks => outcomes.Keys;

    public static async Task<ScriptRun> Of(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?> environment)
    {
        var (exitCode, output, errors) = await Command.Try(program, arguments, environment);
        return Read(exitCode, output, errors);
    }

    public static ScriptRun Read(int exitCode, string output, string errors) => new(
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonSerializer.Deserialize<Outcome>(line, JsonSerializerOptions.Web)!)
            .ToDictionary(outcome => outcome.Check),
        $"The script ended with {exitCode}. It said:\n{errors}");

    public void ShouldHavePassed(string check)
    {
        outcomes.ShouldContainKey(check, account);
        outcomes[check].Ok.ShouldBeTrue(outcomes[check].Error);
    }

    sealed record Outcome(string Check, bool Ok, string? Error);
}
