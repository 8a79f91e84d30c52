using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Exchange.Platform;

/// <summary>Section <c>Keys</c>.</summary>
public sealed class KeysOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Keys";

    /// <summary>File with the 32-byte service key in base64. Lost, everything wrapped by it is lost.</summary>
    [Required]
    public string ServiceKey { get; init; } = "";

    /// <summary>
    /// Another one, by which what is wrapped is unwrapped as well while the service key is rotated: first the new one, later the old one.
    /// Null at all other times.
    /// </summary>
    public string? SecondServiceKey { get; init; }
}

/// <summary>
/// The service's own secret, read once at start. It wraps other keys and does nothing else, so that it can be replaced by wrapping them
/// anew: see <see cref="KeyRotation"/>.
/// </summary>
public sealed class ServiceKey
{
    readonly byte[] first;
    readonly byte[]? second;
    readonly ConcurrentDictionary<string, (byte[] First, byte[]? Second)> derived = [];

    /// <exception cref="OptionsValidationException">A file is missing or does not hold such a key.</exception>
    public ServiceKey(IOptions<KeysOptions> options)
    {
        first = Read(nameof(KeysOptions.ServiceKey), options.Value.ServiceKey);
        second = options.Value.SecondServiceKey is { Length: > 0 } file ? Read(nameof(KeysOptions.SecondServiceKey), file) : null;
    }

    /// <summary>Whether a second key is known: a rotation is under way.</summary>
    public bool IsRotating => second is not null;

    /// <summary>Encrypts a key.</summary>
    /// <param name="label">What keys of this kind are for; with another one nothing stored could be decrypted.</param>
    /// <param name="owner">What the key belongs to, so that it can be used for nothing else; not stored with it.</param>
    public byte[] Wrap(string label, byte[] key, ReadOnlySpan<byte> owner) => Encryption.Encrypt(Derived(label).First, key, owner);

    /// <summary>Decrypts a key that <see cref="Wrap"/> gave.</summary>
    /// <exception cref="CryptographicException">
    /// It was changed, belongs to something else, or was wrapped by a key that is not known.
    /// </exception>
    public byte[] Unwrap(string label, ReadOnlySpan<byte> wrapped, ReadOnlySpan<byte> owner) => Unwrap(label, wrapped, owner, out _);

    /// <inheritdoc cref="Unwrap(string, ReadOnlySpan{byte}, ReadOnlySpan{byte})"/>
    /// <param name="bySecond">It was wrapped by the second service key.</param>
    internal byte[] Unwrap(string label, ReadOnlySpan<byte> wrapped, ReadOnlySpan<byte> owner, out bool bySecond)
    {
        var keys = Derived(label);
        bySecond = false;
        try
        {
            return Encryption.Decrypt(keys.First, wrapped, owner);
        }
        catch (CryptographicException) when (keys.Second is not null)
        {
            bySecond = true;
            return Encryption.Decrypt(keys.Second, wrapped, owner);
        }
    }

    // HKDF-SHA256, RFC 5869: a key for each kind of keys.
    (byte[] First, byte[]? Second) Derived(string label) => derived.GetOrAdd(label, text =>
    {
        return (Derive(first), second is null ? null : Derive(second));

        byte[] Derive(byte[] secret) =>
            HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, Encryption.KeyLength, info: Encoding.UTF8.GetBytes(text));
    });

    static byte[] Read(string setting, string file)
    {
        if (!File.Exists(file))
            throw Fault($"Keys:{setting}: there is no file {file}.");
        var secret = new byte[Encryption.KeyLength];
        if (!Convert.TryFromBase64String(File.ReadAllText(file).Trim(), secret, out var written) || written != secret.Length)
            throw Fault($"Keys:{setting}: {file} does not hold {secret.Length} bytes in base64.");
        return secret;
    }

    static OptionsValidationException Fault(string message) => new(KeysOptions.Section, typeof(KeysOptions), [message]);
}
