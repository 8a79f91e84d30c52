using Exchange.Testing;
using Npgsql;

namespace Exchange.System.Tests;

/// <summary>The register of 2004 to 2008 goes in through the running services; who answers and who is silent comes out.</summary>
public sealed class TheDemonstrationRegister(WithTheDemonstrationRegister installed) : IClassFixture<WithTheDemonstrationRegister>
{
    const string ObservedUntil = WithTheDemonstrationRegister.ObservedUntil;

    readonly RunningExchange exchange = installed.Exchange;

    [Fact]
    public async Task Gives_the_figures_that_the_statisticians_computed() =>
        await exchange.ShouldShow(ObservedUntil, Expected("turnaround"), Expected("rates"), Expected("unanswered-eu"));

    [Fact]
    public async Task Says_by_bloc_who_answered_and_who_did_not()
    {
        var blocs = Tables.Parse(await exchange.Run("turnaround", "--by", "bloc", "--as-of", ObservedUntil, "--format", "csv"));

        blocs.ShouldEqual([.. Expected("turnaround").Take(4)]);
        var shown = await exchange.Run("turnaround", "--by", "bloc", "--as-of", ObservedUntil);
        shown.ShouldContain("EU partners answered 44.2 % (953 of 2,154) of what fell due by 2008-12-31; 1,177 unanswered.");
        shown.ShouldContain("CIS partners answered 100 % (1,756 of 1,756)");
    }

    [Fact]
    public async Task Changes_nothing_when_it_is_imported_again()
    {
        var before = await Count("SELECT count(*) FROM journal WHERE EXISTS (SELECT FROM requests WHERE id = aggregate_id)");

        var report = await exchange.Run(
            "register", "import", WithTheDemonstrationRegister.Folder, "--observed-until", ObservedUntil, "--format", "json");

        report.ShouldContain("\"unchanged\": \"5000\"");
        (await Count("SELECT count(*) FROM journal WHERE EXISTS (SELECT FROM requests WHERE id = aggregate_id)")).ShouldBe(before);
        await exchange.ShouldShow(ObservedUntil, Expected("turnaround"), Expected("rates"), Expected("unanswered-eu"));
    }

    [Fact]
    public async Task Finds_cases_that_name_the_same_document_phone_plate_or_vehicle()
    {
        var truth = Csv.Read(Repository.PathOf("tests/System.Tests/Expected/truth-links.csv"))
            .Select(row => (row["case_a"], row["case_b"])).ToHashSet();

        var links = Tables.Parse(await exchange.Run("link", "list", "--format", "csv")).Select(row => (row["case_a"], row["case_b"]))
            .Distinct().ToArray();

        links.ShouldNotBeEmpty();
        links.Count(truth.Contains).ShouldBeGreaterThan(links.Length / 2);
    }

    static IReadOnlyList<IReadOnlyDictionary<string, string>> Expected(string table) =>
        Csv.Read(Repository.PathOf($"tests/System.Tests/Expected/expected-{table}.csv"));

    async Task<long> Count(string sql)
    {
        await using var source = NpgsqlDataSource.Create(exchange.Databases["requests"]);
        await using var command = source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}

/// <summary>An exchange into which the register has gone.</summary>
public sealed class WithTheDemonstrationRegister : IAsyncLifetime
{
    public const string ObservedUntil = "2008-12-31";

    public static string Folder { get; } = Repository.PathOf("deploy/local/register-2004-2008");

    public RunningExchange Exchange { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Exchange = await RunningExchange.Start();
        await Exchange.Run("register", "import", Folder, "--observed-until", ObservedUntil);
        await Exchange.Settled();
    }

    public async ValueTask DisposeAsync() => await Exchange.DisposeAsync();
}
