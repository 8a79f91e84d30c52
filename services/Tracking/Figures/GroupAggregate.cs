using System.Runtime.CompilerServices;
using Exchange.Reference;
using Exchange.Requests.V1;
using Exchange.Tracking.V1;

namespace Exchange.Tracking;

/// <summary>
/// The counts of one group of requests, from which all its figures are calculated. Each request is added once and then forgotten.
/// Aggregates of groups without a common request can be added to each other.
/// </summary>
/// <param name="period">The period of the caseflow figures, the same for all that are added to each other.</param>
sealed class GroupAggregate(Period period)
{
    // Kinds of days are numbered as outcomes are, from unspecified to withdrawn.
    const int Outcomes = 7;

    // Last days of the age bands of open requests, after CourTools measure 4; what is older falls into a further band.
    static readonly int[] AgeBands = [30, 90, 180, 365];

    // How many requests have each combination of flags.
    readonly int[] countByFlags = new int[(int)CountFlags.All + 1];

    // By what became of a transmission by one officer alone.
    readonly int[] countByAlone = new int[Enum.GetValues<TransmittedAlone>().Length];
    readonly DayCounts gross = new(Outcomes);
    readonly DayCounts net = new(Outcomes);
    readonly DayCounts final = new(Outcomes);
    readonly DayCounts acknowledgement = new(2);
    readonly DayCounts recognition = new(2);

    /// <summary>Adds the request in one lane of the input.</summary>
    /// <param name="alone">What became of its transmission by one officer alone, a <see cref="TransmittedAlone"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(AggregateInput input, int lane, int alone)
    {
        gross.Add(input.Gross(lane), (int)input.First(lane));
        net.Add(input.Net(lane), (int)input.First(lane));
        final.Add(input.FinalDays(lane), (int)input.Final(lane));
        acknowledgement.Add(input.AcknowledgementDays(lane), input.IsAcknowledged(lane));
        recognition.Add(input.RecognitionDays(lane), input.IsRecognised(lane));
        countByFlags[(int)input.Flags(lane)]++;
        countByAlone[alone]++;
    }

    /// <summary>Adds all requests of another group.</summary>
    public void Add(GroupAggregate other)
    {
        gross.Add(other.gross);
        net.Add(other.net);
        final.Add(other.final);
        acknowledgement.Add(other.acknowledgement);
        recognition.Add(other.recognition);
        for (var flags = 0; flags < countByFlags.Length; flags++)
            countByFlags[flags] += other.countByFlags[flags];
        for (var alone = 0; alone < countByAlone.Length; alone++)
            countByAlone[alone] += other.countByAlone[alone];
    }

    /// <summary>All figures of the group.</summary>
    /// <param name="group">Its name.</param>
    /// <param name="bloc">The bloc of a group that is a partner, on the as-of day; empty for others.</param>
    public TurnaroundRow Row(string group, string bloc) => Row(group, bloc, Count());

    TurnaroundRow Row(string group, string bloc, Counts counts) => new()
    {
        Group = group,
        Bloc = bloc,
        Counts = counts,
        Rates = new()
        {
            Response = Survival.Wilson(counts.FallenDueAnswered, counts.FallenDue),
            OnTime = Survival.Wilson(counts.FallenDueOnTime, counts.FallenDue),
            NetOnTime = Survival.Wilson(counts.FallenDueNetOnTime, counts.FallenDue),
            Fulfilment = Survival.Wilson(counts.Fulfilled, counts.FallenDue),
            Refusal = Survival.Wilson(counts.FallenDueRefused, counts.FallenDue),
            Silence = Survival.Wilson(counts.Silent, counts.FallenDue),
        },
        Gross = Survival.KaplanMeier(gross, IsAnswer),
        Net = Survival.KaplanMeier(net, IsAnswer),
        FinalAnswer = Survival.KaplanMeier(final, IsAnswer),
        Acknowledgement = Survival.KaplanMeier(acknowledgement, IsReached),
        Recognition = Survival.KaplanMeier(recognition, IsReached),
        FirstOutcomes = Survival.AalenJohansen(gross),
        FinalOutcomes = Survival.AalenJohansen(final),
        Caseflow = Flow(),
        Ages = Ages(),
    };

