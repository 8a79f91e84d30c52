namespace Exchange.Platform;

/// <summary>The journal of another service, as far as this one reads it.</summary>
public interface IFollowedJournal<T>
    where T : class
{
    /// <summary>The name of the service whose journal it is, such as <c>requests</c>.</summary>
    string Name { get; }

    /// <summary>The last number sealed and the hash of the chain up to there; 0 and an empty one where nothing is sealed.</summary>
    Task<(long SealedNo, byte[] SealHash)> Head(CancellationToken ct);

    /// <summary>
    /// The range in order, ends included, each with the trace of the call that wrote it; no message for an entry that says nothing to
    /// this service.
    /// </summary>
    IAsyncEnumerable<(long SealedNo, byte[] SealHash, T? Message, string? TraceParent)> Read(long from, long to, CancellationToken ct);
}
