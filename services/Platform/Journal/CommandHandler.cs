namespace Exchange.Platform;

/// <summary>What was decided about a command: an entry to append, or that nothing changes; and the answer to the caller.</summary>
/// <param name="Append">The entry; null when the command changes nothing.</param>
/// <param name="Answer">What the caller is told once the entry is durable.</param>
public sealed record Decision<TAnswer>(Append? Append, TAnswer Answer)
{
    /// <summary>
    /// Removes what was stored for the entry alone, such as its keys. Called only when it is certain that the entry was not
    /// written; null when nothing was stored.
    /// </summary>
    public Func<Task>? Undo { get; init; }
}

/// <summary>The two kinds of decisions: an entry is written, or nothing changes.</summary>
public static class Decision
{
    /// <summary>The entry is appended, and then the answer is given.</summary>
    public static Decision<TAnswer> Write<TAnswer>(Append append, TAnswer answer) => new(append, answer);

    /// <summary>The command changes nothing: no entry is made.</summary>
    public static Decision<TAnswer> Unchanged<TAnswer>(TAnswer answer) => new(null, answer);
}

/// <summary>
/// The one way from a command to its journal entry. It loads what the command is judged by, looks up the command's id, lets the
/// caller's rule decide, and appends. The look-up comes after the loading, so that a copy of the command recorded in between is
/// recognised, and before the judging, because what was right once may be refused by now.
/// </summary>
public sealed class CommandHandler(Journal journal, Ledger ledger)
{
    /// <summary>How often a command is decided in all, when every time somebody else writes first.</summary>
    public const int MaxTries = 100;

    /// <summary>Carries a command out once, however often it is sent.</summary>
    /// <param name="command">The command's id and digest; its entry must be made with the same two.</param>
    /// <param name="load">
    /// Reads what the command is judged by. It refuses here a caller who may not see it (any longer): who repeats a command learns
    /// nothing more than anybody else.
    /// </param>
    /// <param name="decide">
    /// The rule. It refuses by throwing; only when it agrees may it store what the entry needs, so that a refused command leaves
    /// nothing. Called again after each lost attempt, with what was loaded anew.
    /// </param>
    /// <param name="firstAnswer">Gives the answer for a command that was recorded before, from where it was recorded.</param>
    /// <param name="onConflict">
    /// What a caller is refused with when somebody else wrote first; null when the command may be decided again on what stands then.
    /// </param>
    /// <param name="mending">The entry recovers what a restore lost, and so is written while the ledger is closed.</param>
    /// <exception cref="Refusal">
    /// By the rule; the id belongs to another command (Invalid, field <c>command_id</c>); others wrote first <see cref="MaxTries"/>
    /// times (CHANGED_MEANWHILE); or by the ledger, which is full, closed or stopping.
    /// </exception>
    public async Task<TAnswer> Handle<TState, TAnswer>(
        CommandIdentity command, Func<CancellationToken, Task<TState>> load,
        Func<TState, CancellationToken, Task<Decision<TAnswer>>> decide,
        Func<WrittenCommand, CancellationToken, Task<TAnswer>> firstAnswer, CancellationToken ct,
        Func<TState, Refusal>? onConflict = null, bool mending = false)
    {
        var lookUp = !command.IsNew;
        for (var tries = 0; tries < MaxTries; tries++)
        {
            var state = await load(ct);
            if (lookUp && await journal.Find(command.Id, ct) is { } written)
            {
                return command.Matches(written.Digest)
                    ? await firstAnswer(written, ct)
                    : throw IdReused();
            }

            // Before the rule, which may store what the entry needs, or do what the entry only writes down.
            if (!mending)
                ledger.EnsureOpen();
            var decision = await decide(state, ct);
            if (decision.Append is not { } append)
                return decision.Answer;
            Task<AppendOutcome> appending;
            try
            {
                appending = ledger.Append(append, ct, mending);
            }
            catch when (decision.Undo is not null)
            {
                // The ledger is full, closed or stopping: nothing was handed over to it.
                await decision.Undo();
                throw;
            }
            var outcome = await appending;
            // Where the ledger throws, or calls the command repeated, the entry may be this very one, and what it needs must stay.
            if (outcome is AppendOutcome.Conflict or AppendOutcome.CommandReused && decision.Undo is { } undo)
                await undo();
            switch (outcome)
            {
                case AppendOutcome.Appended:
                    return decision.Answer;
                case AppendOutcome.CommandReused or AppendOutcome.Repeated:
                    lookUp = true; // The id was recorded meanwhile; the next look-up tells whether by a copy of the command.
                    break;
                default:
                    if (onConflict is not null)
                        throw onConflict(state);
                    break;
            }
        }
        throw new Refusal(RefusalKind.ChangedMeanwhile, "CHANGED_MEANWHILE",
            "Others keep changing what this concerns. Read it, and decide again.");
    }

    /// <summary>The id belongs to a command with other content, or of somebody else.</summary>
    public static Refusal IdReused() =>
        Refusal.Invalid([new("command_id", "belongs to another command already; make a new one for every command.")]);
}
