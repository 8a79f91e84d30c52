using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Exchange.Platform;

/// <summary>
/// Places where a test lets this process die as <c>kill -9</c> would. Setting <c>Testing:Failpoints</c> lists them with
/// the arrival at which to die, <c>ledger.committed=7,outbox.confirmed=3</c>; <c>Testing:Kill</c> is the id of a message,
/// or of what a message is about, that no process survives. Refused unless the environment is <em>Testing</em>.
/// </summary>
public sealed class Failpoints
{
    /// <summary>A group is committed; nobody has been told and nothing handed to the dispatcher.</summary>
    public const string LedgerCommitted = "ledger.committed";

    /// <summary>The broker has confirmed messages whose rows are still in the outbox.</summary>
    public const string OutboxConfirmed = "outbox.confirmed";

    /// <summary>A batch of messages is consumed and none of them acknowledged.</summary>
    public const string BatchConsumed = "intake.taken";

    static readonly string[] Known = [LedgerCommitted, OutboxConfirmed, BatchConsumed];

    readonly Dictionary<string, int> deadly;
    readonly ConcurrentDictionary<string, int> arrivals = [];

    readonly string? killer;

    Failpoints(Dictionary<string, int> deadly, string? killer) => (this.deadly, this.killer) = (deadly, killer);

    /// <summary>Kills nothing.</summary>
    public static Failpoints None { get; } = new([], null);

    /// <exception cref="InvalidOperationException">Set outside the environment, or not readable.</exception>
    public static Failpoints From(IConfiguration configuration, IHostEnvironment environment)
    {
        var (setting, killer) = (Permitted("Testing:Failpoints"), Permitted("Testing:Kill"));
        if (setting is null && killer is null)
            return None;
        Dictionary<string, int> deadly = [];
        foreach (var word in setting?.Split(',') ?? [])
            deadly[word.Split('=')[0]] = word.Split('=') is [var name, var number] && Known.Contains(name)
                && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var arrival) && arrival > 0
                ? arrival
                : throw new InvalidOperationException(
                    $"Testing:Failpoints is not a list such as {LedgerCommitted}=7; there are {string.Join(", ", Known)}.");
        return new(deadly, killer);

        string? Permitted(string name) => configuration[name] is not { Length: > 0 } value ? null
            : environment.IsEnvironment(TestingClock.Environment) ? value
            : throw new InvalidOperationException(
                $"{name} is set and the environment is {environment.EnvironmentName}; only {TestingClock.Environment} permits it.");
    }

    /// <summary>The process has come to this place: kills it where this is the arrival that the setting names.</summary>
    public void Reach(string name)
    {
        if (deadly.TryGetValue(name, out var last) && arrivals.AddOrUpdate(name, 1, (_, before) => before + 1) == last)
            Process.GetCurrentProcess().Kill();
    }

    /// <summary>Kills the process where one of these messages, or what it is about, is the one of <c>Testing:Kill</c>.</summary>
    internal void BeforeConsuming<T>(IReadOnlyList<Delivery<T>> batch)
        where T : class
    {
        if (killer is not null && batch.Any(delivery => $"{delivery.Id} {delivery.Message}".Contains(killer, StringComparison.Ordinal)))
            Process.GetCurrentProcess().Kill();
    }
}
