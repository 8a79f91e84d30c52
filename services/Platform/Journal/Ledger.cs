using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Exchange.Platform;

/// <summary>
/// Makes appends durable. Concurrent callers share a transaction and each is told his own outcome; <c>Appended</c> means committed
/// with <c>synchronous_commit</c> on. Safe with several replicas: the journal's keys decide.
/// </summary>
public sealed class Ledger(
    NpgsqlDataSource source, IReadOnlyList<StateTable> tables, EntryMac entryMac, StateMac mac, OutboxMessages messages,
    MessageSigner signer, OutboxQueue outbox, AppendedSignal seal, DatabaseHistory history, IOptions<LedgerOptions> options,
    Failpoints failpoints, TimeProvider time, ILogger<Ledger> log) : BackgroundService
{
    readonly LedgerWriter writer = new(source, tables, entryMac, mac, signer, outbox, seal, options.Value, failpoints, time, log);

    /// <summary>Returns where appends are taken: asked before anything is done that an append would only write down.</summary>
    /// <exception cref="Refusal">
    /// Unavailable: the database was restored from a copy and is not yet compared with the other services.
    /// </exception>
    public void EnsureOpen() => history.EnsureOpen();

    /// <summary>Waits until the append is durable, or lost to another.</summary>
    /// <param name="mending">Recovers what a restore lost, and so is written while the ledger is closed.</param>
    /// <exception cref="Refusal">
    /// Exhausted: more is waiting than the queue holds. Unavailable: the service is stopping, or was restored from a copy.
    /// </exception>
    public Task<AppendOutcome> Append(Append append, CancellationToken ct, bool mending = false)
    {
        ct.ThrowIfCancellationRequested();
        if (!mending)
            history.EnsureOpen();
        // Hashed by the caller, for all callers wait for one writer.
        var message = append.Event is null ? null : messages.Compose(append.Event);
        return writer.TryWrite(new(append, message, message is null ? null : signer.LeafOf(message)))
            ?? throw (writer.IsComplete
                ? new Refusal(RefusalKind.Unavailable, "STOPPING", "This replica is stopping; try again, another will answer.")
                : new Refusal(RefusalKind.Exhausted, "LEDGER_FULL", "Too many writes at once; try again in a moment."));
    }

    /// <summary>Looks first whether the database was restored from a copy, and begins to write.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await history.Look(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Takes no more, writes what was accepted, then stops.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        writer.Complete();
        // Not beyond the time that the host allows: who was not answered by then does not know, and asks again.
        await (ExecuteTask ?? Task.CompletedTask).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StopAsync(cancellationToken);
    }

    /// <summary>What was accepted is written although the service stops: no token here.</summary>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => writer.Run(CancellationToken.None);
}
