using System.Security.Cryptography;
using Exchange.Client;
using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Requests.V1;

namespace Exchange.Requests;

/// <summary>
/// Reads the entries of one aggregate. The <see cref="Journal"/> has held each against its hash and its seal; here it is held against the
/// entry before, and against what the officer signed.
/// </summary>
static class EntryChain
{
    /// <summary>The entries in rows of one aggregate, the oldest first.</summary>
    /// <param name="rows">All of them, or a single one from somewhere within.</param>
    /// <exception cref="Refusal">Damaged: an entry is not what was recorded.</exception>
    public static List<(SealedRow Row, JournalEntry Entry)> Read(IReadOnlyList<SealedRow> rows)
    {
        List<(SealedRow Row, JournalEntry Entry)> read = [];
        foreach (var row in rows)
        {
            var entry = Parse(row);
            if (entry.Version != row.Version || !entry.Aggregate.EndsWith($"/{row.AggregateId}", StringComparison.Ordinal))
                throw Journal.Damaged(row, "it belongs elsewhere");
            var follows = read.Count > 0 ? entry.PreviousHash.Span.SequenceEqual(read[^1].Row.EntryHash)
                : entry.PreviousHash.IsEmpty == (row.Version == 1);
            if (!follows)
                throw Journal.Damaged(row, "it does not follow the entry before it");
            if ((SignedActs.Fault(entry) ?? FaultOfCorrection(entry, read) ?? FaultOfObservation(entry, read)) is { } fault)
                throw Journal.Damaged(row, fault);
            read.Add((row, entry));
        }
        return read;
    }

    /// <summary>A register says nothing more of a request that officers act on: what they signed would not stand.</summary>
    static string? FaultOfObservation(JournalEntry entry, List<(SealedRow Row, JournalEntry Entry)> before) =>
        before.Count > 0 && entry.Steps.Any(step => step.KindCase is Step.KindOneofCase.Observed)
        && before[^1].Entry.Facts is not { Origin: Origin.Imported, Adopted: false }
            ? "a register says it of a request that officers act on" : null;

    /// <summary>What a second officer confirmed is what a first had proposed, and the hash that he signed says so.</summary>
    static string? FaultOfCorrection(JournalEntry entry, List<(SealedRow Row, JournalEntry Entry)> before)
    {
        if (entry.Step is not StepCode.ConfirmCorrection || before.Count == 0)
            return null;
        var confirmed = CanonicalBytes.Parse(entry.Statement.Span, ActStatement.Parser).Act.ConfirmCorrection;
        return before.Find(one => one.Entry.Version == confirmed.ProposedIn).Entry is { } proposed
            && proposed.Steps is [{ CorrectionProposed.Proposal: { } proposal }]
            && confirmed.StatementHash.Span.SequenceEqual(SHA256.HashData(proposed.Statement.Span))
            && entry.Steps.SequenceEqual(Corrections.Steps(proposal, entry.Steps[0].OccurredOn))
                ? null : "it is not the correction that was proposed";
    }

    /// <exception cref="Refusal">Damaged: it is no entry that can be read.</exception>
    static JournalEntry Parse(SealedRow row)
    {
        try
        {
            return RequestState.Parse(row.Entry);
        }
        catch (InvalidDataException)
        {
            throw Journal.Damaged(row, "it is no entry that can be read");
        }
    }
}
