using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Google.Protobuf;

namespace Exchange.Tracking;

/// <summary>
/// Where a list goes on. Holds the question, for a token of another one would skip or repeat (AIP-158). Nothing in it is
/// secret, and the rows it leads to are those of whoever asks.
/// </summary>
static class PageToken
{
    /// <summary>Null for the first page, and for a token that does not fit: that is a fault.</summary>
    public static T? Read<T>(IMessage request, string token, string viewer, QueryReader reader)
        where T : class
    {
        if (token.Length == 0)
            return null;
        if (Parse<T>(token) is { } held && held.Question == Digest(request, viewer))
            return held.Place;
        reader.AddViolation("page_token", "is not one that this question was answered with.");
        return null;
    }

    public static string Write<T>(IMessage request, string viewer, T place)
        where T : class =>
        Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(new Token<T>(place, Digest(request, viewer))));

    static Token<T>? Parse<T>(string token)
    {
        try
        {
            return JsonSerializer.Deserialize<Token<T>>(Convert.FromBase64String(token));
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            return null;
        }
    }

    static string Digest(IMessage request, string viewer)
    {
        var question = request.Descriptor.Parser.ParseFrom(request.ToByteArray());
        foreach (var paging in (string[])["page_size", "page_token"])
            question.Descriptor.FindFieldByName(paging).Accessor.Clear(question);
        return Convert.ToHexString(SHA256.HashData([.. Encoding.UTF8.GetBytes(viewer), .. question.ToByteArray()]).AsSpan(0, 8));
    }

    sealed record Token<T>(T Place, string Question);
}

/// <summary>
/// The position after which a page of what is unanswered begins, with the as-of day, so that midnight does not fall between two pages.
/// </summary>
sealed record PositionOnDay(string AsOf, UnansweredPosition Last);
