using Exchange.Contracts;
using Exchange.Requests.V1;

namespace Exchange.Client;

/// <summary>An entry of the journal of Requests as a consumer reads it.</summary>
/// <param name="SealedNo">Its place in the sealed order.</param>
/// <param name="SealHash">The hash of the chain up to it: tells a journal from one that was restored from an older copy.</param>
/// <param name="Change">The event it stands behind, with the entry; null for an entry that changed no request.</param>
/// <param name="Entry">The entry itself.</param>
/// <param name="TraceParent">W3C context of the call that wrote it; null where none was kept.</param>
public sealed record SealedChange(long SealedNo, byte[] SealHash, RequestChanged? Change, JournalEntry Entry, string? TraceParent)
{
    /// <summary>Reads what the journal answers for one entry.</summary>
    /// <exception cref="InvalidDataException">The canonical bytes were not asked for, or are of a format not known here.</exception>
    internal static SealedChange Of(SealedEntry read)
    {
        var entry = RequestChanged.Read(read);
        return new(read.SealedNo, read.SealHash.ToByteArray(),
            RequestChanged.From(entry) is { } change ? change with { Entry = entry } : null, entry,
            read.TraceParent.Length > 0 ? read.TraceParent : null);
    }
}
