using System.Buffers;
using Exchange.Tracking.V1;

namespace Exchange.Tracking;

/// <summary>
/// Statistics of durations of which some have not ended yet (right-censored). Those count for as long as they were observed: to leave
/// them out would flatter a partner who does not answer at all.
/// </summary>
static class Survival
{
    /// <summary>The quantile of the normal distribution for two-sided intervals of 95 %.</summary>
    public const double Z = 1.959963984540054;

    /// <summary>The days after transmission for which shares and incidences are given.</summary>
    static readonly int[] Horizons = [30, 90, 180, 365];

    // A product of fractions can miss 0.5 by a rounding error and the median would slip to the next step.
    const double Tolerance = 1e-9;

    /// <summary>
    /// The Kaplan-Meier estimate of the share still waiting, with median and 90th percentile. Variance after Greenwood; the 95 % interval
    /// on the log-log scale, absent where the share is 0 or 1. A quantile that is not reached is absent; nothing observed gives an
    /// empty message.
    /// </summary>
    /// <param name="counts">Days by kind.</param>
    /// <param name="isEvent">Whether a kind is the event waited for; every other kind is censored on its day.</param>
    public static Duration KaplanMeier(DayCounts counts, Func<int, bool> isEvent)
    {
        var atRisk = counts.Total();
        var result = new Duration { Observed = atRisk };
        if (atRisk == 0)
            return result;

        double share = 1, greenwood = 0;
        using var byDay = new ByDay(counts, isEvent);
        var (events, gone) = (byDay.Events, byDay.Gone);
        for (var day = 0; day < byDay.Days; day++)
        {
            if (events[day] > 0)
            {
                share *= 1 - ((double)events[day] / atRisk);
                greenwood += (double)events[day] / ((double)atRisk * (atRisk - events[day]));
                result.Events += events[day];
                if (!result.HasMedianDays && share <= 0.5 + Tolerance)
                    result.MedianDays = day;
                if (!result.HasP90Days && share <= 0.1 + Tolerance)
                    result.P90Days = day;
            }
            if (day == Horizons[result.StillWaiting.Count % Horizons.Length])
                result.StillWaiting.Add(Point(day, share, greenwood, atRisk));
            atRisk -= gone[day];
        }
        return result;
    }

    /// <summary>
    /// The Aalen-Johansen estimate of the share that ended in each way by a day. Kinds 1 to 6, numbered as outcomes are, compete with each
    /// other; kind 0 is still open, hence censored. Nothing observed gives an empty message.
    /// </summary>
    public static CompetingOutcomes AalenJohansen(DayCounts counts)
    {
        var result = new CompetingOutcomes();
        var atRisk = counts.Total();
        if (atRisk == 0)
            return result;

        var share = 1.0;
        var incidence = new double[7];
        using var byDay = new ByDay(counts, kind => kind != 0);
        var (events, gone) = (byDay.Events, byDay.Gone);
        for (var day = 0; day <= Horizons[^1]; day++)
        {
            for (var kind = 1; events[day] > 0 && kind < counts.Kinds; kind++)
                if (day < counts.Of(kind).Length)
                    incidence[kind] += share * counts.Of(kind)[day] / atRisk;
            if (events[day] > 0)
                share *= 1 - ((double)events[day] / atRisk);
            if (day == Horizons[result.At.Count])
                result.At.Add(ToProto(day, incidence));
            atRisk -= gone[day];
        }
        return result;
    }

    /// <summary>
    /// The share <paramref name="count"/> of <paramref name="of"/> with its Wilson interval of 95 %; an empty message where <paramref
    /// name="of"/> is 0.
    /// </summary>
    public static Share Wilson(int count, int of)
    {
        if (of == 0)
            return new();
        var share = (double)count / of;
        var scale = 1 + (Z * Z / of);
        var centre = (share + (Z * Z / (2.0 * of))) / scale;
        var half = Z * Math.Sqrt((share * (1 - share) / of) + (Z * Z / (4.0 * of * of))) / scale;

        // Where none or all count the share is an end of its interval, and rounding must not leave it outside.
        return new() { Value = share, Low = count == 0 ? 0 : centre - half, High = count == of ? 1 : centre + half };
    }

    static StillWaiting Point(int day, double share, double greenwood, int atRisk)
    {
        var point = new StillWaiting { Day = day, Share = share, AtRisk = atRisk };
        if (share is > 0 and < 1)
        {
            var error = Math.Sqrt(greenwood) / Math.Abs(Math.Log(share));
            point.Low = Math.Pow(share, Math.Exp(Z * error));
            point.High = Math.Pow(share, Math.Exp(-Z * error));
        }
        return point;
    }

    static CumulativeIncidence ToProto(int day, double[] incidence) => new()
    {
        Day = day,
        Executed = incidence[1],
        PartiallyExecuted = incidence[2],
        Refused = incidence[3],
        NotExecutable = incidence[4],
        Returned = incidence[5],
        Withdrawn = incidence[6],
    };

    /// <summary>
    /// By day: how many events there were, and how many requests left the observed ones on that day, by an event or censored. Reaches
    /// to the last event, after which the estimate does not change, and at least to the last horizon.
    /// </summary>
    readonly struct ByDay : IDisposable
    {
        public ByDay(DayCounts counts, Func<int, bool> isEvent)
        {
            var areEvents = Enumerable.Range(0, counts.Kinds).Where(isEvent).ToList();
            Days = Math.Max(Horizons[^1] + 1, areEvents.Max(kind => counts.Of(kind).Length));
            // A table needs some hundred of these arrays: rented, because allocating each anew would keep the garbage collector busy.
            (Events, Gone) = (ArrayPool<int>.Shared.Rent(Days), ArrayPool<int>.Shared.Rent(Days));
            Events.AsSpan(0, Days).Clear();
            Gone.AsSpan(0, Days).Clear();
            foreach (var kind in areEvents)
                counts.AddTo(Events.AsSpan(0, Days), kind);
            for (var kind = 0; kind < counts.Kinds; kind++)
                counts.AddTo(Gone.AsSpan(0, Days), kind);
        }

        public int Days { get; }

        public int[] Events { get; }

        public int[] Gone { get; }

        public void Dispose()
        {
            ArrayPool<int>.Shared.Return(Events);
            ArrayPool<int>.Shared.Return(Gone);
        }
    }
}
