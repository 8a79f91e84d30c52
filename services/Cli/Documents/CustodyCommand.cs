using System.CommandLine;
using Exchange.Requests.V1;
using Google.Protobuf;

namespace Exchange.Cli;

/// <summary>`exchange document custody`: a document's chain of custody, as a page to print.</summary>
static class CustodyCommand
{
    public static readonly Column<CustodyEntry>[] Columns =
    [
        new("version", row => row.Version),
        new("handling", row => EnumText.Code(row.Handling)),
        new("recorded_at", When),
        new("actor", row => row.Actor),
        new("purpose", row => EnumText.Code(row.Purpose)),
        new("case_number", row => row.CaseNumber),
        new("offset", row => row.Offset),
        new("entry_hash", row => Convert.ToHexStringLower(row.EntryHash.Span)),
        new("previous_hash", row => Convert.ToHexStringLower(row.PreviousHash.Span)),
        new("sealed_no", row => row.SealedNo),
        new("chain", row => row.Chain),
    ];

    public static Command Create(CommandRunner runner)
    {
        var document = DocumentNames.Argument();
        var command = new Command("custody", "Who received, gave and read a document, and whether the chain of it holds.") { document };
        return runner.Handle(command, async session =>
        {
            var name = (await DocumentNames.Find(session, session.Value(document))).Name;
            var custody = await session.Services.Documents.Call(documents =>
                documents.GetCustodyAsync(new() { Name = name }, session.CallOptions()).ResponseAsync);
            var broken = BrokenAt(custody);
            switch (session.Format)
            {
                case Format.Csv:
                    Csv.Write(session.Out, Columns, custody.Entries);
                    break;
                case Format.Json:
                    Json.Write(session.Out, custody);
                    break;
                default:
                    CustodyPage.Write(session, custody);
                    break;
            }
            if (broken is null)
                session.Note(custody.Entries.All(IsPlaced)
                    ? "The chain holds: each entry of it names the hash of the one before."
                    : "What is told of the chain holds; an authorised officer of the side that handed the document in sees all of it.");
            else
                session.Note($"THE CHAIN IS BROKEN at entry {broken.Version}: it does not name the hash of the one before.");
            return broken is null ? ExitCode.Ok : ExitCode.Failed;
        }).WithExamples("exchange document custody BY-2026-000123/1",
            "exchange document custody BY-2026-000123/1 --format json > custody.json");
    }

    /// <summary>
    /// The first entry of the document's own chain that does not go on from the one before; null when all do. What gave it to the
    /// other side stands in the chain of the request, of which this page has no more than that. Readings without a place are those of one
    /// side alone, and go on from nothing that is told.
    /// </summary>
    public static CustodyEntry? BrokenAt(Custody custody)
    {
        var (version, previous) = (0, ByteString.Empty);
        foreach (var entry in custody.Entries.Where(entry => entry.Chain == custody.Entries[0].Chain && IsPlaced(entry)))
        {
            if (entry.Version != ++version || !entry.PreviousHash.Equals(previous))
                return entry;
            previous = entry.EntryHash;
        }
        return null;
    }

    /// <summary>Whether its place in its chain is told.</summary>
    public static bool IsPlaced(CustodyEntry entry) => entry.Version > 0;

    /// <summary>The minute, or of the other side's reading the day.</summary>
    public static string When(CustodyEntry entry) => entry.RecordedAt is null ? entry.ReadOn : TextFormat.Minute(entry.RecordedAt);
}
