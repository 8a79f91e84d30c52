namespace Exchange.Platform;

/// <summary>The number of items on a page of a list (AIP-158).</summary>
public static class PageSize
{
    /// <summary>Items on a page, at most.</summary>
    public const int Most = 1_000;

    /// <summary>The size that was asked for, from 1 to <see cref="Most"/>; more is a fault, and so is less than nothing.</summary>
    /// <param name="asked">The field <c>page_size</c>; 0 leaves it to the service.</param>
    /// <param name="usual">What the service then takes.</param>
    /// <param name="fault">Is told what is wrong with the field, as a sentence that goes on where its name ends.</param>
    public static int Of(int asked, int usual, Action<string> fault)
    {
        if (asked is < 0 or > Most)
            fault($"must be 1 to {Most}, or 0 for {usual}.");
        return asked == 0 ? usual : asked;
    }

    /// <summary>As <see cref="Of"/>, but more than <see cref="Most"/> gets a page of that size, as these lists always answered.</summary>
    public static int AtMost(int asked, int usual, Action<string> fault)
    {
        if (asked < 0)
            fault("must not be negative.");
        return asked == 0 ? usual : Math.Min(asked, Most);
    }
}