    static bool IsAnswer(int kind) => kind is >= (int)Outcome.Executed and <= (int)Outcome.NotExecutable;

    static bool IsReached(int kind) => kind == 1;

    // Enum.HasFlag makes objects of both until its caller has been compiled for the second time, and this is asked for each combination of
    // flags of each group.
    static bool Has(CountFlags flags, CountFlags flag) => (flags & flag) != 0;

    Counts Count()
    {
        var counts = new Counts
        {
            TransmittedAlone = countByAlone.Sum() - countByAlone[(int)TransmittedAlone.Never],
            AloneConfirmed = countByAlone[(int)TransmittedAlone.Confirmed],
            AloneLapsed = countByAlone[(int)TransmittedAlone.Lapsed],
        };
        for (var flags = 0; flags < countByFlags.Length; flags++)
            if (countByFlags[flags] > 0)
                Count(counts, (Outcome)(flags & (int)CountFlags.Outcome), (CountFlags)flags, countByFlags[flags]);
        return counts;
    }

    static void Count(Counts counts, Outcome first, CountFlags flags, int count)
    {
        var answered = IsAnswer((int)first) ? count : 0;
        counts.Requests += count;
        counts.Open += first == Outcome.Unspecified ? count : 0;
        counts.Answered += answered;
        counts.Refused += first == Outcome.Refused ? count : 0;
        counts.Withdrawn += first == Outcome.Withdrawn ? count : 0;
        counts.Returned += first == Outcome.Returned ? count : 0;
        counts.RecordedByRequestingSide += Has(flags, CountFlags.RecordedByRequestingSide) ? count : 0;
        if (!Has(flags, CountFlags.FallenDue))
            return;
        counts.FallenDue += count;
        counts.FallenDueAnswered += answered;
        counts.FallenDueOnTime += Has(flags, CountFlags.OnTime) ? count : 0;
        counts.FallenDueNetOnTime += Has(flags, CountFlags.NetOnTime) ? count : 0;
        counts.UnansweredOverdue += first == Outcome.Unspecified ? count : 0;
        counts.FallenDueEndedOtherwise += first is Outcome.Withdrawn or Outcome.Returned ? count : 0;
        counts.Fulfilled += first == Outcome.Executed ? count : 0;
        counts.Partially += first == Outcome.PartiallyExecuted ? count : 0;
        counts.FallenDueRefused += first == Outcome.Refused ? count : 0;
        counts.Silent += Has(flags, CountFlags.Silent) ? count : 0;
    }

    Caseflow Flow()
    {
        var flow = new Caseflow { PeriodFrom = period.From.ToIso(), PeriodTo = period.To.ToIso() };
        for (var flags = 0; flags < countByFlags.Length; flags++)
        {
            if (countByFlags[flags] == 0)
                continue;
            flow.Transmitted += Has((CountFlags)flags, CountFlags.Transmitted) ? countByFlags[flags] : 0;
            flow.Ended += Has((CountFlags)flags, CountFlags.Ended) ? countByFlags[flags] : 0;
            flow.Pending += Has((CountFlags)flags, CountFlags.Pending) ? countByFlags[flags] : 0;
        }
        if (flow.Transmitted > 0)
            flow.ClearanceRate = (double)flow.Ended / flow.Transmitted;
        if (flow.Ended > 0)
            flow.DispositionDays = (double)period.Days * flow.Pending / flow.Ended;
        return flow;
    }

    AgeOfPending Ages()
    {
        var bands = new int[AgeBands.Length + 1];
        var oldest = 0;
        var open = gross.Of((int)Outcome.Unspecified);
        for (var day = 0; day < open.Length; day++)
        {
            if (open[day] == 0)
                continue;
            bands[AgeBands.Count(band => band < day)] += open[day];
            oldest = day;
        }
        return new()
        {
            Days030 = bands[0],
            Days3190 = bands[1],
            Days91180 = bands[2],
            Days181365 = bands[3],
            Over365 = bands[4],
            OldestDays = oldest,
        };
    }
}

/// <summary>A period of whole days, both ends inclusive.</summary>
readonly record struct Period(DateOnly From, DateOnly To)
{
    public int Days => To.DaysSince(From) + 1;
}
