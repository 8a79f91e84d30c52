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
}

/// <summary>The service's own secret, read once at start; every use takes a key derived from it under a label of its own.</summary>
public sealed class ServiceKey
{
    const int Length = 32;
    readonly byte[] secret;

    /// <exception cref="OptionsValidationException">The file is missing or does not hold such a key.</exception>
    public ServiceKey(IOptions<KeysOptions> options)
    {
        var file = options.Value.ServiceKey;
        if (!File.Exists(file))
            throw Fault($"Keys:ServiceKey: there is no file {file}.");
        var text = File.ReadAllText(file).Trim();
        secret = new byte[Length];
        if (!Convert.TryFromBase64String(text, secret, out var written) || written != Length)
            throw Fault($"Keys:ServiceKey: {file} does not hold {Length} bytes in base64.");
    }

    /// <summary>A 32-byte key for one purpose (HKDF-SHA256, RFC 5869).</summary>
    public byte[] Derive(string label) => HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, Length, info: Encoding.UTF8.GetBytes(label));

    static OptionsValidationException Fault(string message) => new(KeysOptions.Section, typeof(KeysOptions), [message]);
}
