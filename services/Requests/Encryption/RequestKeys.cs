using System.Security.Cryptography;
using System.Text;
using Exchange.Platform;
using Google.Protobuf;
using Npgsql;

namespace Exchange.Requests;

/// <summary>
/// A key per request for what is written and handed in: its letter, the officers' words, its documents; and one per case. The keys are
/// wrapped like those of subjects and stored beside them, because what officers write may name persons however often they are asked not to.
/// </summary>
sealed class RequestKeys(
    ServiceKey serviceKey, CommandDigest digests, [FromKeyedServices(SubjectVault.Keys)] NpgsqlDataSource keys, RequestKeyWriter writer)
{
    /// <summary>The keys that are stored here, for a rotation of the service key.</summary>
    public static readonly WrappedKeys Wrapped = new("request_keys", "request_id", "exchange request keys v1");

    /// <summary>A command with the keyed digest of its content and of who gave it.</summary>
    public CommandIdentity Command(Guid id, Caller caller, IMessage content) =>
        digests.Identify(id, [.. Encoding.UTF8.GetBytes(caller.ToString()), 0, .. content.ToByteArray()]);

    /// <summary>
    /// The key of a request that is new. It is durable before this returns; of two who make it at once the second gets the first one's.
    /// For a request that is recorded it would undo an erasure: it has a key since its first entry, or none any longer.
    /// </summary>
    public async Task<RequestKey> Make(Guid request, CancellationToken ct)
    {
        var fresh = RandomNumberGenerator.GetBytes(Encryption.KeyLength);
        var wrapped = serviceKey.Wrap(Wrapped.Label, fresh, Encryption.BytesOf(request));
        return await writer.Write(request, wrapped, ct) ? new(request, fresh) : (await Load(request, ct))!;
    }

    /// <summary>Removes the key of a request that was never recorded, and never will be: its id is given to no other.</summary>
    public async Task Remove(Guid request)
    {
        await using var command = keys.CreateCommand("DELETE FROM request_keys WHERE request_id = $1");
        command.Parameters.Add(new() { Value = request });
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    /// <summary>The keys of requests that are new, as by <see cref="Make(Guid, CancellationToken)"/>: for many at once.</summary>
    public async Task<Dictionary<Guid, RequestKey>> Make(Guid[] requests, CancellationToken ct)
    {
        if (requests.Length == 0)
            return [];
        // In one order, or two writers would wait for each other.
        var ordered = requests.Order().ToArray();
        await using var command = keys.CreateCommand(
            "INSERT INTO request_keys (request_id, wrapped) SELECT * FROM unnest($1, $2) ON CONFLICT DO NOTHING");
        command.Parameters.Add(new() { Value = ordered });
        command.Parameters.Add(new()
        {
            Value = ordered.Select(request => serviceKey.Wrap(
                Wrapped.Label, RandomNumberGenerator.GetBytes(Encryption.KeyLength), Encryption.BytesOf(request))).ToArray(),
        });
        await command.ExecuteNonQueryAsync(ct);
        return await Load(requests, ct);
    }

    /// <summary>The request's key; null when it never had one or it was destroyed.</summary>
    public async Task<RequestKey?> Load(Guid request, CancellationToken ct) => (await Load([request], ct)).GetValueOrDefault(request);

    /// <summary>The keys of requests; those that never had one or whose key was destroyed are left out.</summary>
    public async Task<Dictionary<Guid, RequestKey>> Load(Guid[] requests, CancellationToken ct)
    {
        Dictionary<Guid, RequestKey> known = [];
        if (requests.Length == 0)
            return known;
        await using var command = keys.CreateCommand("SELECT request_id, wrapped FROM request_keys WHERE request_id = ANY($1)");
        command.Parameters.Add(new() { Value = requests });
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            var id = reader.GetGuid(0);
            known[id] = new(id, serviceKey.Unwrap(Wrapped.Label, reader.GetFieldValue<byte[]>(1), Encryption.BytesOf(id)));
        }
        return known;
    }
}
