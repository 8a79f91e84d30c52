namespace Exchange.Tracking;

/// <summary>A request's place in the list of what is unanswered: by due day, then reference.</summary>
readonly record struct Place(DateOnly DueOn, string Reference, Guid Id) : IComparable<Place>
{
    // References are unique within a state only; incoming requests come from many.
    public int CompareTo(Place other) =>
        DueOn.CompareTo(other.DueOn) is var byDay and not 0 ? byDay
        : string.CompareOrdinal(Reference, other.Reference) is var byReference and not 0 ? byReference
        : Id.CompareTo(other.Id);
}

/// <summary>Picks one page out of requests that come in any order, and keeps no more of them than the page holds.</summary>
sealed class UnansweredPage(int size, Place? after)
{
    readonly SortedList<Place, Seen> first = [];
    bool more;

    public int Total { get; private set; }

    public IEnumerable<(Place Place, Seen Seen)> Items => first.Select(item => (item.Key, item.Value));

    /// <summary>Where the next page goes on; null on the last.</summary>
    public Place? Next => more ? first.GetKeyAtIndex(first.Count - 1) : null;

    public void Offer(Seen seen)
    {
        Total++;
        var place = new Place(seen.Clock.DueOn!.Value, seen.Facts.Reference, seen.Facts.Id());
        if (after is { } last && place.CompareTo(last) <= 0)
            return;
        if (first.Count == size && place.CompareTo(first.GetKeyAtIndex(size - 1)) > 0)
        {
            more = true;
            return;
        }
        first.Add(place, seen);
        if (first.Count <= size)
            return;
        first.RemoveAt(size);
        more = true;
    }
}
