using Exchange.Platform;
using Npgsql;

namespace Exchange.Requests;

/// <summary>A new key of a request, encrypted by the service's.</summary>
sealed record NewRequestKey(Guid Request, byte[] Wrapped);

/// <summary>
/// Makes new keys durable. Callers who come while others are written share the next transaction, as in the ledger: a commit for
/// each draft's key would undo what the ledger saves. The outcome is false where the request had a key already, which stands.
/// </summary>
sealed class RequestKeyWriter : BatchingWriter<NewRequestKey, bool>
{
    static readonly RetryLimit Retries = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(20));

    readonly NpgsqlDataSource keys;

    public RequestKeyWriter([FromKeyedServices(SubjectVault.Keys)] NpgsqlDataSource keys, TimeProvider time, ILogger<RequestKeyWriter> log)
        : base(new(Items: 256, Waiting: 4_096), Retries, time, log)
    {
        this.keys = keys;
        // For as long as the process lives: what is written here is awaited by a call, and calls end before the process does.
        _ = Run(CancellationToken.None);
    }

    /// <summary>Returns when the key is durable; false when the request had one already, which stands.</summary>
    /// <exception cref="Refusal">Exhausted: too many keys wait to be written.</exception>
    public Task<bool> Write(Guid request, byte[] wrapped, CancellationToken ct) =>
        // A caller who gives up leaves the others' transaction alone.
        (TryWrite(new(request, wrapped))
            ?? throw new Refusal(RefusalKind.Exhausted, "LEDGER_FULL", "Too many writes at once; try again in a moment.")).WaitAsync(ct);

    protected override Guid? KeyOf(NewRequestKey item) => item.Request;

    /// <summary>Where a try was durable and its answer lost, the caller hears that the request had a key, and reads his own.</summary>
    protected override async Task<IReadOnlyList<bool>> Write(IReadOnlyList<NewRequestKey> batch, bool again, CancellationToken stop)
    {
        // In one order, or two writers would wait for each other.
        var ordered = batch.OrderBy(key => key.Request).ToArray();
        await using var command = keys.CreateCommand(
            "INSERT INTO request_keys (request_id, wrapped) SELECT * FROM unnest($1, $2) ON CONFLICT DO NOTHING RETURNING request_id");
        command.Parameters.Add(new() { Value = ordered.Select(key => key.Request).ToArray() });
        command.Parameters.Add(new() { Value = ordered.Select(key => key.Wrapped).ToArray() });
        HashSet<Guid> written = [];
        await using var reader = await command.ExecuteReaderAsync(CancellationToken.None);
        while (await reader.ReadAsync(CancellationToken.None))
            written.Add(reader.GetGuid(0));
        return [.. batch.Select(key => written.Contains(key.Request))];
    }
}
