using Exchange.Requests.V1;
using Exchange.Tracking.V1;

namespace Exchange.Tracking;

/// <summary>The running sums of one group: every request is added once and forgotten.</summary>
sealed class Tally(Period period)
{
    const int Outcomes = 7;

    // Upper ends of the bands, CourTools 4; what is older falls into the last.
    static readonly int[] Bands = [30, 90, 180, 365];

    readonly Counts counts = new();
    readonly Caseflow flow = new() { PeriodFrom = period.From.Text(), PeriodTo = period.To.Text() };
    readonly DayCounts gross = new(Outcomes);
    readonly DayCounts net = new(Outcomes);
    readonly DayCounts final = new(Outcomes);
    readonly DayCounts acknowledgement = new(2);
    readonly DayCounts recognition = new(2);

    public void Add(in Clock clock)
    {
        gross.Add(clock.Gross, (int)clock.First);
        net.Add(clock.Net, (int)clock.First);
        final.Add(clock.FinalDays, (int)clock.Final);
        acknowledgement.Add(clock.Acknowledgement.Days, clock.Acknowledgement.Reached ? 1 : 0);
        recognition.Add(clock.Recognition.Days, clock.Recognition.Reached ? 1 : 0);
        Count(clock);
        Flow(clock);
    }

    public TurnaroundRow Row(string group, string bloc) => new()
    {
        Group = group,
        Bloc = bloc,
        Counts = counts,
        Rates = new()
        {
            Response = ShareOf(counts.FallenDueAnswered),
            OnTime = ShareOf(counts.FallenDueOnTime),
            NetOnTime = ShareOf(counts.FallenDueNetOnTime),
            Fulfilment = ShareOf(counts.Fulfilled),
            Refusal = ShareOf(counts.FallenDueRefused),
            Silence = ShareOf(counts.Silent),
        },
        Gross = Survival.KaplanMeier(gross, IsAnswer),
        Net = Survival.KaplanMeier(net, IsAnswer),
        FinalAnswer = Survival.KaplanMeier(final, IsAnswer),
        Acknowledgement = Survival.KaplanMeier(acknowledgement, IsReached),
        Recognition = Survival.KaplanMeier(recognition, IsReached),
        FirstOutcomes = Survival.AalenJohansen(gross),
        FinalOutcomes = Survival.AalenJohansen(final),
        Caseflow = Finished(flow),
        Ages = Ages(),
    };

    static bool IsAnswer(int kind) => kind is >= (int)Outcome.Executed and <= (int)Outcome.NotExecutable;

    static bool IsReached(int kind) => kind == 1;

    Share ShareOf(int count) => Survival.Wilson(count, counts.FallenDue);

    void Count(in Clock clock)
    {
        counts.Requests++;
        counts.Open += One(clock.IsOpen);
        counts.Answered += One(clock.IsAnswered);
        counts.Refused += One(clock.First == Outcome.Refused);
        counts.Withdrawn += One(clock.First == Outcome.Withdrawn);
        counts.Returned += One(clock.First == Outcome.Returned);
        counts.RecordedByRequestingSide += One(clock.IsAnswered && clock.RecordedBy == Side.RequestingSide);
        if (!clock.FallenDue)
            return;
        counts.FallenDue++;
        counts.FallenDueAnswered += One(clock.IsAnswered);
        counts.FallenDueOnTime += One(clock.OnTime);
        counts.FallenDueNetOnTime += One(clock.NetOnTime);
        counts.UnansweredOverdue += One(clock.Overdue);
        counts.FallenDueEndedOtherwise += One(!clock.IsOpen && !clock.IsAnswered);
        counts.Fulfilled += One(clock.First == Outcome.Executed);
        counts.Partially += One(clock.First == Outcome.PartiallyExecuted);
        counts.FallenDueRefused += One(clock.First == Outcome.Refused);
        counts.Silent += One(clock.Silent);
    }

    void Flow(in Clock clock)
    {
        flow.Transmitted += One(period.Contains(clock.TransmittedOn));
        flow.Ended += One(clock.EndedOn is { } ended && period.Contains(ended));
        flow.Pending += One(clock.TransmittedOn <= period.To && !(clock.EndedOn <= period.To));
    }

    Caseflow Finished(Caseflow flow)
    {
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
        for (var day = 0; day < gross.Length; day++)
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

    public bool Contains(DateOnly day) => From <= day && day <= To;
}
