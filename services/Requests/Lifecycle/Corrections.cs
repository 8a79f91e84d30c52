using Exchange.Platform;
using Exchange.Reference;
using Exchange.Requests.V1;
using Kind = Exchange.Requests.V1.Step.KindOneofCase;

namespace Exchange.Requests;

/// <summary>A step with its place in the journal.</summary>
sealed record PlacedStep(int Version, int Index, Step Step);

/// <summary>
/// Which steps still stand. A journal is never rewritten: a correction is an entry of its own, and the facts are replayed from
/// what stands after it.
/// </summary>
static class Corrections
{
    /// <summary>The steps that stand, each correction applied in its place.</summary>
    public static List<PlacedStep> Standing(IEnumerable<JournalEntry> entries)
    {
        List<PlacedStep> standing = [];
        foreach (var entry in entries)
        {
            var placed = entry.Steps.Select((step, i) => new PlacedStep(entry.Version, i, step)).ToList();
            // An import tells a life anew, from its beginning.
            if (entry.Steps.Any(step => step.KindCase == Kind.Observed) && entry.Steps.Any(step => step.KindCase == Kind.Transmitted))
                standing.Clear();
            if (placed is [{ Step: { Corrected: { ProposedBy.Length: > 0 } corrected } }, .. var replacement])
                Replace(standing, corrected.SupersededVersion, corrected.SupersededStep, replacement);
            else
                standing.AddRange(placed);
        }
        return standing;
    }

    /// <summary>The facts that these steps lead to; what the letter says stays as it is.</summary>
    public static RequestFacts Replay(RequestFacts facts, IEnumerable<PlacedStep> standing)
    {
        var replayed = RequestFold.WithoutSteps(facts);
        foreach (var placed in standing)
            RequestFold.Apply(replayed, placed.Step);
        return replayed;
    }

    /// <summary>What is proposed, as it will wait for a second officer.</summary>
    /// <exception cref="Refusal">There is no such step, it cannot be corrected, or the proposal has faults: all are named.</exception>
    /// <param name="field">The act's field, under which its faults are named.</param>
    public static ProposedCorrection Propose(string field, ProposeCorrection act, RequestState state, IEnumerable<PlacedStep> standing,
        Caller caller, DateOnly today, ReferenceData reference)
    {
        var own = state.SideOf(caller.State);
        if (standing.FirstOrDefault(placed => placed.Version == act.Version && placed.Index == act.Step) is not { } wrong
            || SideOf(wrong.Step) != own)
        {
            throw Refusal.Invalid([new($"{field}.version",
                "must name, with step, a step your side wrote that still stands and can be corrected; see GetHistory.")]);
        }

        List<Violation> faults = [];
        if (act.Strike && wrong.Step.KindCase == Kind.Transmitted)
            faults.Add(new($"{field}.strike", "must not be set: a letter that was sent cannot be made unsent; withdraw it."));
        // What is struck says nothing else: these would be kept and signed unread.
        if (act.Strike && (act.Outcome != Outcome.Unspecified || $"{act.OccurredOn}{act.Ground}{act.ExpectedOn}".Length > 0))
            faults.Add(new($"{field}.strike", "must stand alone: what never happened has no day, outcome or ground."));
        var replacement = act.Strike ? null : Replaced(field, act, wrong.Step, today, faults);
        // A register may leave a ground out; who mends the day alone need not know it.
        if (replacement?.PartnerActed is { } acted && (act.Outcome != Outcome.Unspecified || act.Ground.Length > 0)
            && !Fits(acted, reference.Grounds.GetValueOrDefault(acted.Ground), state.Facts.Instrument))
        {
            faults.Add(new($"{field}.ground", "must fit what the partner did: a refusal, a return, a postponement and "
                + "\"not executable\" have grounds of their own, an execution has none."));
        }
        if (replacement?.Equals(wrong.Step) == true && faults.Count == 0)
            faults.Add(new(field, "must change something: strike the step or say how it was."));
        return faults.Count > 0 ? throw Refusal.Invalid(faults) : new()
        {
            ProposedIn = state.Version + 1, ProposedBy = caller.ToString(), Side = own, Version = act.Version, Step = act.Step,
            Replacement = replacement,
        };
    }

