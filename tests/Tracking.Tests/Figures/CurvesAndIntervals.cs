using Exchange.Tracking.V1;

namespace Exchange.Tracking.Tests;

/// <summary>What must hold of the statistics whatever the counts.</summary>
public sealed class CurvesAndIntervals
{
    [Fact]
    public void Waiting_never_grows_and_lies_within_its_interval()
    {
        foreach (var counts in AnyCounts())
        {
            var points = Survival.KaplanMeier(counts, kind => kind is >= 1 and <= 4).StillWaiting;

            points.Select(p => p.Day).ShouldBe([30, 90, 180, 365]);
            points.Select(p => p.Share).ShouldBe(points.Select(p => p.Share).OrderDescending());
            points.Select(p => p.AtRisk).ShouldBe(points.Select(p => p.AtRisk).OrderDescending());
            foreach (var point in points)
            {
                point.Share.ShouldBeInRange(0, 1);
                (point.HasLow, point.HasHigh).ShouldBe((point.Share is > 0 and < 1, point.Share is > 0 and < 1));
                if (point.HasLow)
                    (point.Low < point.Share && point.Share < point.High && point.Low >= 0 && point.High <= 1).ShouldBeTrue($"{point}");
            }
        }
    }

    [Fact]
    public void Incidences_and_those_still_waiting_make_up_everything()
    {
        foreach (var counts in AnyCounts())
        {
            var waiting = Survival.KaplanMeier(counts, kind => kind != 0).StillWaiting.ToDictionary(p => p.Day, p => p.Share);
            foreach (var at in Survival.AalenJohansen(counts).At)
            {
                var ended = at.Executed + at.PartiallyExecuted + at.Refused + at.NotExecutable + at.Withdrawn + at.Returned;
                (ended + waiting[at.Day]).ShouldBe(1, 1e-9);
            }
        }
    }

    [Fact]
    public void A_share_lies_within_its_interval_and_the_interval_between_0_and_1()
    {
        for (var of = 1; of <= 60; of++)
        {
            for (var count = 0; count <= of; count++)
            {
                var share = Survival.Wilson(count, of);
                (0 <= share.Low && share.Low <= share.Value && share.Value <= share.High && share.High <= 1)
                    .ShouldBeTrue($"{count} of {of}: {share}");
                share.Low.ShouldBe(1 - Survival.Wilson(of - count, of).High, 1e-12);
            }
        }
        Survival.Wilson(0, 0).ShouldBe(new Share());
    }

    [Fact]
    public void Nothing_observed_gives_no_number()
    {
        var nothing = new DayCounts(7);

        Survival.KaplanMeier(nothing, _ => true).ShouldBe(new Duration());
        Survival.AalenJohansen(nothing).ShouldBe(new CompetingOutcomes());
    }

    [Fact]
    public void A_quantile_is_the_first_day_on_which_so_few_wait_also_when_the_product_misses_it_by_a_rounding_error()
    {
        // 1 - 1/10, then 1 - 1/9 and so on: after five of ten exactly half wait, and in binary a little more.
        var counts = new DayCounts(7);
        for (var day = 1; day <= 10; day++)
            counts.Add(day, 1);

        var waiting = Survival.KaplanMeier(counts, kind => kind == 1);

        (waiting.MedianDays, waiting.P90Days).ShouldBe((5, 9));
    }

    [Fact]
    public void A_quantile_that_is_not_reached_is_absent()
    {
        var counts = new DayCounts(7);
        counts.Add(10, 1);
        counts.Add(400, 0);
        counts.Add(400, 0);

        Survival.KaplanMeier(counts, kind => kind == 1).HasMedianDays.ShouldBeFalse();
    }

    static IEnumerable<DayCounts> AnyCounts()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var random = new RandomLetters(seed);
            var counts = new DayCounts(7);
            for (var i = random.Next(300); i >= 0; i--)
                counts.Add(random.Next(random.Chance(0.5) ? 60 : 700), random.Next(7));
            yield return counts;
        }
    }
}
