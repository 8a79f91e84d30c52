using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Exchange.Platform;

/// <summary>
/// Places where a test lets this process die as <c>kill -9</c> would. Setting <c>Testing:Failpoints</c> lists them with
/// the arrival at which to die, <c>ledger.committed=7,outbox.confirmed=3</c>. Refused unless the environment is
/// <em>Testing</em>.
/// </summary>
public sealed class Failpoints
{
    /// <summary>A group is committed; nobody has been told and nothing handed to the dispatcher.</summary>
    public const string LedgerCommitted = "ledger.committed";

    /// <summary>The broker has confirmed messages whose rows are still in the outbox.</summary>
    public const string OutboxConfirmed = "outbox.confirmed";

    /// <summary>A batch is taken in and none of its messages acknowledged.</summary>
    public const string IntakeTaken = "intake.taken";

    static readonly string[] Known = [LedgerCommitted, OutboxConfirmed, IntakeTaken];

    readonly Dictionary<string, int> deadly;
    readonly ConcurrentDictionary<string, int> arrivals = [];

    Failpoints(Dictionary<string, int> deadly) => this.deadly = deadly;

    /// <summary>Nothing dies.</summary>
    public static Failpoints None { get; } = new([]);

    /// <exception cref="InvalidOperationException">Set outside the environment, or not readable.</exception>
    public static Failpoints From(IConfiguration configuration, IHostEnvironment environment)
    {
        if (configuration["Testing:Failpoints"] is not { Length: > 0 } setting)
            return None;
        if (!environment.IsEnvironment(TestingClock.Environment))
            throw new InvalidOperationException($"Testing:Failpoints is set and the environment is {environment.EnvironmentName}; only {TestingClock.Environment} permits it.");
        Dictionary<string, int> deadly = [];
        foreach (var word in setting.Split(','))
            deadly[word.Split('=')[0]] = word.Split('=') is [var name, var number] && Known.Contains(name)
                && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var arrival) && arrival > 0
                ? arrival
                : throw new InvalidOperationException($"Testing:Failpoints is not a list such as {LedgerCommitted}=7; there are {string.Join(", ", Known)}.");
        return new(deadly);
    }

    /// <summary>The process is here; it may be its last act.</summary>
    public void Reach(string name)
    {
        if (deadly.TryGetValue(name, out var last) && arrivals.AddOrUpdate(name, 1, (_, before) => before + 1) == last)
            Process.GetCurrentProcess().Kill();
    }
}
