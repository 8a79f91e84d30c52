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
        if (Platform.PageToken.Decode<Token<T>>(token) is { } held && held.Question == Platform.PageToken.DigestOf(request, viewer))
            return held.Place;
        reader.AddViolation("page_token", "is not one that this question was answered with.");
        return null;
    }

    public static string Write<T>(IMessage request, string viewer, T place)
        where T : class => Platform.PageToken.Encode(new Token<T>(place, Platform.PageToken.DigestOf(request, viewer)));

    sealed record Token<T>(T Place, string Question);
}

/// <summary>
/// The position after which a page of what is unanswered begins, with the as-of day, so that midnight does not fall between two pages.
/// </summary>
sealed record PositionOnDay(string AsOf, UnansweredPosition Last);
