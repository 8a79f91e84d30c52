using System.Text;
using Grpc.Core;
using Npgsql;

namespace Exchange.System.Tests;

/// <summary>
/// Names and numbers that stand nowhere else are planted in a register. After everything that is done with it they must
/// be found in the one answer that is for them, and in no table, log, message or journal.
/// </summary>
[Collection(Guarded.Name)]
public sealed class Canaries(GuardedExchange guarded) : IAsyncLifetime
{
    const string Case = "BY-Zeisig-2010-00702";
    const string OtherCase = "BY-Zeisig-2010-00701";

    /// <summary>What officers may well see in lists, and what lies nowhere in plain all the same.</summary>
    static readonly string[] Particulars = ["Zeisig-2010", "Kanzlei Sperlingsgrund", "line-up of sparrows"];

    static readonly string[] Words =
    [
        "Канарэйкава", "Жаўтапёрая", "Kanareikava", "Żółtopióra", "KNR7091234", "АВ7700991", "+375447700991", "447700991",
        "7709 КН-7", "KN 77Ł09", "WKANARY7709100991",
    ];

    public async ValueTask InitializeAsync()
    {
        (await guarded.Import(
            Written.Requests(
                Written.Letter("BY-2010-000701", ("case_number", OtherCase), ("requesting_authority", "Kanzlei Sperlingsgrund")),
                Written.Letter("BY-2010-000702", ("case_number", Case))),
            Written.Subjects(
                "BY-2010-000701,victim,Канарэйкава Жаўтапёрая,1987-09-17,АВ7700991,+375447700991,7709 КН-7,\n",
                "BY-2010-000702,suspect,Kanareikava Żółtopióra,1987,KNR7091234,+375447700991,KN 77Ł09,WKANARY7709100991\n",
                // A faulty row and one of no request are named too, and must not be quoted.
                "BY-2010-000709,Канарэйкава,KNR7091234,1987-99-99,\"Żółtopióra,,,\n"))).ExitCode.ShouldBe(3);
        await guarded.Stored();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Are_found_in_the_one_answer_and_nowhere_else()
    {
        var exchange = guarded.Exchange;
        var answer =
            await exchange.Run(
                "request", "show", "BY-2010-000702", "--subjects", "--purpose", "investigation", "--case", Case, "--because",
                "line-up of sparrows", "--as", "investigator");
        var elsewhere = new StringBuilder();
        foreach (string[] command in (string[][])[
            ["turnaround", "--by", "partner", "--as-of", "2012-12-31"], ["unanswered", "--as-of", "2012-12-31", "--format", "csv"],
            ["link", "list", "--format", "json"], ["request", "list", "--format", "json"], ["request", "show", "BY-2010-000701"],
            ["status", "--as", "operator"]])
        {
            elsewhere.AppendLine(await exchange.Run(command));
        }
        // Whoever looks for a name finds it neither nor writes it down.
        await exchange.Try("request", "show", "Канарэйкава");
        await exchange.Try("request", "show", "KNR7091234");
        await exchange.Try(
            "request", "show", "BY-2010-000702", "--subjects", "--purpose", "investigation", "--case", "Канарэйкава", "--because",
            "line-up", "--as", "investigator");
        await exchange.Try("turnaround", "--partner", "Канарэйкава", "--instrument", "KNR7091234", "--offence", "WKANARY7709100991");
        await exchange.Try("link", "list", "--case", "KNR7091234");
        await guarded.Stored();
        var search = new PlaintextSearch(Words);

        search.In("answer", answer).Count().ShouldBeGreaterThanOrEqualTo(5);
        (await exchange.Run("link", "list", "--case", Case, "--format", "csv")).ShouldContain(OtherCase.ToUpperInvariant());
        elsewhere.ToString().ShouldContain(Case);
        var everywhere = new PlaintextSearch([.. Words, .. Particulars]);
        List<string> found =
        [
            .. search.In("command line", elsewhere.ToString()),
            .. everywhere.In("log of requests", exchange.Requests.Output), .. everywhere.In("log of tracking", exchange.Tracking.Output),
            .. everywhere.In("log of correlation", exchange.Correlation.Output),
            .. guarded.Eavesdropper.Heard.SelectMany(message => everywhere.In("message", message)),
            .. await InTheJournal(everywhere),
        ];
        foreach (var (name, database) in exchange.Databases)
            found.AddRange(await everywhere.InDatabase(name, database));
        found.ShouldBeEmpty();
        guarded.Eavesdropper.Heard.ShouldContain(message => message.Contains("BY-2010-000702", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Would_be_found_if_one_lay_in_the_open()
    {
        var search = new PlaintextSearch(Words);
        await using var source = NpgsqlDataSource.Create(guarded.Exchange.Databases["correlation"]);
        await using (var plant = source.CreateCommand("CREATE TABLE planted (word text, bytes bytea, wide bytea, json jsonb)"))
            await plant.ExecuteNonQueryAsync();
        try
        {
            (string Sql, byte[]? Value)[] plants =
            [
                ("INSERT INTO planted (word) VALUES ('gefunden: kanareikava')", null),
                ("INSERT INTO planted (bytes) VALUES ($1)", [7, .. Encoding.UTF8.GetBytes("Канарэйкава"), 9]),
                ("INSERT INTO planted (wide) VALUES ($1)", [7, .. Encoding.Unicode.GetBytes("7709 КН-7"), 9]),
                ("""INSERT INTO planted (json) VALUES ('{"phone": "+375447700991"}')""", null),
            ];
            foreach (var (sql, value) in plants)
            {
                await using var insert = source.CreateCommand(sql);
                if (value is not null)
                    insert.Parameters.Add(new() { Value = value });
                await insert.ExecuteNonQueryAsync();
            }

            (await search.InDatabase("correlation", guarded.Exchange.Databases["correlation"])).ShouldBe(
            [
                "correlation public.planted: Kanareikava", "correlation public.planted: Канарэйкава",
                "correlation public.planted: 7709 КН-7",
                "correlation public.planted: +375447700991", "correlation public.planted: 447700991",
            ]);
        }
        finally
        {
            await using var gone = source.CreateCommand("DROP TABLE planted");
            await gone.ExecuteNonQueryAsync();
        }
        search.In("log", @"{""name"":""\u041a\u0430\u043d\u0430\u0440\u044d\u0439\u043a\u0430\u0432\u0430""}").ShouldHaveSingleItem();
        search.In("header", "xx" + Convert.ToBase64String(Encoding.UTF8.GetBytes("name=WKANARY7709100991;"))).ShouldHaveSingleItem();
    }

    async Task<List<string>> InTheJournal(PlaintextSearch search)
    {
        using var call = guarded.As("operator").ReadJournal(new());
        List<string> found = [];
        await foreach (var entry in call.ResponseStream.ReadAllAsync())
            found.AddRange(
                search.In($"journal {entry.Aggregate}",
                Encoding.UTF8.GetString(entry.Canonical.Span) + Convert.ToHexString(entry.Canonical.Span)));
        return found;
    }
}
