using System.Text;
using Exchange.Testing;

namespace Exchange.System.Tests;

/// <summary>Registers as they come: what is wrong is named with row and field, what is right is kept, nothing is stored by half.</summary>
[Collection(Guarded.Name)]
public sealed class FaultyRegisters(GuardedExchange guarded)
{
    const int Failed = 1;
    const int Usage = 2;
    const int SomeRowsFaulty = 3;

    static readonly Encoding Windows1251 = CodePagesEncodingProvider.Instance.GetEncoding(1251)!;

    static readonly string SoundRequest = Written.Requests(Written.Letter("BY-2010-000199"));

    static readonly Dictionary<string, (string Code, byte[]? Requests, byte[]? Subjects)> Unusable = new()
    {
        ["UTF-16 with its mark"] = ("not_utf8", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(SoundRequest)], null),
        ["UTF-16 without"] = ("not_utf8", Encoding.Unicode.GetBytes(SoundRequest), null),
        ["UTF-16, big end first"] =
            ("not_utf8", [.. Encoding.BigEndianUnicode.GetPreamble(), .. Encoding.BigEndianUnicode.GetBytes(SoundRequest)], null),
        ["a column missing"] =
            ("missing_column", Encoding.UTF8.GetBytes(SoundRequest.Replace("instrument", "basis", StringComparison.Ordinal)), null),
        ["semicolons"] = ("wrong_separator", Encoding.UTF8.GetBytes(SoundRequest.Replace(',', ';')), null),
        ["an empty file"] = ("empty_file", [], null),
        ["a header that never closes its quote"] = ("malformed_header", Encoding.UTF8.GetBytes('"' + SoundRequest), null),
        ["subjects without their columns"] =
            ("missing_column", Encoding.UTF8.GetBytes(SoundRequest), "reference,who\nBY-2010-000199,x\n"u8.ToArray()),
        ["empty subjects"] = ("empty_file", Encoding.UTF8.GetBytes(SoundRequest), []),
    };

    public static TheoryData<string> UnusableFiles => [.. Unusable.Keys];

    [Fact]
    public async Task Every_fault_is_named_and_the_good_row_is_kept()
    {
        var before = await guarded.Stored();
        var remarks = Path.Combine(guarded.Exchange.Home, "faults.csv");

        var import = await guarded.Import(Written.Requests(
            Written.Letter("BY-2010-000101", ("requested_state", "XX"), ("instrument", "NONE-1900")),
            Written.Letter("BY-2010-000102", ("responded_on", "2010-02-01"), ("outcome", "executed"), ("acknowledged_on", "")),
            Written.Letter("BY-2010-000103", ("transmitted_on", "2031-01-01"), ("acknowledged_on", "")),
            Written.Letter("BY-2010-000104", ("transmitted_on", "2010-02-30"), ("urgency", "at once"), ("offence", "")),
            "BY-2010-000105,\"never closed,and on\n",
            "BY-2010-000106,one,two\n",
            Written.Letter("BY-2010-000107")), null, "--remarks", remarks);

        import.ExitCode.ShouldBe(SomeRowsFaulty, import.Errors);
        Csv.Read(remarks).Select(remark => (remark["severity"], remark["row"], remark["field"], remark["code"])).ShouldBe(
        [
            ("fault", "2", "requested_state", "unknown_state"), ("fault", "2", "instrument", "unknown_instrument"),
            ("fault", "3", "responded_on", "answer_before_transmission"),
            ("fault", "4", "transmitted_on", "after_observed_until"),
            ("fault", "5", "transmitted_on", "bad_date"), ("fault", "5", "urgency", "unknown_urgency"),
            ("fault", "5", "offence", "missing"),
            ("fault", "6", "", "malformed_quotes"),
            ("fault", "7", "", "wrong_field_count"),
        ], ignoreOrder: true);
        Said(import.Output).ShouldContain("7 requests read with 0 subject rows: 1 new, 0 corrected, 0 unchanged, 6 left out");
        var after = await guarded.Stored();
        (after.Requests - before.Requests, after.FactsVersions - before.FactsVersions, after.SubjectKeys - before.SubjectKeys)
            .ShouldBe((1, 1, 0));
        (await guarded.Exchange.Run("request", "show", "BY-2010-000107")).ShouldContain("BY-2010-000107");
    }

    [Fact]
    public async Task A_subject_at_fault_keeps_its_whole_request_out()
    {
        var before = await guarded.Stored();

        var import = await guarded.Import(
            Written.Requests(Written.Letter("BY-2010-000111"), Written.Letter("BY-2010-000112")),
            Written.Subjects(
                "BY-2010-000111,suspect,Hanna Sound,1980-01-01,,,,\n", "BY-2010-000111,culprit,Hanna Faulty,1980-13-01,,,,\n",
                "BY-2010-000112,victim,Ivan Sound,1980,,,,\n", "BY-2010-000119,victim,Nobody's Subject,1980,,,,\n"));

        import.ExitCode.ShouldBe(SomeRowsFaulty, import.Errors);
        var said = Said(import.Output);
        foreach (var code in new[] { "unknown_role", "bad_birth_date", "subject_at_fault", "unknown_reference" })
            said.ShouldContain(code);
        (import.Output + import.Errors).ShouldNotContain("Hanna");
        (import.Output + import.Errors).ShouldNotContain("Nobody's");
        var after = await guarded.Stored();
        (after.Requests - before.Requests, after.FactsVersions - before.FactsVersions, after.SubjectKeys - before.SubjectKeys)
            .ShouldBe((1, 1, 1));
    }

    [Fact]
    public async Task Letters_of_another_code_page_are_not_guessed_at()
    {
        var before = await guarded.Stored();

        var import = await guarded.ImportFrom(guarded.Folder(Windows1251.GetBytes(Written.Requests(
            Written.Letter("BY-2010-000121", ("requesting_authority", "Генеральная прокуратура")), Written.Letter("BY-2010-000122")))));

        import.ExitCode.ShouldBe(SomeRowsFaulty, import.Errors);
        Said(import.Output).ShouldContain("Save the file as \"CSV UTF-8\" and import it again.");
        (await guarded.Stored()).Requests.ShouldBe(before.Requests + 1);
    }

    [Theory]
    [MemberData(nameof(UnusableFiles))]
    public async Task Of_a_register_with_an_unusable_file_nothing_is_taken_in(string what)
    {
        var before = await guarded.Stored();
        var (code, requests, subjects) = Unusable[what];

        var import = await guarded.ImportFrom(guarded.Folder(requests, subjects));

        import.ExitCode.ShouldBe(Failed, import.Errors);
        Said(import.Output).ShouldContain(code);
        import.Errors.ShouldContain("Nothing was taken in: a file as a whole cannot be used.");
        (await guarded.Stored()).ShouldBe(before);
    }

    [Theory]
    [InlineData("2099-01-01", "--observed-until: must not be after today")]
    [InlineData("31.12.2012", "'31.12.2012' is not a day like 2008-12-31.")]
    [InlineData("2012-02-30", "'2012-02-30' is not a day like 2008-12-31.")]
    [InlineData("1812-06-24", "--observed-until: must be a calendar day since 1900")]
    public async Task The_last_day_of_a_register_is_a_day_that_was(string observedUntil, string sentence)
    {
        var before = await guarded.Stored();

        var import = await guarded.Import(SoundRequest, null, "--observed-until", observedUntil);

        import.ExitCode.ShouldBe(Usage);
        import.Errors.ShouldContain(sentence);
        (await guarded.Stored()).ShouldBe(before);
    }

    [Fact]
    public async Task What_is_not_a_register_is_not_sent()
    {
        var nowhere = await guarded.ImportFrom(Path.Combine(guarded.Exchange.Home, "nowhere"));
        var without = await guarded.ImportFrom(guarded.Folder(null, "reference\n"u8.ToArray()));

        nowhere.ExitCode.ShouldBe(Usage);
        nowhere.Errors.ShouldContain("There is no folder ");
        without.ExitCode.ShouldBe(Usage);
        without.Errors.ShouldContain("There is no requests.csv in ");
    }

    // A table is as narrow as a page; what it says is read across its lines.
    static string Said(string output) => string.Join(' ', output.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
}
