using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Exchange.Tracking.V1;
using Google.Protobuf;

namespace Exchange.Tracking;

/// <summary>
/// Where a list goes on. Pins the as-of day, so that midnight does not fall between two pages, and the question, for a
/// token of another one would skip or repeat (AIP-158).
/// </summary>
sealed record PageToken(string AsOf, Place Last, string Question)
{
    /// <summary>Null for the first page, and for a token that does not fit: that is a fault.</summary>
    public static PageToken? Read(ListUnansweredRequest request, string viewer, QuestionReader reader)
    {
        if (request.PageToken.Length == 0)
            return null;
        if (Parse(request.PageToken) is { } token && token.Question == Digest(request, viewer))
            return token;
        reader.Fault("page_token", "is not one that this question was answered with.");
        return null;
    }

    public static string Write(ListUnansweredRequest request, string viewer, DateOnly asOf, Place last) =>
        Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(new PageToken(asOf.Text(), last, Digest(request, viewer))));

    static PageToken? Parse(string token)
    {
        try
        {
            return JsonSerializer.Deserialize<PageToken>(Convert.FromBase64String(token));
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            return null;
        }
    }

    static string Digest(ListUnansweredRequest request, string viewer)
    {
        var question = request.Clone();
        question.PageSize = 0;
        question.PageToken = "";
        return Convert.ToHexString(SHA256.HashData([.. Encoding.UTF8.GetBytes(viewer), .. question.ToByteArray()]).AsSpan(0, 8));
    }
}
