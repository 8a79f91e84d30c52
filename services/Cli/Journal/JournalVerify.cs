using System.CommandLine;
using Exchange.Client;
using Exchange.Platform;
using Exchange.Requests.V1;
using Microsoft.Extensions.Options;

namespace Exchange.Cli;

/// <summary>
/// `exchange journal verify`: the whole journal of Requests, held against its signed head, its chains and its signatures.
/// </summary>
static class JournalVerify
{
    const int PageSize = 500;

    public static Command Create(CommandRunner runner)
    {
        var covers = new Option<string?>("--covers")
        {
            Description = "A head that was kept, as a backup's requests.checkpoint: the journal must still begin with it",
            HelpName = "FILE",
        };
        var command = new Command("verify",
            "Reads the whole journal of Requests: every entry must be in the tree whose root is signed, follow the entry before it, and say"
            + " what its officer signed. Names the first that does not. Changes nothing. For an operator.") { covers };
        return runner.Handle(command, async session =>
        {
            var kept = session.Value(covers) is { } file ? Read(file) : null;
            var (head, chains) = await session.Services.Requests.Call(client => Verify(session, client, kept));
            session.Out.WriteLine($"The journal of Requests up to entry {TextFormat.Thousands(head.SealedNo)} is what was recorded:"
                + $" {TextFormat.Count(chains, "chain", "chains")}, root {Convert.ToHexStringLower(head.Root)}.");
            if (kept is not null)
                session.Out.WriteLine($"It covers the head of entry {TextFormat.Thousands(kept.Size)} that was kept.");
            return ExitCode.Ok;
        }).WithExamples("exchange journal verify --as operator",
            "exchange journal verify --covers .local/backups/20261127T020000Z/requests.checkpoint --as operator");
    }

    static async Task<(JournalHead Head, int Chains)> Verify(
        Session session, RequestRegistry.RequestRegistryClient client, LogCheckpoint? kept)
    {
        var entries = new RequestsEntries(client, new(session.Services.Anchors),
            Options.Create(new InstallationOptions { State = session.Services.OwnState }));
        var reader = new JournalReader<JournalEntry>(entries, new());
        try
        {
            // An empty journal is the beginning of every other.
            var head = (await reader.Head(session.Stop))!;
            if (kept is not null)
                await RequireCovered(entries, kept, head, session.Stop);
            return (head, await RebuildBar.Around(session, bar => ReadAll(reader, head, bar, session.Stop)));
        }
        catch (Refusal damaged) when (damaged.Kind is RefusalKind.Damaged)
        {
            throw new CommandException(ExitCode.Failed, damaged.Message,
                "Nothing was changed. Keep this database as it is, and restore a backup beside it to compare.");
        }
    }

    static async Task<int> ReadAll(JournalReader<JournalEntry> reader, JournalHead head, RebuildBar bar, CancellationToken ct)
    {
        Dictionary<string, (int Version, byte[] Hash)> chains = [];
        await foreach (var page in reader.ReadOn(head, head.SealedNo, PageSize, ct))
        {
            foreach (var entry in page)
                Continue(chains, entry);
            bar.Show(page[^1].SealedNo, head.SealedNo, page[^1].SealedNo == head.SealedNo);
        }
        return chains.Count;
    }

    static void Continue(Dictionary<string, (int Version, byte[] Hash)> chains, FollowedEntry<JournalEntry> read)
    {
        var entry = read.Message!;
        var (version, hash) = chains.GetValueOrDefault(entry.Aggregate, (0, []));
        if (entry.Version != version + 1 || !entry.PreviousHash.Span.SequenceEqual(hash))
        {
            throw new Refusal(RefusalKind.Damaged, "JOURNAL_DAMAGED",
                $"Entry {read.SealedNo} of the journal of requests does not follow the entry before it of {entry.Aggregate}.");
        }
        chains[entry.Aggregate] = (entry.Version, read.Leaf);
    }

    static async Task RequireCovered(RequestsEntries entries, LogCheckpoint kept, JournalHead head, CancellationToken ct)
    {
        var proof = kept.Size <= head.SealedNo && kept.Size > 0 ? await entries.ProveConsistency(kept.Size, head.SealedNo, ct) : [];
        if (kept.Size > 0 && !MerkleTree.Extends(kept.Root, kept.Size, head.Root, head.SealedNo, proof))
        {
            throw new Refusal(RefusalKind.Damaged, "JOURNAL_DAMAGED",
                $"The journal of requests, now up to entry {head.SealedNo}, no longer holds what the kept head of entry {kept.Size} "
                + "covers.");
        }
    }

    static LogCheckpoint Read(string file) =>
        File.Exists(file) && SignedNote.Read(File.ReadAllText(file)) is var (text, _) && LogCheckpoint.Parse(text) is { } kept
            ? kept
            : throw new CommandException(ExitCode.Usage, $"{file} holds no signed head of a journal.",
                "A backup has one for each service, such as requests.checkpoint.");
}
