using Exchange.Requests.V1;

namespace Exchange.Cli;

/// <summary>A chain of custody as a page to print.</summary>
static class CustodyPage
{
    public static void Write(Session session, Custody custody)
    {
        var document = custody.Document;
        session.Out.WriteLine($"Chain of custody of {document.Title}");
        session.Out.WriteLine($"  {document.Name}");
        session.Out.WriteLine(
            $"  {EnumText.Plain(document.Kind)}, {document.MediaType}, {TextFormat.Thousands(document.Size)} bytes,"
            + $" handling code {document.HandlingCode}");
        session.Out.WriteLine($"  SHA-256 {Convert.ToHexStringLower(document.Sha256.Span)}");
        foreach (var entry in custody.Entries)
        {
            var version = entry.Chain == custody.Entries[0].Chain && CustodyCommand.IsPlaced(entry) ? $"{entry.Version}" : "";
            session.Out.WriteLine();
            session.Out.WriteLine(
                $"{version,3}  {CustodyCommand.When(entry)}  {EnumText.Plain(entry.Handling)}{Why(entry)}");
            session.Out.WriteLine($"     {entry.Actor}");
            if (entry.Chain != custody.Entries[0].Chain)
                session.Out.WriteLine($"     version {entry.Version} of {entry.Chain}");
            session.Out.WriteLine($"     entry {Convert.ToHexStringLower(entry.EntryHash.Span)}");
            if (entry.RecordedAt is not null)
                session.Out.WriteLine(
                    $"     {(entry.SealedNo > 0 ? $"sealed as number {TextFormat.Thousands(entry.SealedNo)}" : "not sealed yet")}");
        }
        session.Out.WriteLine();
    }

    static string Why(CustodyEntry entry) => entry.Handling != Handling.Read ? ""
        : $" for {EnumText.Plain(entry.Purpose)}"
            + (entry.CaseNumber.Length > 0 ? $", case {entry.CaseNumber}" : "")
            + (entry.Offset > 0 ? $", from byte {TextFormat.Thousands(entry.Offset)} on" : "");
}
