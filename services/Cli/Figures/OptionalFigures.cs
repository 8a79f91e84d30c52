using Exchange.Tracking.V1;

namespace Exchange.Cli;

/// <summary>Reads figures that may be absent.</summary>
static class OptionalFigures
{
    extension(Share? share)
    {
        public double? Rate => share is { HasValue: true } ? share.Value : null;
    }

    extension(Duration? duration)
    {
        public int? Median => duration is { HasMedianDays: true } ? duration.MedianDays : null;

        public StillWaiting? Waiting(int day) => duration?.StillWaiting.FirstOrDefault(waiting => waiting.Day == day);
    }

    public static CumulativeIncidence? OutcomesBy(this TurnaroundRow row, int day) =>
        row.FirstOutcomes?.At.FirstOrDefault(outcomes => outcomes.Day == day);
}
