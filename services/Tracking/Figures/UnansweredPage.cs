namespace Exchange.Tracking;

/// <summary>
/// The position of a request in the list of what is unanswered, which is ordered by due day, then by reference in ordinal order,
/// then by id. It is written into page tokens, by the names of its properties.
/// </summary>
readonly record struct UnansweredPosition(DateOnly DueOn, string Reference, Guid Id) : IComparable<UnansweredPosition>
{
    // References are unique within a state only, and incoming requests come from many; hence the id.
    public int CompareTo(UnansweredPosition other) =>
        DueOn.CompareTo(other.DueOn) is var byDay and not 0 ? byDay
        : string.CompareOrdinal(Reference, other.Reference) is var byReference and not 0 ? byReference
        : Id.CompareTo(other.Id);
}

/// <summary>Selects one page from requests that are offered in any order, and holds no more of them than the page has.</summary>
/// <param name="size">How many requests the page has; at least 1.</param>
/// <param name="after">The position of the last request of the page before; null for the first page.</param>
sealed class UnansweredPage(int size, UnansweredPosition? after)
{
    readonly SortedList<UnansweredPosition, SelectedRequest> first = [];
    bool more;

    /// <summary>How many requests were offered, on whatever page they are.</summary>
    public int Total { get; private set; }

    /// <summary>The requests of the page, in order.</summary>
    public IEnumerable<(UnansweredPosition Position, SelectedRequest Request)> Items => first.Select(item => (item.Key, item.Value));

    /// <summary>The position after which the next page begins; null on the last page.</summary>
    public UnansweredPosition? Next => more ? first.GetKeyAtIndex(first.Count - 1) : null;

    /// <summary>Takes the request onto the page where it belongs there so far.</summary>
    /// <param name="request">A request that has a due day.</param>
    public void Offer(SelectedRequest request)
    {
        Total++;
        var position = new UnansweredPosition(request.Clock.DueOn!.Value, request.Facts.Reference, request.Facts.Id());
        if (after is { } last && position.CompareTo(last) <= 0)
            return;
        if (first.Count == size && position.CompareTo(first.GetKeyAtIndex(size - 1)) > 0)
        {
            more = true;
            return;
        }
        first.Add(position, request);
        if (first.Count <= size)
            return;
        first.RemoveAt(size);
        more = true;
    }
}

/// <summary>
/// The position after which a page of what is unanswered begins, with the as-of day, so that midnight does not fall between two pages.
/// </summary>
sealed record PositionOnDay(string AsOf, UnansweredPosition Last);
