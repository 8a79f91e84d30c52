namespace Exchange.Requests;

/// <summary>Walks through rows that come ordered by reference.</summary>
sealed class StagedCursor(IAsyncEnumerable<StagedRow> rows) : IAsyncDisposable
{
    readonly IAsyncEnumerator<StagedRow> walk = rows.GetAsyncEnumerator();

    /// <summary>Null before the first step and after the last row.</summary>
    public StagedRow? Current { get; private set; }

    public async Task Advance() => Current = await walk.MoveNextAsync() ? walk.Current : null;

    public bool IsAt(byte[] reference) => Current is { } row && row.Reference.AsSpan().SequenceEqual(reference);

    /// <summary>The lesser of the two references; null when both have ended.</summary>
    public static byte[]? Least(StagedCursor one, StagedCursor other) => (one.Current?.Reference, other.Current?.Reference) switch
    {
        (null, var only) => only,
        (var only, null) => only,
        (var a, var b) => a.AsSpan().SequenceCompareTo(b) <= 0 ? a : b,
    };

    public ValueTask DisposeAsync() => walk.DisposeAsync();
}
