using System.Collections.Frozen;
using System.Globalization;
using Exchange.Requests.V1;

namespace Exchange.Requests;

/// <summary>What enters whose inbox: what the other side did and one is told, and what colleagues ask for.</summary>
static class InboxRule
{
    /// <summary>A draft to approve, sent back or to be sent; a request assigned; a correction to confirm, and what became of it.</summary>
    static readonly FrozenSet<StepCode> Asked = FrozenSet.Create(
        StepCode.Submit, StepCode.SendBack, StepCode.Approve, StepCode.Assign, StepCode.ProposeCorrection, StepCode.ConfirmCorrection,
        StepCode.RejectCorrection);

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
        if (Asked.Contains(entry.Step))
            yield return own;
        if (LifecycleTable.IsTold(entry.Step) && facts.TransmittedOn.Length > 0 && other != own && Reached(entry.Step, facts, other))
            yield return other;
    }

    /// <summary>Whose doing it is, whoever wrote it down: that of the only side that may, or of the actor's own.</summary>
    public static Side SideOf(JournalEntry entry) => LifecycleTable.Of[entry.Step].Select(move => move.Side).Distinct().ToList() is [var only] ? only
        : RequestState.StateOf(entry.Actor) == entry.Facts.RequestedState ? Side.RequestedSide
        : Side.RequestingSide;

    /// <summary>The legal day: that of what was done first, or the day it was recorded where no step has a day.</summary>
    public static DateOnly OccurredOn(JournalEntry entry) =>
        entry.Steps.FirstOrDefault(step => step.OccurredOn.Length > 0) is { } step
            ? DateOnly.ParseExact(step.OccurredOn, "yyyy-MM-dd", CultureInfo.InvariantCulture)
            : DateOnly.FromDateTime(entry.RecordedAt.ToDateTime());

    /// <summary>For a rung of the ladder: which.</summary>
    public static Rung RungOf(JournalEntry entry) =>
        entry.Steps.FirstOrDefault(step => step.KindCase is Step.KindOneofCase.Reminded)?.Reminded.Rung ?? Rung.Unspecified;

    // That the channel changed is told either way, for it says where to look from now on.
    static bool Reached(StepCode step, RequestFacts facts, string other) =>
        other == facts.RequestingState || facts.Channel is Channel.OnExchange || step is StepCode.ChangeChannel;
}
