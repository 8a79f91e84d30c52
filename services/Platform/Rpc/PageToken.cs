using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Google.Protobuf;

namespace Exchange.Platform;

/// <summary>
/// Page tokens of lists (AIP-158): text that is opaque to the caller and says where the list goes on. Nothing in them is secret, nor
/// signed: the rows a token leads to are those of whoever asks. What a token holds is a record of the list's own.
/// </summary>
public static class PageToken
{
    const string PageSize = "page_size";
    const string Token = "page_token";

    /// <summary>The token of these bytes, in base64.</summary>
    /// <param name="urlSafe">In the alphabet for addresses and without padding, as the lists of some services always had it.</param>
    public static string EncodeBytes(ReadOnlySpan<byte> place, bool urlSafe = false) =>
        urlSafe ? Base64Url.EncodeToString(place) : Convert.ToBase64String(place);

    /// <summary>The token of this record, as JSON.</summary>
    /// <inheritdoc cref="EncodeBytes" path="/param"/>
    public static string Encode<T>(T place, bool urlSafe = false)
        where T : class => EncodeBytes(JsonSerializer.SerializeToUtf8Bytes(place), urlSafe);

    /// <summary>The bytes of a token, in either alphabet.</summary>
    /// <returns>False when it is no token of ours.</returns>
    public static bool TryDecodeBytes(string token, out byte[] place)
    {
        try
        {
            place = Base64Url.DecodeFromChars(token.Replace('+', '-').Replace('/', '_'));
            return true;
        }
        catch (FormatException)
        {
            place = [];
            return false;
        }
    }

    /// <summary>The record of a token; null when it is no token of such a record.</summary>
    public static T? Decode<T>(string token)
        where T : class
    {
        try
        {
            return TryDecodeBytes(token, out var place) ? JsonSerializer.Deserialize<T>(place) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The token of this record for who asked this question, and of no use for any other.</summary>
    /// <param name="viewer">Who asks, where the answer depends on it; else empty.</param>
    public static string EncodeFor<T>(IMessage question, string viewer, T place)
        where T : class => Encode(new Bound<T>(place, DigestOf(question, viewer)));

    /// <summary>The record of a token of <see cref="EncodeFor"/>; null when it was given for another question, or is no such
    /// token.</summary>
    public static T? DecodeFor<T>(string token, IMessage question, string viewer)
        where T : class =>
        Decode<Bound<T>>(token) is { } bound && bound.Question == DigestOf(question, viewer) ? bound.Place : null;

    /// <summary>
    /// Ties a token to the question it was given for, without page size and token: 16 hexadecimal digits of a SHA-256. A token of
    /// another question would skip rows or repeat them.
    /// </summary>
    /// <param name="viewer">Who asks, where the answer depends on it; else empty.</param>
    public static string DigestOf(IMessage question, string viewer = "")
    {
        var unpaged = question.Descriptor.Parser.ParseFrom(question.ToByteArray());
        foreach (var paging in (string[])[PageSize, Token])
            unpaged.Descriptor.FindFieldByName(paging).Accessor.Clear(unpaged);
        return Convert.ToHexString(SHA256.HashData([.. Encoding.UTF8.GetBytes(viewer), .. unpaged.ToByteArray()]).AsSpan(0, 8));
    }

    sealed record Bound<T>(T Place, string Question);
}
