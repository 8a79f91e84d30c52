using System.Runtime.CompilerServices;
using Exchange.Requests.V1;
using Exchange.Tracking.V1;
using static Exchange.Tracking.Unbranched;

namespace Exchange.Tracking;

/// <summary>The running sums of one group: every request is added once and forgotten. Groups that share no request add up.</summary>
sealed class Tally(Period period)
{
    const int Outcomes = 7;

    readonly int from = period.From.DayNumber;
    readonly int to = period.To.DayNumber;

    // Upper ends of the bands, CourTools 4; what is older falls into the last.
    static readonly int[] Bands = [30, 90, 180, 365];

    readonly int[] ways = new int[(int)Way.All + 1];
    readonly DayCounts gross = new(Outcomes);
    readonly DayCounts net = new(Outcomes);
    readonly DayCounts final = new(Outcomes);
    readonly DayCounts acknowledgement = new(2);
    readonly DayCounts recognition = new(2);

    /// <summary>All that is counted of a request beside its days, in one number, so that it is one addition. The outcome is in the lowest bits.</summary>
    [Flags]
    enum Way
    {
        Outcome = 7,
        FallenDue = 1 << 3,
        OnTime = 1 << 4,
        NetOnTime = 1 << 5,
        Silent = 1 << 6,
        RecordedByRequestingSide = 1 << 7,
        Transmitted = 1 << 8,
        Ended = 1 << 9,
        Pending = 1 << 10,
        All = (1 << 11) - 1,
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(in Clock clock)
    {
        gross.Add(clock.Gross, (int)clock.First);
        net.Add(clock.Net, (int)clock.First);
        final.Add(clock.FinalDays, (int)clock.Final);
        acknowledgement.Add(clock.Acknowledgement.Days, One(clock.Acknowledgement.Reached));
        recognition.Add(clock.Recognition.Days, One(clock.Recognition.Reached));
        ways[(int)WayOf(clock)]++;
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    Way WayOf(in Clock clock)
    {
        var fallenDue = clock.FallenDue;
        return (Way)((int)clock.First
            | If(clock.IsAnswered & clock.RecordedBy == Side.RequestingSide, (int)Way.RecordedByRequestingSide)
            | If(from <= clock.Transmitted & clock.Transmitted <= to, (int)Way.Transmitted)
            | If(from <= clock.Ended & clock.Ended <= to, (int)Way.Ended)
            | If(clock.Transmitted <= to & clock.Ended > to, (int)Way.Pending)
            | If(fallenDue, (int)Way.FallenDue)
            | If(fallenDue & clock.OnTime, (int)Way.OnTime)
            | If(fallenDue & clock.NetOnTime, (int)Way.NetOnTime)
            | If(clock.Silent, (int)Way.Silent));
    }

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
        var answered = If(IsAnswer((int)first), count);
        counts.Requests += count;
        counts.Open += If(first == Outcome.Unspecified, count);
        counts.Answered += answered;
        counts.Refused += If(first == Outcome.Refused, count);
        counts.Withdrawn += If(first == Outcome.Withdrawn, count);
        counts.Returned += If(first == Outcome.Returned, count);
        counts.RecordedByRequestingSide += If(way.HasFlag(Way.RecordedByRequestingSide), count);
        if (!way.HasFlag(Way.FallenDue))
            return;
        counts.FallenDue += count;
        counts.FallenDueAnswered += answered;
        counts.FallenDueOnTime += If(way.HasFlag(Way.OnTime), count);
        counts.FallenDueNetOnTime += If(way.HasFlag(Way.NetOnTime), count);
        counts.UnansweredOverdue += If(first == Outcome.Unspecified, count);
        counts.FallenDueEndedOtherwise += If(first is Outcome.Withdrawn or Outcome.Returned, count);
        counts.Fulfilled += If(first == Outcome.Executed, count);
        counts.Partially += If(first == Outcome.PartiallyExecuted, count);
        counts.FallenDueRefused += If(first == Outcome.Refused, count);
        counts.Silent += If(way.HasFlag(Way.Silent), count);
    }

    Caseflow Flow()
    {
        var flow = new Caseflow { PeriodFrom = period.From.Text(), PeriodTo = period.To.Text() };
        for (var way = 0; way < ways.Length; way++)
        {
            flow.Transmitted += If(((Way)way).HasFlag(Way.Transmitted), ways[way]);
            flow.Ended += If(((Way)way).HasFlag(Way.Ended), ways[way]);
            flow.Pending += If(((Way)way).HasFlag(Way.Pending), ways[way]);
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