    /// <summary>The steps of the entry that carries a correction out: what is superseded, and what stands in its place.</summary>
    public static IReadOnlyList<Step> Steps(ProposedCorrection proposal, string today)
    {
        var corrected = new Step
        {
            OccurredOn = today,
            Corrected = new() { SupersededVersion = proposal.Version, SupersededStep = proposal.Step, ProposedBy = proposal.ProposedBy },
        };
        return proposal.Replacement is { } replacement ? [corrected, replacement] : [corrected];
    }

    /// <summary>Puts the replacement, if any, where the superseded step stood.</summary>
    public static void Replace(List<PlacedStep> standing, int version, int step, IReadOnlyList<PlacedStep> replacement)
    {
        var at = standing.FindIndex(placed => placed.Version == version && placed.Index == step);
        if (at < 0)
            return;
        standing.RemoveAt(at);
        standing.InsertRange(at, replacement);
    }

    static Step Replaced(string field, ProposeCorrection act, Step wrong, DateOnly today, List<Violation> faults)
    {
        var right = wrong.Clone();
        if (act.OccurredOn.Length > 0)
        {
            if (LegalDay.ParseEntered(act.OccurredOn) is not { } day || day > today)
                faults.Add(new($"{field}.occurred_on", "must be a day, YYYY-MM-DD, not after today."));
            else
                Move(right, day);
        }
        var acted = right.PartnerActed;
        if (act.Outcome != Outcome.Unspecified)
        {
            if (acted is { Outcome: not (Outcome.Unspecified or Outcome.Returned) } && StatusOf(act.Outcome) is { } status)
                (acted.Outcome, acted.Status) = (act.Outcome, status);
            else
                faults.Add(new($"{field}.outcome",
                    "must be that of an answer, and the step an answer: EXECUTED, PARTIALLY_EXECUTED, REFUSED or NOT_EXECUTABLE."));
        }
        if (act.Ground.Length > 0 && acted is null)
            faults.Add(new($"{field}.ground", "must be empty: this step has no ground."));
        else if (acted is not null && (act.Ground.Length > 0 || act.Outcome is Outcome.Executed or Outcome.PartiallyExecuted))
            acted.Ground = act.Ground;
        if (act.ExpectedOn.Length > 0 && (acted is not { Status: Status.Postponed } || LegalDay.ParseEntered(act.ExpectedOn) is null))
            faults.Add(new($"{field}.expected_on", "must be a day, YYYY-MM-DD, and the step a postponement."));
        else if (act.ExpectedOn.Length > 0)
            acted!.ExpectedOn = act.ExpectedOn;
        return right;
    }

    static void Move(Step step, DateOnly day)
    {
        if (step.Transmitted is { } transmitted && LegalDay.ParseEntered(step.OccurredOn) is { } before)
        {
            var limits = TimeLimits.Moved(transmitted.TimeLimits, before, day).ToList();
            transmitted.TimeLimits.Clear();
            transmitted.TimeLimits.Add(limits);
        }
        step.OccurredOn = day.ToIso();
    }

    /// <summary>Whose entry it is; unspecified for what cannot be corrected, such as a letter or an assignment.</summary>
    static Side SideOf(Step step) => step.KindCase switch
    {
        Kind.PartnerActed => step.PartnerActed.RecordedBy,
        Kind.StatusReported => step.StatusReported.RecordedBy,
        Kind.Transmitted => Side.RequestingSide,
        // What the partner never heard of is mended by the next step.
        Kind.RequesterActed when LifecycleTable.IsTold(step.RequesterActed.Status) => Side.RequestingSide,
        _ => Side.Unspecified,
    };

    static bool Fits(PartnerActed acted, Ground? ground, string instrument) => acted.Status switch
    {
        Status.Refused => ground is { IsRefusal: true } && ground.BarredUnder != instrument,
        Status.NotExecutable => ground is { NotExecutable: true },
        Status.Returned => ground is { Returns: true },
        Status.Postponed => ground is { Postpones: true },
        _ => acted.Ground.Length == 0,
    };

    static Status? StatusOf(Outcome outcome) => outcome switch
    {
        Outcome.Executed => Status.Executed,
        Outcome.PartiallyExecuted => Status.PartiallyExecuted,
        Outcome.Refused => Status.Refused,
        Outcome.NotExecutable => Status.NotExecutable,
        _ => null,
    };
}
