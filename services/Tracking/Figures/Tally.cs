using System.Runtime.CompilerServices;
using Exchange.Requests.V1;
using Exchange.Tracking.V1;

namespace Exchange.Tracking;

/// <summary>The running sums of one group: every request is added once and forgotten. Groups that share no request add up.</summary>
sealed class Tally(Period period)
{
    const int Outcomes = 7;

    // Upper ends of the bands, CourTools 4; what is older falls into the last.
    static readonly int[] Bands = [30, 90, 180, 365];

    readonly int[] ways = new int[(int)Way.All + 1];
    readonly DayCounts gross = new(Outcomes);
    readonly DayCounts net = new(Outcomes);
    readonly DayCounts final = new(Outcomes);
    readonly DayCounts acknowledgement = new(2);
    readonly DayCounts recognition = new(2);

    /// <summary>Adds one of those that were counted out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(Counted counted, int lane)
    {
        gross.Add(counted.Gross(lane), (int)counted.First(lane));
        net.Add(counted.Net(lane), (int)counted.First(lane));
        final.Add(counted.FinalDays(lane), (int)counted.Final(lane));
        acknowledgement.Add(counted.AcknowledgementDays(lane), counted.IsAcknowledged(lane));
        recognition.Add(counted.RecognitionDays(lane), counted.IsRecognised(lane));
        ways[(int)counted.Way(lane)]++;
    }

    /// <summary>Adds all that another group holds.</summary>
    public void Add(Tally other)
    {
        gross.Add(other.gross);
        net.Add(other.net);
        final.Add(other.final);
        acknowledgement.Add(other.acknowledgement);
        recognition.Add(other.recognition);
        for (var way = 0; way < ways.Length; way++)
            ways[way] += other.ways[way];
    }

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

    Counts Count()
    {
        var counts = new Counts();
        for (var way = 0; way < ways.Length; way++)
            if (ways[way] > 0)
                Count(counts, (Outcome)(way & (int)Way.Outcome), (Way)way, ways[way]);
        return counts;
    }

    static void Count(Counts counts, Outcome first, Way way, int count)
    {
        var answered = IsAnswer((int)first) ? count : 0;
        counts.Requests += count;
        counts.Open += first == Outcome.Unspecified ? count : 0;
        counts.Answered += answered;
        counts.Refused += first == Outcome.Refused ? count : 0;
        counts.Withdrawn += first == Outcome.Withdrawn ? count : 0;
        counts.Returned += first == Outcome.Returned ? count : 0;
        counts.RecordedByRequestingSide += way.HasFlag(Way.RecordedByRequestingSide) ? count : 0;
        if (!way.HasFlag(Way.FallenDue))
            return;
        counts.FallenDue += count;
        counts.FallenDueAnswered += answered;
        counts.FallenDueOnTime += way.HasFlag(Way.OnTime) ? count : 0;
        counts.FallenDueNetOnTime += way.HasFlag(Way.NetOnTime) ? count : 0;
        counts.UnansweredOverdue += first == Outcome.Unspecified ? count : 0;
        counts.FallenDueEndedOtherwise += first is Outcome.Withdrawn or Outcome.Returned ? count : 0;
        counts.Fulfilled += first == Outcome.Executed ? count : 0;
        counts.Partially += first == Outcome.PartiallyExecuted ? count : 0;
        counts.FallenDueRefused += first == Outcome.Refused ? count : 0;
        counts.Silent += way.HasFlag(Way.Silent) ? count : 0;
    }

    Caseflow Flow()
    {
        var flow = new Caseflow { PeriodFrom = period.From.Text(), PeriodTo = period.To.Text() };
        for (var way = 0; way < ways.Length; way++)
        {
            flow.Transmitted += ((Way)way).HasFlag(Way.Transmitted) ? ways[way] : 0;
            flow.Ended += ((Way)way).HasFlag(Way.Ended) ? ways[way] : 0;
            flow.Pending += ((Way)way).HasFlag(Way.Pending) ? ways[way] : 0;
        }
        if (flow.Transmitted > 0)
            flow.ClearanceRate = (double)flow.Ended / flow.Transmitted;
        if (flow.Ended > 0)
            flow.DispositionDays = (double)period.Days * flow.Pending / flow.Ended;
        return flow;
    }

    AgeOfPending Ages()
    {
        var bands = new int[Bands.Length + 1];
        var oldest = 0;
        var open = gross.Of((int)Outcome.Unspecified);
        for (var day = 0; day < open.Length; day++)
        {
            if (open[day] == 0)
                continue;
            bands[Bands.Count(band => band < day)] += open[day];
            oldest = day;
        }
        return new()
        {
            Days030 = bands[0], Days3190 = bands[1], Days91180 = bands[2], Days181365 = bands[3], Over365 = bands[4],
            OldestDays = oldest,
        };
    }
}

/// <summary>Whole days, both ends inclusive.</summary>
readonly record struct Period(DateOnly From, DateOnly To)
{
    public int Days => To.DaysSince(From) + 1;
}
