using Exchange.Reference;
using Exchange.Requests.V1;

namespace Exchange.Requests;

/// <summary>What enters whose inbox: what the other side did and one is told, and what colleagues ask for.</summary>
static class InboxRule
{
    /// <summary>
    /// The states whose officers the entry is news to; none for an import. A partner off the exchange is told by post; what is
    /// recorded for him is news to the colleagues of the officer who did.
    /// </summary>
    public static IEnumerable<string> AddresseesOf(JournalEntry entry)
    {
        if (entry.Step is StepCode.Unspecified || entry.Facts is not { } facts)
            yield break;
        var (own, other) = SideOf(entry) is Side.RequestedSide
            ? (facts.RequestedState, facts.RequestingState)
            : (facts.RequestingState, facts.RequestedState);
        if (LifecycleTable.Of[entry.Step].Any(move => move.NewsToOwnSide))
            yield return own;
        // The requesting state is an installation of the exchange, its partner perhaps not.
        if (other == facts.RequestedState ? Disclosure.Tells(entry) : facts.TransmittedOn.Length > 0 && LifecycleTable.IsTold(entry.Step))
            yield return other;
    }

    /// <summary>Whose doing it is, whoever wrote it down: that of the only side that may, or of the actor's own.</summary>
    public static Side SideOf(JournalEntry entry) =>
        LifecycleTable.Of[entry.Step].Select(move => move.Side).Distinct().ToList() is [var only] ? only
        : RequestState.StateOf(entry.Actor) == entry.Facts.RequestedState ? Side.RequestedSide
        : Side.RequestingSide;

    /// <summary>The legal day: that of what was done first, or the day it was recorded where no step has a day.</summary>
    public static DateOnly OccurredOn(JournalEntry entry) =>
        entry.Steps.FirstOrDefault(step => step.OccurredOn.Length > 0) is { } step
            ? LegalDay.Parse(step.OccurredOn)
            : LegalDay.OfUtc(entry.RecordedAt.ToDateTimeOffset());

    /// <summary>For a rung of the ladder: which.</summary>
    public static Rung RungOf(JournalEntry entry) =>
        entry.Steps.FirstOrDefault(step => step.KindCase is Step.KindOneofCase.Reminded)?.Reminded.Rung ?? Rung.Unspecified;
}
