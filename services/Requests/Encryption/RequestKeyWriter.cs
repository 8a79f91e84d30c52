using System.Collections.Concurrent;
using Npgsql;

namespace Exchange.Requests;

/// <summary>
/// Makes new keys durable. Callers who come while others are written share the next transaction, as in the ledger: a commit for
/// each draft's key would undo what the ledger saves. It never waits for company.
/// </summary>
sealed class RequestKeyWriter(NpgsqlDataSource keys)
{
    const int MostAtOnce = 256;

    readonly ConcurrentQueue<Pending> waiting = [];
    int writing;

    /// <summary>Returns when the key is durable; false when the request had one already, which stands.</summary>
    public Task<bool> Write(Guid request, byte[] wrapped, CancellationToken ct)
    {
        var pending = new Pending(request, wrapped);
        waiting.Enqueue(pending);
        if (Interlocked.CompareExchange(ref writing, 1, 0) == 0)
            _ = Task.Run(WriteAll, CancellationToken.None);
        // A caller who gives up leaves the others' transaction alone.
        return pending.Done.Task.WaitAsync(ct);
    }

    async Task WriteAll()
    {
        while (true)
        {
            List<Pending> group = [];
            while (group.Count < MostAtOnce && waiting.TryDequeue(out var pending))
                group.Add(pending);
            if (group.Count > 0)
            {
                await WriteGroup(group);
                continue;
            }
            Interlocked.Exchange(ref writing, 0);
            // Whoever came between the last look and this found somebody writing, and must not be left waiting.
            if (waiting.IsEmpty || Interlocked.CompareExchange(ref writing, 1, 0) != 0)
                return;
        }
    }

    async Task WriteGroup(List<Pending> group)
    {
        try
        {
            // Of two for one request only the first: within a statement the second would not see it.
            var first = group.DistinctBy(pending => pending.Request).OrderBy(pending => pending.Request).ToArray();
            await using var command = keys.CreateCommand(
                "INSERT INTO request_keys (request_id, wrapped) SELECT * FROM unnest($1, $2) ON CONFLICT DO NOTHING RETURNING request_id");
            command.Parameters.Add(new() { Value = first.Select(pending => pending.Request).ToArray() });
            command.Parameters.Add(new() { Value = first.Select(pending => pending.Wrapped).ToArray() });
            HashSet<Guid> written = [];
            await using (var reader = await command.ExecuteReaderAsync(CancellationToken.None))
            {
                while (await reader.ReadAsync(CancellationToken.None))
                    written.Add(reader.GetGuid(0));
            }
            foreach (var pending in group)
                pending.Done.TrySetResult(written.Remove(pending.Request));
        }
        catch (Exception e)
        {
            foreach (var pending in group)
                pending.Done.TrySetException(e);
        }
    }

    sealed record Pending(Guid Request, byte[] Wrapped)
    {
        public TaskCompletionSource<bool> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
