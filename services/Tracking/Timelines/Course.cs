using Exchange.Requests.V1;

namespace Exchange.Tracking;

/// <summary>
/// What the clocks need of one request, whatever the as-of day: days as day numbers (<see cref="DateOnly.DayNumber"/>),
/// <see cref="Never"/> for what has not happened. The first of several answers by any day is the first of all that were
/// given by then, so one day and outcome stand for them all; the same holds of the first sign of the requested side.
/// </summary>
readonly struct Course
{
    /// <summary>Later than every day.</summary>
    public const int Never = int.MaxValue;

    public required int Transmitted { get; init; }

    public required int Acknowledged { get; init; }

    public required int Recognised { get; init; }

    /// <summary>The first day the requested side did something, be it short of an answer. A delivery is the carrier's doing.</summary>
    public required int Heard { get; init; }

    /// <summary>The day of the first answer, or of a withdrawal or return before any.</summary>
    public required int Ended { get; init; }

    public required Outcome First { get; init; }

    /// <summary>Who recorded what ended the wait.</summary>
    public required Side RecordedBy { get; init; }

    /// <summary>The day of the final answer, or of a withdrawal or return before it.</summary>
    public required int Finished { get; init; }

    public required Outcome Final { get; init; }

    /// <summary>The first day a question of the partner was open.</summary>
    public required int Asked { get; init; }

    /// <summary>The first day after that on which none was.</summary>
    public required int Provided { get; init; }

    /// <summary>Later times on which a question was open, in order and apart; mostly there are none.</summary>
    public (int Asked, int Provided)[]? AskedAgain { get; init; }

    public required Terms Terms { get; init; }

    public static Course Of(RequestFacts facts)
    {
        var transmitted = Day.Number(facts.TransmittedOn);
        var first = (On: Never, Outcome: Outcome.Unspecified, By: Side.Unspecified);
        var final = first;
        foreach (var answer in facts.Answers)
        {
            var given = (On: Day.Number(answer.AnsweredOn), answer.Outcome, By: answer.RecordedBy);
            if (given.On < first.On)
                first = given;
            if (answer.Final && given.On < final.On)
                final = given;
        }
        // On one day the answer counts: it was there before the letter was called back.
        if (facts.Ending is { } ending)
        {
            var end = (On: Day.Number(ending.EndedOn), ending.Outcome, By: ending.RecordedBy);
            (first, final) = (end.On < first.On ? end : first, end.On < final.On ? end : final);
        }
        var questions = Questions(facts);
        return new()
        {
            Transmitted = transmitted,
            Acknowledged = Day.Number(facts.AcknowledgedOn),
            Recognised = Day.Number(facts.RecognisedOn),
            Heard = HeardOn(facts),
            Ended = first.On,
            First = first.Outcome,
            RecordedBy = first.By,
            Finished = final.On,
            Final = final.Outcome,
            Asked = questions.Count > 0 ? questions[0].Asked : Never,
            Provided = questions.Count > 0 ? questions[0].Provided : Never,
            AskedAgain = questions.Count > 1 ? [.. questions.Skip(1)] : null,
            Terms = Terms.Of(facts, transmitted),
        };
    }

    /// <summary>Days on which a later question was open by the end of the wait, as it was seen on a day.</summary>
    public int WaitedAgain(int seen)
    {
        var (waited, end) = (0, Math.Min(Ended, seen));
        foreach (var (asked, provided) in AskedAgain ?? [])
            waited += Math.Max(0, Math.Min(provided, end) - Math.Max(asked, Transmitted));
        return waited;
    }

    /// <summary>A question of the partner is open.</summary>
    public bool IsAsking(int seen) => (Asked <= seen && seen < Provided)
        || (AskedAgain is { } again && Array.Exists(again, question => question.Asked <= seen && seen < question.Provided));

    static int HeardOn(RequestFacts facts)
    {
        var heard = Math.Min(Day.Number(facts.AcknowledgedOn), Math.Min(Day.Number(facts.RecognisedOn), Day.Number(facts.ForwardedOn)));
        foreach (var supplement in facts.Supplements)
            heard = Math.Min(heard, Day.Number(supplement.RequestedOn));
        foreach (var postponement in facts.Postponements)
            heard = Math.Min(heard, Day.Number(postponement.PostponedOn));
        foreach (var report in facts.StatusReports)
            heard = Math.Min(heard, Day.Number(report.ReportedOn));
        return heard;
    }

    /// <summary>When questions were open: each day once however many were open on it.</summary>
    static List<(int Asked, int Provided)> Questions(RequestFacts facts)
    {
        List<(int Asked, int Provided)> open = [];
        foreach (var (asked, provided) in facts.Supplements.Select(s => (Asked: Day.Number(s.RequestedOn), Provided: Day.Number(s.ProvidedOn)))
            .Where(s => s.Asked < s.Provided).Order())
        {
            if (open.Count > 0 && asked <= open[^1].Provided)
                open[^1] = (open[^1].Asked, Math.Max(open[^1].Provided, provided));
            else
                open.Add((asked, provided));
        }
        return open;
    }
}

/// <summary>By when an answer was due, and up to when its register was kept; the same for very many requests.</summary>
/// <param name="ObservedUntil">The last day the register was kept, where it acts on nothing else; else never.</param>
/// <param name="Policy">Days from transmission, as those below; never where there is no limit of the kind.</param>
sealed record Terms(int ObservedUntil, int Policy, int Requested, int Statutory, int Benchmark)
{
    public static Terms Of(RequestFacts facts, int transmitted)
    {
        return new(facts.IsObserved() ? Day.Number(facts.ObservedUntil) : Course.Never,
            Days(LimitKind.Policy), Days(LimitKind.Requested), Days(LimitKind.Statutory), Days(LimitKind.Benchmark));

        int Days(LimitKind kind) => transmitted != Course.Never && facts.DueOn(kind) is { } due ? due.DayNumber - transmitted : Course.Never;
    }

    /// <summary>The day a request is seen at: the as-of day, or the last of its register where that came first.</summary>
    public int SeenOn(int asOf) => Math.Min(ObservedUntil, asOf);

    /// <summary>Days from transmission to the due day, or never.</summary>
    public int DaysOf(LimitKind kind) => kind switch
    {
        LimitKind.Policy => Policy,
        LimitKind.Requested => Requested,
        LimitKind.Statutory => Statutory,
        LimitKind.Benchmark => Benchmark,
        _ => Course.Never,
    };
}

/// <summary>What a request is about, by codes; the same for very many of them.</summary>
sealed record Profile(string Instrument, string Offence, Urgency Urgency, IReadOnlyList<string> Measures)
{
    public static Profile Of(RequestFacts facts) => new(facts.Instrument, facts.Offence, facts.Urgency, [.. facts.Measures.Distinct()]);
}
