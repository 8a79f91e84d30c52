using System.Security.Cryptography;
using System.Text;
using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Requests.V1;
using Google.Protobuf;
using Npgsql;

namespace Exchange.Requests;

/// <summary>
/// A key per request for what is written and handed in: its letter, the officers' words, its documents. Wrapped like those of
/// subjects and beside them; what officers write may name persons however often they are asked not to.
/// </summary>
sealed class RequestKeys(ServiceKey serviceKey, [FromKeyedServices(SubjectVault.Keys)] NpgsqlDataSource keys)
{
    readonly byte[] wrapping = serviceKey.Derive("exchange request keys v1");
    readonly RequestKeyWriter writer = new(keys);
    readonly byte[] digesting = serviceKey.Derive("exchange command digest v1");

    /// <summary>
    /// Keyed digest of a command and of who gave it, for the same id from somebody else is another command. Keyed, because
    /// commands are few and alike, and a plain hash of a text could be guessed back.
    /// </summary>
    public RequestCommand Command(Guid id, Caller caller, IMessage content) =>
        new(id, HMACSHA256.HashData(digesting, (byte[])[.. Encoding.UTF8.GetBytes(caller.ToString()), 0, .. content.ToByteArray()]));

    /// <summary>The request's key, made at its first use. Durable before this returns; whoever comes second gets the first one's.</summary>
    public async Task<RequestKey> Of(Guid request, CancellationToken ct) => await Load(request, ct) ?? await Make(request, ct);

    /// <summary>The key of a request that is new, as <see cref="Of"/> makes it.</summary>
    public async Task<RequestKey> Make(Guid request, CancellationToken ct)
    {
        var fresh = RandomNumberGenerator.GetBytes(Sealing.KeyLength);
        return await writer.Write(request, Sealing.Seal(wrapping, fresh, Sealing.Bytes(request)), ct) ? new(request, fresh) : (await Load(request, ct))!;
    }

    /// <summary>The request's key; null when it never had one or it was destroyed.</summary>
    public async Task<RequestKey?> Load(Guid request, CancellationToken ct)
    {
        await using var command = keys.CreateCommand("SELECT wrapped FROM request_keys WHERE request_id = $1");
        command.Parameters.Add(new() { Value = request });
        return await command.ExecuteScalarAsync(ct) is byte[] wrapped
            ? new(request, Sealing.Open(wrapping, wrapped, Sealing.Bytes(request)))
            : null;
    }
}

/// <summary>What is sealed by it opens for this request and this purpose only.</summary>
sealed class RequestKey(Guid request, byte[] key)
{
    /// <summary>Purposes of a ciphertext: part of its additional data.</summary>
    public const string Letter = "letter";

    /// <inheritdoc cref="Letter"/>
    public const string Act = "act";

    /// <summary>The version byte and the message, sealed.</summary>
    public ByteString Seal(string purpose, IMessage message) => Seal(purpose, CanonicalBytes.Of(message));

    public ByteString Seal(string purpose, ReadOnlySpan<byte> plain) => UnsafeByteOperations.UnsafeWrap(Sealing.Seal(key, plain, Bound(Encoding.ASCII.GetBytes(purpose))));

    /// <exception cref="CryptographicException">It was changed, or belongs elsewhere.</exception>
    public byte[] Open(string purpose, ReadOnlySpan<byte> box) => Sealing.Open(key, box, Bound(Encoding.ASCII.GetBytes(purpose)));

    /// <summary>The letter; an empty one where there is none.</summary>
    public Letter OpenLetter(ByteString? sealedLetter) => sealedLetter is { Length: > 0 }
        ? CanonicalBytes.Parse(Open(Letter, sealedLetter.Span), V1.Letter.Parser)
        : new();

    /// <summary>Seals under further additional data, such as a document's id and the number of a piece.</summary>
    public byte[] Seal(ReadOnlySpan<byte> bound, ReadOnlySpan<byte> plain) => Sealing.Seal(key, plain, Bound(bound));

    /// <exception cref="CryptographicException">It was changed, or belongs elsewhere.</exception>
    public byte[] Open(ReadOnlySpan<byte> bound, ReadOnlySpan<byte> box) => Sealing.Open(key, box, Bound(bound));

    byte[] Bound(ReadOnlySpan<byte> purpose) => [.. Sealing.Bytes(request), .. purpose];
}
