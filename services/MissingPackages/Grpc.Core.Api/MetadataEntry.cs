using System.Buffers;
using System.Text;

namespace Grpc.Core;

public sealed partial class Metadata
{
    /// <summary>A key in lower case with text, or with bytes when it ends in "-bin".</summary>
    public class Entry
    {
        static readonly SearchValues<char> keyCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._-");

        readonly string? text;
        readonly byte[]? bytes;

        public Entry(string key, byte[] valueBytes)
        {
            Key = Normalized(key);
            if (!IsBinary)
                throw new ArgumentException($"The key '{key}' of bytes does not end in {BinaryHeaderSuffix}.", nameof(key));
            ArgumentNullException.ThrowIfNull(valueBytes);
            bytes = [.. valueBytes];
        }

        public Entry(string key, string value)
        {
            Key = Normalized(key);
            if (IsBinary)
                throw new ArgumentException($"The key '{key}' of text ends in {BinaryHeaderSuffix}.", nameof(key));
            ArgumentNullException.ThrowIfNull(value);
            text = value;
        }

        public string Key { get; }

        public bool IsBinary => Key.EndsWith(BinaryHeaderSuffix, StringComparison.Ordinal);

        public byte[] ValueBytes => bytes is null ? Encoding.ASCII.GetBytes(text!) : [.. bytes];

        public string Value => text ?? throw new InvalidOperationException($"The entry '{Key}' holds bytes.");

        public override string ToString() => bytes is null
            ? $"[Entry: key={Key}, value={text}]"
            : $"[Entry: key={Key}, valueBytes={Convert.ToHexString(bytes)}]";

        static string Normalized(string key)
        {
            ArgumentNullException.ThrowIfNull(key);
            var normalized = key.ToLowerInvariant();
            if (normalized.Length == 0 || normalized.AsSpan().ContainsAnyExcept(keyCharacters))
                throw new ArgumentException($"The key '{key}' has characters other than letters, digits, '.', '_' and '-'.", nameof(key));
            return normalized;
        }
    }
}
