using System.Globalization;
using Exchange.Testing;

namespace Exchange.System.Tests;

/// <summary>Nothing is made for one register: another state's, of other years and partners, damaged, against brute force.</summary>
public sealed class AnotherAuthority : IAsyncLifetime
{
    static readonly DateOnly From = new(2005, 6, 1);
    static readonly DateOnly Until = new(2021, 6, 30);

    readonly MadeUpRegister register = new(seed: 20_210_630, "UA", From, Until, count: 1_200);
    RunningExchange exchange = null!;
    (int ExitCode, string Output, string Errors) import;

    public async Task InitializeAsync()
    {
        exchange = await RunningExchange.Start("UA", ["DE"]);
        import = await exchange.Try("register", "import", register.Write(Directory.CreateDirectory(Path.Combine(exchange.Home, "register")).FullName),
            "--observed-until", Text(Until), "--remarks", RemarksFile);
        await exchange.Settled();
    }

    public async Task DisposeAsync() => await exchange.DisposeAsync();

    [Theory]
    [InlineData("2021-06-30")]
    [InlineData("2013-07-15")]
    [InlineData("2008-12-31")]
    [InlineData("2026-01-01")]
    public async Task Gets_the_figures_of_the_brute_force(string asOf)
    {
        var naive = new RegisterByBruteForce(register.SoundRows, "UA", DateOnly.Parse(asOf, CultureInfo.InvariantCulture), observedUntil: Until);

        await exchange.ShouldShow(asOf, naive.Turnaround(), naive.Rates(), naive.Unanswered());
    }

    [Fact]
    public void Hears_of_every_damaged_row_by_row_and_field()
    {
        const int SomeRowsFaulty = 3;
        import.ExitCode.ShouldBe(SomeRowsFaulty, import.Errors);
        var named = Csv.Read(RemarksFile).Where(remark => remark["severity"].Equals("fault", StringComparison.OrdinalIgnoreCase))
            .Select(remark => (int.Parse(remark["row"], CultureInfo.InvariantCulture), remark["field"])).ToHashSet();

        register.Faults.Select(fault => (fault.Row, fault.Field)).Except(named).ShouldBeEmpty();
        named.Select(fault => fault.Item1).Except(register.Faults.Select(fault => fault.Row)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Shows_a_partner_nothing_of_what_is_not_addressed_to_it()
    {
        var toGermany = register.SoundRows.First(row => row["requested_state"] == "DE")["reference"];
        var toOthers = register.SoundRows.First(row => row["requested_state"] == "US")["reference"];
        const int NotFound = 4;

        (await exchange.Try("request", "show", toGermany, "--as", "liaison-de")).ExitCode.ShouldBe(0);
        (await exchange.Try("request", "show", toOthers, "--as", "liaison-de")).ExitCode.ShouldBe(NotFound);
        (await exchange.Try("request", "show", "UA-2020-999999", "--as", "liaison-de")).ExitCode.ShouldBe(NotFound);
    }

    string RemarksFile => Path.Combine(exchange.Home, "remarks.csv");

    static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
