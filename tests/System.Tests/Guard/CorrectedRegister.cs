using System.Globalization;
using Exchange.Requests.V1;

namespace Exchange.System.Tests;

/// <summary>
/// A register that was mended goes in again: a new version, figures restated for every day, and what was known before stays known.
/// </summary>
[Collection(Guarded.Name)]
public sealed class CorrectedRegister(GuardedExchange guarded)
{
    // Only this class writes to Switzerland, so that the figures are those of its letters alone.
    const string Partner = "CH";

    static readonly string[] Days = ["2010-07-01", "2010-12-31", "2012-12-31"];

    [Fact]
    public async Task Restates_the_figures_and_keeps_what_was_known()
    {
        (await Import("2010-05-01", "executed")).ShouldContain("2 new, 0 corrected, 0 unchanged");
        await guarded.Stored();
        var before = await Task.WhenAll(Days.Select(day => Figures(day)));
        var instant = TimeProvider.System.GetUtcNow().ToString("O", CultureInfo.InvariantCulture);

        (await Import("2010-11-01", "refused")).ShouldContain("0 new, 1 corrected, 1 unchanged");
        await guarded.Stored();
        var after = await Task.WhenAll(Days.Select(day => Figures(day)));
        var known = await Task.WhenAll(Days.Select(day => Figures(day, "--known-by", instant)));

        before.Select(row => (row["answered"], row["refused"], row["fallen_due_answered"], row["median_days"]))
            .ShouldBe([("1", "0", "0", "61"), ("1", "0", "1", "61"), ("1", "0", "1", "61")]);
        after.Select(row => (row["answered"], row["refused"], row["fallen_due_answered"], row["median_days"]))
            .ShouldBe([("0", "0", "0", ""), ("1", "1", "1", "245"), ("1", "1", "1", "245")]);
        known.ShouldBe(before);
        var request = await guarded.As("prosecutor").GetRequestAsync(new() { Name = "requests/BY-2010-000601" });
        (request.Facts.Version, request.Etag).ShouldBe((2, "\"2\""));
        request.Facts.Answers.ShouldHaveSingleItem().Outcome.ShouldBe(Outcome.Refused);
    }

    async Task<string> Import(string answered, string outcome)
    {
        var import = await guarded.Import(Written.Requests(
            Written.Letter("BY-2010-000601", ("requested_state", Partner), ("responded_on", answered), ("outcome", outcome),
                ("refusal_ground", outcome == "refused" ? "dual_criminality_absent" : "")),
            Written.Letter("BY-2010-000602", ("requested_state", Partner))));
        import.ExitCode.ShouldBe(0, import.Errors);
        return import.Output;
    }

    async Task<IReadOnlyDictionary<string, string>> Figures(string asOf, params string[] more) =>
        Tables.Parse(await guarded.Exchange.Run(["turnaround", "--partner", Partner, "--as-of", asOf, "--format", "csv", .. more]))
            .Single(row => row["group"] == Partner);
}
