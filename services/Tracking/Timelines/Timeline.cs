using Exchange.Reference;
using Exchange.Requests.V1;

namespace Exchange.Tracking;

/// <summary>
/// The days of one request from which its clocks are calculated for any as-of day. Every day is a day number
/// (<see cref="DateOnly.DayNumber"/>), <see cref="Never"/> where the thing has not happened. It holds one answer and one sign of
/// life only, because the first of several answers is also the first of all that were given by any later day.
/// </summary>
readonly struct Timeline
{
    /// <summary>The day number for "has not happened": later than every day, so that comparisons need no special case.</summary>
    public const int Never = int.MaxValue;

    public required int Transmitted { get; init; }

    public required int Acknowledged { get; init; }

    public required int Recognised { get; init; }

    /// <summary>
    /// The first day the requested side did anything, even short of an answer. A delivery is done by the carrier and does not count.
    /// </summary>
    public required int Heard { get; init; }

    /// <summary>The day the wait ended: that of the first answer, or of a withdrawal or return before any answer.</summary>
    public required int Ended { get; init; }

    /// <summary>What ended the wait; unspecified while nothing has.</summary>
    public required Outcome First { get; init; }

    /// <summary>The side that recorded what ended the wait; unspecified while nothing has.</summary>
    public required Side RecordedBy { get; init; }

    /// <summary>The day the whole matter ended: that of the final answer, or of a withdrawal or return before it.</summary>
    public required int Finished { get; init; }

    /// <summary>What ended the whole matter; unspecified while nothing has.</summary>
    public required Outcome Final { get; init; }

    /// <summary>The first day on which a question of the partner was open.</summary>
    public required int Asked { get; init; }

    /// <summary>The first day after <see cref="Asked"/> on which no question was open.</summary>
    public required int Provided { get; init; }

    /// <summary>
    /// Later periods in which a question was open, from the first day to the day after the last; in order, without overlap. Null where
    /// there is none, which is usual.
    /// </summary>
    public (int Asked, int Provided)[]? AskedAgain { get; init; }

    public required TimeLimitSet Limits { get; init; }

    /// <summary>The timeline that the facts of a request give.</summary>
    /// <exception cref="FormatException">A day is not written as the contract says.</exception>
    public static Timeline Of(RequestFacts facts)
    {
        var transmitted = NumberOf(facts.TransmittedOn);
        var first = (On: Never, Outcome: Outcome.Unspecified, By: Side.Unspecified);
        var final = first;
        foreach (var answer in facts.Answers)
        {
            var given = (On: NumberOf(answer.AnsweredOn), answer.Outcome, By: answer.RecordedBy);
            if (given.On < first.On)
                first = given;
            if (answer.Final && given.On < final.On)
                final = given;
        }
        // Where an answer and an ending fall on one day the answer counts: it was there before the letter was called back.
        if (facts.Ending is { } ending)
        {
            var end = (On: NumberOf(ending.EndedOn), ending.Outcome, By: ending.RecordedBy);
            (first, final) = (end.On < first.On ? end : first, end.On < final.On ? end : final);
        }
        var questions = OpenQuestions(facts);
        return new()
        {
            Transmitted = transmitted,
            Acknowledged = NumberOf(facts.AcknowledgedOn),
            Recognised = NumberOf(facts.RecognisedOn),
            Heard = HeardOn(facts),
            Ended = first.On,
            First = first.Outcome,
            RecordedBy = first.By,
            Finished = final.On,
            Final = final.Outcome,
            Asked = questions.Count > 0 ? questions[0].Asked : Never,
            Provided = questions.Count > 0 ? questions[0].Provided : Never,
            AskedAgain = questions.Count > 1 ? [.. questions.Skip(1)] : null,
            Limits = TimeLimitSet.Of(facts, transmitted),
        };
    }

    /// <summary>The number of a day as the contract writes it; <see cref="Never"/> for the empty text.</summary>
    /// <exception cref="FormatException">The text is neither empty nor a day.</exception>
    public static int NumberOf(string day) => LegalDay.ParseOptional(day)?.DayNumber ?? Never;

    /// <summary>The day of a number; null for <see cref="Never"/>.</summary>
    public static DateOnly? DayOf(int number) => number == Never ? null : DateOnly.FromDayNumber(number);

    /// <summary>
    /// Days up to the end of the wait, as it was seen on a day, on which a question of <see cref="AskedAgain"/> was open.
    /// </summary>
    /// <param name="seen">By <see cref="TimeLimitSet.SeenOn"/>.</param>
    public int WaitedAgain(int seen)
    {
        var (waited, end) = (0, Math.Min(Ended, seen));
        foreach (var (asked, provided) in AskedAgain ?? [])
            waited += Math.Max(0, Math.Min(provided, end) - Math.Max(asked, Transmitted));
        return waited;
    }

    /// <summary>Whether a question of the partner is open on a day.</summary>
    /// <param name="seen">By <see cref="TimeLimitSet.SeenOn"/>.</param>
    public bool IsAsking(int seen) => (Asked <= seen && seen < Provided)
        || (AskedAgain is { } again && Array.Exists(again, question => question.Asked <= seen && seen < question.Provided));

    static int HeardOn(RequestFacts facts)
    {
        var heard = Math.Min(NumberOf(facts.AcknowledgedOn), Math.Min(NumberOf(facts.RecognisedOn), NumberOf(facts.ForwardedOn)));
        foreach (var supplement in facts.Supplements)
            heard = Math.Min(heard, NumberOf(supplement.RequestedOn));
        foreach (var postponement in facts.Postponements)
            heard = Math.Min(heard, NumberOf(postponement.PostponedOn));
        foreach (var report in facts.StatusReports)
            heard = Math.Min(heard, NumberOf(report.ReportedOn));
        return heard;
    }

    /// <summary>
    /// The periods in which at least one question was open. Questions that overlap or touch become one period, so that no day counts
    /// twice.
    /// </summary>
    static List<(int Asked, int Provided)> OpenQuestions(RequestFacts facts)
    {
        List<(int Asked, int Provided)> open = [];
        foreach (var (asked, provided) in facts.Supplements.Select(s => (Asked: NumberOf(s.RequestedOn), Provided: NumberOf(s.ProvidedOn)))
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
