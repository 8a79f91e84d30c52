using Exchange.Platform;

namespace Exchange.Correlation;

/// <summary>The page token of links: the last pair of the page and the case that was asked about. Opaque to the caller.</summary>
static class LinkPageToken
{
    public static string Write((string A, string B) last, string caseNumber) =>
        PageToken.Encode<string[]>([last.A, last.B, caseNumber], urlSafe: true);

    public static bool TryRead(string token, string caseNumber, out (string A, string B) after)
    {
        after = ("", "");
        if (token.Length == 0)
            return true;
        if (PageToken.Decode<string[]>(token) is not [{ } a, { } b, { } asked] || asked != caseNumber)
            return false;
        after = (a, b);
        // PostgreSQL takes no NUL in a text.
        return !a.Contains('\0') && !b.Contains('\0');
    }
}
