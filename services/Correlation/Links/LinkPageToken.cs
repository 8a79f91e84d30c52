using Exchange.Platform;

namespace Exchange.Correlation;

/// <summary>Two cases by their keyed hashes, the lesser first.</summary>
sealed record CasePair(byte[] A, byte[] B)
{
    /// <summary>Before all others.</summary>
    public static CasePair None { get; } = new([], []);
}

/// <summary>The page token of links: the last pair of the page and the case that was asked about. Opaque to the caller.</summary>
static class LinkPageToken
{
    public static string Write(CasePair last, string caseNumber) =>
        PageToken.Encode<string[]>([Convert.ToHexString(last.A), Convert.ToHexString(last.B), caseNumber], urlSafe: true);

    public static bool TryRead(string token, string caseNumber, out CasePair after)
    {
        after = CasePair.None;
        if (token.Length == 0)
            return true;
        if (PageToken.Decode<string[]>(token) is not [{ } a, { } b, { } asked] || asked != caseNumber || !IsHex(a) || !IsHex(b))
            return false;
        after = new(Convert.FromHexString(a), Convert.FromHexString(b));
        return true;
    }

    static bool IsHex(string text) => text.Length % 2 == 0 && text.All(char.IsAsciiHexDigit);
}
