namespace Exchange.Platform;

/// <summary>The journal of another service, as far as this one reads it.</summary>
public interface IFollowedJournal<T>
    where T : class
{
    /// <summary>Whose journal it is.</summary>
    string Name { get; }

    /// <summary>Last number sealed, and the seal up to there.</summary>
    Task<(long SealedNo, byte[] SealHash)> Head(CancellationToken ct);

    /// <summary>
    /// The range in order, ends included, each with the trace of the call that wrote it; no message for an entry that says nothing to
    /// this service.
    /// </summary>
    IAsyncEnumerable<(long SealedNo, byte[] SealHash, T? Message, string? TraceParent)> Read(long from, long to, CancellationToken ct);
}
