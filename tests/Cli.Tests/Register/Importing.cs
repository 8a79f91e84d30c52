using System.Text.Json;
using Exchange.Requests.V1;

namespace Exchange.Cli.Tests;

public sealed class Importing : IClassFixture<CannedServices>
{
    readonly CannedServices services;
    readonly string register;

    public Importing(CannedServices services)
    {
        this.services = services;
        services.Requests.Remarks = [];
        services.Requests.Headers.Clear();
        services.Requests.CutsToCome = 0;
        services.Requests.AsksUnsealed = 0;
        services.Tracking.AsksBehind = 0;
        register = Directory.CreateDirectory(Path.Combine(services.Folder, Guid.CreateVersion7().ToString())).FullName;
        File.WriteAllText(Path.Combine(register, "requests.csv"),
            "reference\n" + string.Concat(Enumerable.Repeat("BY-2004-000001\n", 60_000)));
        File.WriteAllText(Path.Combine(register, "subjects.csv"), "reference,name\nBY-2004-000001,Іваноў\n");
    }

    [Fact]
    public async Task Both_files_arrive_whole_in_small_pieces()
    {
        var printed = await Import();
        printed.ExitCode.ShouldBe(ExitCode.Ok, printed.Error);
        foreach (var (file, name) in new[] { (RegisterFile.Requests, "requests.csv"), (RegisterFile.Subjects, "subjects.csv") })
            services.Requests.Received[file].ToArray().ShouldBe(await File.ReadAllBytesAsync(Path.Combine(register, name)));
        services.Requests.LargestChunk.ShouldBe(256 * 1024);
        services.Requests.Headers.Single().ObservedUntil.ShouldBe("2008-12-31");
        Guid.TryParse(services.Requests.Headers.Single().CommandId, out _).ShouldBeTrue();
        printed.Out.ShouldContain("2 requests read with 5 subject rows: 2 new, 0 corrected, 0 unchanged, 0 left out");
        printed.Error.ShouldContain("2 of 2 requests dealt with");
    }

    [Fact]
    public async Task It_ends_only_when_the_figures_stand_on_all_of_it()
    {
        services.Requests.AsksUnsealed = 1;
        services.Tracking.AsksBehind = 2;

        var printed = await Import();

        printed.ExitCode.ShouldBe(ExitCode.Ok, printed.Error);
        services.Tracking.AsksBehind.ShouldBeLessThan(0);
        printed.Error.ShouldContain("taking into the figures: 10 to go");
    }

    [Fact]
    public async Task Figures_that_do_not_follow_in_time_are_a_note_and_no_failure()
    {
        services.Tracking.AsksBehind = int.MaxValue;

        var printed = await Import("--retry-for", "1s");

        printed.ExitCode.ShouldBe(ExitCode.Ok, printed.Error);
        printed.Error.ShouldContain("figures may still move");
    }

    [Fact]
    public async Task A_cut_connection_is_said_and_the_import_repeated_under_the_same_id()
    {
        services.Requests.CutsToCome = 2;
        services.Requests.Remarks = [CannedRequests.Fault(1)];
        var file = Path.Combine(register, "remarks.csv");
        var printed = await Import("--remarks", file);
        printed.ExitCode.ShouldBe(ExitCode.Partial, printed.Error);
        printed.Error.ShouldContain("The connection to Requests was cut (try 1); the import is repeated");
        printed.Error.ShouldContain("(try 2)");
        (await File.ReadAllLinesAsync(file)).Length.ShouldBe(2, "what an earlier try remarked is not there twice");
    }

    [Fact]
    public async Task A_service_that_stays_away_ends_it()
    {
        services.Requests.CutsToCome = int.MaxValue;
        var printed = await Import("--retry-for", "500ms");
        printed.ExitCode.ShouldBe(ExitCode.Unavailable);
        printed.Error.ShouldContain("Requests at https://127.0.0.1:");
        printed.Error.ShouldContain("deploy/local/up");
        printed.Out.ShouldBeEmpty();
    }

    [Fact]
    public async Task Faulty_rows_are_named_and_the_exit_code_tells()
    {
        services.Requests.Remarks = [.. Enumerable.Range(2, 60).Select(row => CannedRequests.Fault(row))];
        var file = Path.Combine(register, "remarks.csv");
        var printed = await Import("--remarks", file);
        printed.ExitCode.ShouldBe(ExitCode.Partial);
        printed.Out.ShouldContain("unknown_instrument");
        printed.Out.ShouldContain("BY-2004-000051");
        printed.Out.ShouldNotContain("BY-2004-000052");
        printed.Error.ShouldContain($"10 more, all in {file}");
        var lines = await File.ReadAllLinesAsync(file);
        lines.Length.ShouldBe(61);
        lines[1].ShouldBe("fault,requests,2,BY-2004-000002,instrument,unknown_instrument,There is no such instrument.");
    }

    [Fact]
    public async Task Warnings_alone_are_no_failure()
    {
        services.Requests.Remarks = [new() { Severity = Severity.Warning, Code = "question_before_acknowledgement", Message = "Kept." }];
        (await Import()).ExitCode.ShouldBe(ExitCode.Ok);
    }

    [Fact]
    public async Task Programs_get_every_remark()
    {
        services.Requests.Remarks = [.. Enumerable.Range(2, 60).Select(row => CannedRequests.Fault(row))];
        (await Import("--format", "csv")).Lines.Length.ShouldBe(61);
        using var json = JsonDocument.Parse((await Import("--format", "json")).Out);
        json.RootElement.GetProperty("remarks").GetArrayLength().ShouldBe(60);
        json.RootElement.GetProperty("added").GetString().ShouldBe("2");
    }

    [Fact]
    public async Task A_check_reports_likewise()
    {
        services.Requests.Remarks = [CannedRequests.Fault(7)];
        var printed = await services.Run(["register", "check", register, "--observed-until", "2008-12-31"], 120);
        printed.ExitCode.ShouldBe(ExitCode.Partial);
        printed.Out.ShouldContain("BY-2004-000007");
        services.Requests.Received[RegisterFile.Subjects].Length.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_folder_without_a_register_is_refused_before_anything_is_sent()
    {
        var printed = await services.Run(["register", "import", services.Pki, "--observed-until", "2008-12-31"]);
        printed.ExitCode.ShouldBe(ExitCode.Usage);
        printed.Error.ShouldContain("There is no requests.csv");
        services.Requests.Headers.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_register_without_subjects_is_read_without_them()
    {
        File.Delete(Path.Combine(register, "subjects.csv"));
        var printed = await Import();
        printed.ExitCode.ShouldBe(ExitCode.Ok);
        printed.Error.ShouldContain("There is no subjects.csv");
        services.Requests.Received.Keys.ShouldBe([RegisterFile.Requests]);
    }

    Task<Printed> Import(params string[] more) =>
        services.Run(["register", "import", register, "--observed-until", "2008-12-31", .. more], 120);
}
