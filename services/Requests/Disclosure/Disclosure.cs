using Exchange.Reference;
using Exchange.Requests.V1;

namespace Exchange.Requests;

/// <summary>
/// What the requested side is told of a request: what an officer's step gave it on the exchange. An import and a letter by post give
/// nothing, and neither does a step taken while the partner is reached by post. The only place that knows.
/// </summary>
static class Disclosure
{
    /// <summary>
    /// The side whose own the request is: the requesting one, but for the row of a register the side that keeps the register. It sees all
    /// that stands in the record; the other side what it was told.
    /// </summary>
    public static Side OwnerOf(RequestFacts facts) =>
        facts.RegisterOf is Side.RequestedSide ? Side.RequestedSide : Side.RequestingSide;

    /// <summary>Whether a side knows of the request at all.</summary>
    public static bool IsKnownTo(RequestFacts facts, Side side) =>
        OwnerOf(facts) == side || (side is Side.RequestedSide && facts.Given);

    /// <summary>Whether the entry told the requested side something.</summary>
    public static bool Tells(JournalEntry entry) => Tells(entry.Step, entry.Steps, entry.Facts);

    /// <summary>
    /// Whether the requested side was given the request and is reached by post since: it sees the request as it was last told of it here.
    /// </summary>
    public static bool LeftTheExchange(RequestFacts facts) => facts.ToldVersion > 0 && facts.ToldVersion < facts.Version;

    /// <summary>
    /// Writes into the facts as which version the requested side sees them, and into the dossier which subjects the change tells it of. One
    /// that was named and withdrawn before is not among them.
    /// </summary>
    /// <param name="change">The change, whose dossier is its own.</param>
    /// <param name="facts">The facts after it, with their version.</param>
    public static void NoteTold(RequestChange change, RequestFacts facts)
    {
        if (Tells(change.Code, change.Steps, facts))
        {
            change.Dossier.ToldIn = facts.Version;
            change.Dossier.ToldSubjects.Add(change.Subjects.Subjects.Where(subject => subject.WithdrawnIn == 0)
                .Select(subject => subject.SubjectId).Except(change.Dossier.ToldSubjects).ToList());
        }
        facts.ToldVersion = !facts.Given ? 0 : facts.Channel is Channel.OnExchange ? facts.Version : change.Dossier.ToldIn;
    }

    /// <summary>
    /// The facts as the requested side was told them: without what a register said of them, and without rungs it never saw.
    /// </summary>
    public static RequestFacts Told(RequestFacts facts)
    {
        var told = facts.Clone();
        (told.Origin, told.ObservedUntil, told.Adopted, told.RegisterOf) = (Origin.OnTheExchange, "", false, Side.Unspecified);
        foreach (var own in told.Reminders.Where(reminder => !reminder.Rung.GoesToPartner()).ToList())
            told.Reminders.Remove(own);
        return told;
    }

    // That the partner is reached by post from now on is the last thing it is told here.
    static bool Tells(StepCode code, IEnumerable<Step> steps, RequestFacts? facts) =>
        facts is { Given: true } && (facts.Channel is Channel.OnExchange || LifecycleTable.Of[code].Any(move => move.ToldOffExchange))
        && LifecycleTable.IsTold(code) && steps.All(step => step.Reminded?.Rung.GoesToPartner() ?? true);
}
