using System.Runtime.CompilerServices;
using Exchange.Requests.V1;
using Exchange.Tracking.V1;

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
        var way = (Way)clock.First
            | If(clock.IsAnswered && clock.RecordedBy == Side.RequestingSide, Way.RecordedByRequestingSide)
            | If(from <= clock.Transmitted && clock.Transmitted <= to, Way.Transmitted)
            | If(from <= clock.Ended && clock.Ended <= to, Way.Ended)
            | If(clock.Transmitted <= to && clock.Ended > to, Way.Pending);
        return !clock.FallenDue ? way
            : way | Way.FallenDue | If(clock.OnTime, Way.OnTime) | If(clock.NetOnTime, Way.NetOnTime) | If(clock.Silent, Way.Silent);
    }

    static Way If(bool holds, Way way) => holds ? way : 0;

    int Sum(Way bits, params ReadOnlySpan<Outcome> outcomes)
    {
        var sum = 0;
        for (var way = 0; way < ways.Length; way++)
            if (ways[way] > 0 && ((Way)way & bits) == bits && outcomes.Contains((Outcome)(way & (int)Way.Outcome)))
                sum += ways[way];
        return sum;
    }

    Counts Count()
    {
        ReadOnlySpan<Outcome> answered = [Outcome.Executed, Outcome.PartiallyExecuted, Outcome.Refused, Outcome.NotExecutable];
        ReadOnlySpan<Outcome> otherwise = [Outcome.Withdrawn, Outcome.Returned];
        ReadOnlySpan<Outcome> all = [Outcome.Unspecified, .. answered, .. otherwise];
        return new()
        {
            Requests = Sum(0, all),
            Open = Sum(0, Outcome.Unspecified),
            Answered = Sum(0, answered),
            Refused = Sum(0, Outcome.Refused),
            Withdrawn = Sum(0, Outcome.Withdrawn),
            Returned = Sum(0, Outcome.Returned),
            RecordedByRequestingSide = Sum(Way.RecordedByRequestingSide, all),
            FallenDue = Sum(Way.FallenDue, all),
            FallenDueAnswered = Sum(Way.FallenDue, answered),
            FallenDueOnTime = Sum(Way.OnTime, all),
            FallenDueNetOnTime = Sum(Way.NetOnTime, all),
            UnansweredOverdue = Sum(Way.FallenDue, Outcome.Unspecified),
            FallenDueEndedOtherwise = Sum(Way.FallenDue, otherwise),
            Fulfilled = Sum(Way.FallenDue, Outcome.Executed),
            Partially = Sum(Way.FallenDue, Outcome.PartiallyExecuted),
            FallenDueRefused = Sum(Way.FallenDue, Outcome.Refused),
            Silent = Sum(Way.Silent, all),
        };
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
        var days = gross.Length();
        for (var day = 0; day < days; day++)
        {
            if (gross.On(day) is not [> 0 and var open, ..])
                continue;
            bands[Bands.Count(band => band < day)] += open;
            oldest = day;
        }
        return new()
        {
            Days030 = bands[0], Days3190 = bands[1], Days91180 = bands[2], Days181365 = bands[3], Over365 = bands[4],
            OldestDays = oldest,
        };
    }

    static int One(bool counts) => counts ? 1 : 0;
}

/// <summary>Whole days, both ends inclusive.</summary>
readonly record struct Period(DateOnly From, DateOnly To)
{
    public int Days => To.DaysSince(From) + 1;
}
