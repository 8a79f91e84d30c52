using System.Globalization;
using Exchange.Testing;

namespace Exchange.System.Tests;

/// <summary>Nothing is made for one register: another state's, of other years and partners, damaged, against brute force.</summary>
public sealed class AnotherAuthority(WithAnotherRegister installed) : IClassFixture<WithAnotherRegister>
{
    readonly RunningExchange exchange = installed.Exchange;
    readonly MadeUpRegister register = installed.Register;

    [Theory]
    [InlineData("2021-06-30")]
    [InlineData("2013-07-15")]
    [InlineData("2008-12-31")]
    [InlineData("2026-01-01")]
    public async Task Gets_the_figures_of_the_brute_force(string asOf)
    {
        var naive = new RegisterByBruteForce(
            register.SoundRows, "UA", DateOnly.Parse(asOf, CultureInfo.InvariantCulture), observedUntil: WithAnotherRegister.Until);

        await exchange.ShouldShow(asOf, naive.Turnaround(), naive.Rates(), naive.Unanswered());
    }

    [Fact]
    public void Hears_of_every_damaged_row_by_row_and_field()
    {
        const int SomeRowsFaulty = 3;
        installed.Import.ExitCode.ShouldBe(SomeRowsFaulty, installed.Import.Errors);
        var named = Csv.Read(installed.RemarksFile).Where(remark => remark["severity"].Equals("fault", StringComparison.OrdinalIgnoreCase))
            .Select(remark => (int.Parse(remark["row"], CultureInfo.InvariantCulture), remark["field"])).ToHashSet();

        register.Faults.Select(fault => (fault.Row, fault.Field)).Except(named).ShouldBeEmpty();
        named.Select(fault => fault.Item1).Except(register.Faults.Select(fault => fault.Row)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Shows_a_partner_nothing_of_what_it_was_not_told_on_the_exchange()
    {
        var toGermany = register.SoundRows.First(row => row["requested_state"] == "DE")["reference"];
        var toOthers = register.SoundRows.First(row => row["requested_state"] == "US")["reference"];
        const int NotFound = 4;

        (await exchange.Try("request", "show", toGermany, "--as", "liaison-de")).ExitCode.ShouldBe(NotFound);
        (await exchange.Try("request", "show", toOthers, "--as", "liaison-de")).ExitCode.ShouldBe(NotFound);
        (await exchange.Try("request", "show", "UA-2020-999999", "--as", "liaison-de")).ExitCode.ShouldBe(NotFound);
    }
}

/// <summary>An exchange of another state into which a made-up register has gone.</summary>
public sealed class WithAnotherRegister : IAsyncLifetime
{
    public static readonly DateOnly Until = new(2021, 6, 30);

    internal MadeUpRegister Register { get; } = new(seed: 20_210_630, "UA", new(2005, 6, 1), Until, count: 1_200);

    public RunningExchange Exchange { get; private set; } = null!;

    public (int ExitCode, string Output, string Errors) Import { get; private set; }

    public string RemarksFile => Path.Combine(Exchange.Home, "remarks.csv");

    public async ValueTask InitializeAsync()
    {
        Exchange = await RunningExchange.Start("UA", ["DE"]);
        var folder = Directory.CreateDirectory(Path.Combine(Exchange.Home, "register")).FullName;
        Import = await Exchange.Try("register", "import", Register.Write(folder),
            "--observed-until", Until.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), "--remarks", RemarksFile);
        await Exchange.Settled();
    }

    public async ValueTask DisposeAsync() => await Exchange.DisposeAsync();
}
