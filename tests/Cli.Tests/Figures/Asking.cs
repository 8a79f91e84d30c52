using System.Text.Json;
using Exchange.Requests.V1;
using Exchange.Tracking.V1;

namespace Exchange.Cli.Tests;

public sealed class Asking(CannedServices services) : IClassFixture<CannedServices>
{
    [Fact]
    public async Task Every_option_of_turnaround_reaches_the_service()
    {
        await services.Run(
            "turnaround --by measure --as-of 2008-12-31 --known-by 2009-01-15T12:00:00Z --direction incoming --limit requested"
            + " --partner pl,DE --bloc eu --instrument UNTOC-2000 --measure obtaining_documents --offence trafficking_in_persons"
            + " --urgency urgent"
            + " --from 2004-01-01 --to 2008-06-30 --recorded-by requested --period-from 2008-01-01 --period-to 2008-06-30");
        services.Tracking.Question.ShouldBe(new GetTurnaroundRequest
        {
            Grouping = Grouping.Measure,
            AsOf = "2008-12-31",
            KnownBy = new() { Seconds = new DateTimeOffset(2009, 1, 15, 12, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds() },
            Direction = Direction.Incoming,
            LimitKind = LimitKind.Requested,
            Filter = new()
            {
                Partners = { "PL", "DE" },
                Blocs = { "EU" },
                Instruments = { "UNTOC-2000" },
                Measures = { "obtaining_documents" },
                Offences = { "trafficking_in_persons" },
                Urgencies = { Urgency.Urgent },
                TransmittedFrom = "2004-01-01",
                TransmittedTo = "2008-06-30",
                RecordedBy = { Side.RequestedSide },
            },
            PeriodFrom = "2008-01-01",
            PeriodTo = "2008-06-30",
        });
    }

    [Fact]
    public async Task Turnaround_as_csv_is_a_header_and_the_rows_as_they_came()
    {
        var printed = await services.Run("turnaround --by bloc --as-of 2008-12-31 --format csv");
        printed.ExitCode.ShouldBe(ExitCode.Ok);
        printed.Lines.Select(line => line.Split(',')[0]).Take(5).ShouldBe(["group", "ALL", "EU", "CIS", "other"]);
        printed.Error.ShouldBeEmpty();
    }

    [Fact]
    public async Task With_rates_come_their_columns_and_their_tables()
    {
        (await services.Run("turnaround --rates --format csv")).Lines[0].ShouldStartWith("group,fallen_due,fulfilled");
        (await services.Run("turnaround --rates")).Out.ShouldContain("Caseflow from 2008-01-01 to 2008-12-31");
    }

    [Fact]
    public async Task As_json_it_is_the_answer_itself()
    {
        var printed = await services.Run("turnaround --format json --explain");
        GetTurnaroundResponse.Parser.ParseJson(printed.Out).ShouldBe(Sample.Turnaround);
    }

    [Fact]
    public async Task Definitions_are_explained_beside_the_figures_and_never_inside_a_csv()
    {
        (await services.Run("turnaround --explain")).Out.ShouldContain("response_rate: Of what has fallen due");
        var csv = await services.Run("turnaround --explain --format csv");
        csv.Out.ShouldNotContain("Of what has fallen due");
        csv.Error.ShouldContain("response_rate: Of what has fallen due");
    }

    [Fact]
    public async Task Every_page_of_the_unanswered_is_fetched()
    {
        services.Tracking.Unanswered = 2345;
        var printed = await services.Run("unanswered --bloc EU --as-of 2008-12-31 --format csv");
        printed.Lines.Length.ShouldBe(2346);
        printed.Lines[1].ShouldBe("BY-2004-000000,PT,2004-03-05,2004-06-03");
        printed.Lines[^1].ShouldStartWith("BY-2004-002344,");

        using var json = JsonDocument.Parse((await services.Run("unanswered --format json")).Out);
        json.RootElement.GetArrayLength().ShouldBe(2345);

        services.Tracking.Unanswered = 3;
        var table = await services.Run("unanswered");
        table.Out.ShouldContain("3 requests unanswered as of 2008-12-31, of which 2 in silence");
        table.Out.ShouldContain("1,672 d");
    }

    [Fact]
    public async Task A_list_of_requests_stops_on_screen_and_says_that_there_are_more()
    {
        var printed = await services.Run("request list --requested-state pl --status transmitted,executed");
        printed.Out.ShouldContain("50 requests shown.");
        printed.Error.ShouldContain("--top N");
        services.Requests.Listing!.RequestedStates.ShouldBe(["PL"]);
        services.Requests.Listing.Statuses.ShouldBe([Status.Transmitted, Status.Executed]);
        (await services.Run("request list --format csv")).Lines.Length.ShouldBe(1 + 2 * 500);
    }

    [Fact]
    public async Task Subjects_are_read_with_purpose_case_and_reason()
    {
        (await services.Run("request show BY-2006-000042")).Out.ShouldContain("Who they are is read with --subjects");
        await services.Run("request show BY-2006-000042 --subjects --purpose recognition --because competence");
        services.Requests.Reading.ShouldBe(new ReadSubjectsRequest
        {
            Names = { "requests/BY-2006-000042" }, Purpose = Purpose.Recognition, Justification = "competence",
        });
        (await services.Run("request readings BY-2006-000042 --format csv")).Out.Trim().Split('\n').Select(line => line.Trim()).ShouldBe(
        [
            "state,read_on,purpose,officer,case_number,justification",
            "PL,2026-03-04,recognition,,,",
            "BY,2026-03-05,investigation,exchange://BY/ministry-of-interior/trafficking/2001?role=investigator,BY-1,line-up",
        ]);
        var printed = await services.Run(
            ["request", "show", "BY-2006-000042", "--subjects", "--purpose", "investigation", "--case", "BY-1", "--because", "line-up"]);
        services.Requests.Reading.ShouldBe(new ReadSubjectsRequest
        {
            Names = { "requests/BY-2006-000042" }, Purpose = Purpose.Investigation, CaseNumber = "BY-1", Justification = "line-up",
        });
        printed.Out.ShouldContain("suspect, person: Ivanou Ivan, born 1970");
        printed.Error.ShouldContain("logged as reads/1");
    }

    [Fact]
    public async Task Links_name_the_cases_and_what_they_share()
    {
        (await services.Run("link list --format csv")).Lines[1].ShouldBe("BY-GPK-2004-00001,BY-MVD-2005-00002,phone,requests/a,requests/b");
        (await services.Run("link list")).Out.ShouldContain("1 link between cases");
    }

    [Fact]
    public async Task A_service_that_refuses_the_role_is_not_called_down()
    {
        services.Tracking.RefusesStatus = true;
        try
        {
            var printed = await services.Run("status", width: 120);

            printed.ExitCode.ShouldBe(ExitCode.Ok, printed.Error);
            printed.Out.ShouldContain("Not for your role.");
            printed.Out.ShouldNotContain("down");
        }
        finally
        {
            services.Tracking.RefusesStatus = false;
        }
    }

    [Fact]
    public async Task Status_says_who_answers_and_how_far_it_has_come()
    {
        var printed = await services.Run("status", width: 120);
        printed.ExitCode.ShouldBe(ExitCode.Ok);
        printed.Out.ShouldContain("exchange://service/tracking");
        printed.Out.ShouldContain("4,990 requests, sealed up to 4,990, 10 behind, 2 parked, 4,980 in memory for figures (129,480 bytes)");
        printed.Error.ShouldContain("exchange://BY/general-prosecutor/international/1001?role=prosecutor");
        (await services.Run("status --format csv")).Lines[0].ShouldStartWith("service,address,reachable");
    }

    [Fact]
    public async Task Every_command_is_a_trace_of_its_own_that_the_services_are_asked_to_record()
    {
        services.Tracking.TraceParents.Clear();
        await services.Run("turnaround");
        await services.Run("turnaround");
        services.Tracking.TraceParents.Count.ShouldBe(2);
        services.Tracking.TraceParents.ShouldAllBe(parent => parent.StartsWith("00-") && parent.EndsWith("-01"));
        services.Tracking.TraceParents.Select(parent => parent.Split('-')[1]).Distinct().Count().ShouldBe(2);
    }
}
