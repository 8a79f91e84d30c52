using System.Text.Json;
using Exchange.Requests.V1;
using Exchange.Testing;
using Letter = Exchange.Requests.V1.Letter;

namespace Exchange.Cli.Tests;

public sealed class WritingLetters(CannedServices services) : IClassFixture<CannedServices>
{
    const string Reference = "BY-2006-000042";

    [Fact]
    public async Task A_template_holds_every_field_by_the_names_of_the_contract()
    {
        var printed = await services.Run("request template --instrument UNTOC-2000");
        using var json = JsonDocument.Parse(printed.Out);
        json.RootElement.EnumerateObject().Select(field => field.Name)
            .ShouldBe(Letter.Descriptor.Fields.InDeclarationOrder().Select(field => field.Name));
        json.RootElement.GetProperty("instrument").GetString().ShouldBe("UNTOC-2000");
        json.RootElement.GetProperty("measures")[0].TryGetProperty("details", out _).ShouldBeTrue();
    }

    [Fact]
    public void Every_field_is_explained_in_the_words_of_the_contract()
    {
        var fields = LetterContract.Fields().ToList();
        fields.Count.ShouldBe(Letter.Descriptor.Fields.InDeclarationOrder().Count
            + MeasureRequested.Descriptor.Fields.InDeclarationOrder().Count);
        fields.ShouldAllBe(field => field.Meaning.Length > 0);
        fields.ShouldContain(field =>
            field.Field == "urgency" && field.Words == "ROUTINE, URGENT" && field.Meaning == "How pressing it is.");
        fields.ShouldContain(field => field.Field == "measures[].details" && field.Meaning.StartsWith("What exactly:"));
    }

    [Fact]
    public async Task What_an_instrument_asks_for_is_said_beside_the_field()
    {
        var explained = (await services.Run("request template --explain --instrument UNTOC-2000", width: 120)).Out;
        explained.ShouldContain("facts_summary\n    Summary of the relevant facts,");
        explained.ShouldContain("    Asked for, unless only service_of_documents is requested: UNTOC 18(15)(c).\noffence\n");
        (await services.Run("request template --explain")).Out.ShouldNotContain("Asked for", Case.Sensitive);
        var unknown = await services.Run("request template --instrument UNTOC");
        unknown.ExitCode.ShouldBe(ExitCode.Usage);
        unknown.Error.ShouldContain("There are: BILATERAL, CETS197-2005,");
    }

    [Fact]
    public async Task A_draft_gets_its_reference_and_says_what_is_missing()
    {
        var file = Write("draft.json", """{"case_number": "BY-1", "requestedState": "PL"}""");
        var printed = await services.Run($"request draft {file} --supersedes BY-2006-000001");
        printed.ExitCode.ShouldBe(ExitCode.Ok, printed.Error);
        printed.Out.ShouldStartWith("BY-2006-000042 is ");
        printed.Error.ShouldContain("1 thing is to be mended:\n  - facts_summary: must say what happened. (UNTOC 18(15)(c))");
        var draft = services.Requests.Drafts[^1];
        (draft.Letter, draft.Supersedes).ShouldBe((new Letter { CaseNumber = "BY-1", RequestedState = "PL" }, "requests/BY-2006-000001"));
        Guid.Parse(draft.CommandId).Version.ShouldBe(7);
    }

    [Theory]
    [InlineData("""{"case_number": """)]
    [InlineData("""{"case_no": "BY-1"}""")]
    [InlineData("""{"urgency": "SOON"}""")]
    [InlineData("""["BY-1"]""")]
    public async Task What_is_no_letter_is_refused_with_the_way_to_one(string json)
    {
        var printed = await services.Run($"request draft {Write("faulty.json", json)}");
        printed.ExitCode.ShouldBe(ExitCode.Usage);
        printed.Error.ShouldContain("faulty.json is not a letter:");
        printed.Error.ShouldContain("request template --explain");
    }

    [Fact]
    public async Task A_letter_is_read_as_a_page_or_written_as_a_file_to_edit()
    {
        Approved.Matches("letter-80", (await services.Run($"request letter {Reference}")).Out);
        Letter.Parser.ParseJson((await services.Run($"request letter {Reference} --format json")).Out).ShouldBe(services.Requests.Letter);
        (await services.Run($"request letter {Reference} --format csv")).Lines[1].ShouldBe(
            "facts_summary,must say what happened.,UNTOC 18(15)(c)");
    }

    [Fact]
    public async Task Whoever_approves_sees_in_short_what_he_says_yes_to()
    {
        var printed = await services.Run($"request approve {Reference}");
        printed.Error.ShouldContain("asks for obtaining_documents; names 1 subject; letter ab07070707070707");
    }

    [Fact]
    public async Task A_watched_draft_is_saved_whenever_the_file_changes()
    {
        var file = Write("watched.json", """{"case_number": "BY-1"}""");
        using var stop = new CancellationTokenSource();
        var watching = services.Run(["request", "edit", Reference, file, "--watch"], stop: stop.Token);
        await Eventually.Holds(() => Saved("BY-1").ShouldBeTrue());
        Write("watched.json", """{"case_number": "half""");
        Write("watched.json", """{"case_number": "BY-22"}""");
        await Eventually.Holds(() => Saved("BY-22").ShouldBeTrue());
        await stop.CancelAsync();
        (await watching).ExitCode.ShouldBe(ExitCode.Stopped);

        bool Saved(string number) => services.Requests.Steps.ToList().Exists(step => step.Act.SaveDraft?.Letter.CaseNumber == number);
    }

    [Fact]
    public async Task Subjects_are_named_by_options_or_kept_out_of_the_shells_history()
    {
        services.Requests.Steps.Clear();
        await services.Run(
            ["subject", "add", Reference, "--role", "suspect", "--name", "Ivanou Ivan", "--name", "Иванов Иван", "--born", "1984",
            "--phone", "+375", "--document", "AB1", "--nationality", "by", "--because", "found"]);
        await services.Run(["subject", "add", Reference, "--from", "-"], input:
            """
            [{"kind": "PERSON", "role": "SUSPECT", "identity": {"names": ["Ivanou Ivan", "Иванов Иван"], "birth_date": "1984",
              "nationalities": ["BY"],
              "identifiers": [{"kind": "DOCUMENT", "value": "AB1"}, {"kind": "PHONE", "value": "+375"}]}}]
            """);
        var (said, read) = (services.Requests.Steps[0].Act.NameSubjects, services.Requests.Steps[1].Act.NameSubjects);
        said.Add.ShouldBe(read.Add);
        said.Reason.ShouldBe("found");
    }

    [Fact]
    public async Task Subjects_are_withdrawn_by_their_number()
    {
        services.Requests.Steps.Clear();
        await services.Run($"subject withdraw {Reference} 1 --because other");
        services.Requests.Steps.ShouldHaveSingleItem().Act.NameSubjects.ShouldBe(
            new NameSubjects { Withdraw = { Sample.Request.Subjects[0].Name }, Reason = "other" });
    }

    [Theory]
    [InlineData("subject add BY-2006-000042", "Give --role and who it is, or --from FILE.json.")]
    [InlineData("subject add BY-2006-000042 --role suspect --from a.json", "Give --role and who it is, or --from FILE.json.")]
    [InlineData("subject add BY-2006-000042 --from -", "is not a list of subjects")]
    public async Task Nobody_is_named_by_mistake(string line, string why)
    {
        var printed = await services.Run(line.Split(' '), input: "{");
        printed.ExitCode.ShouldBe(ExitCode.Usage);
        printed.Error.ShouldContain(why);
    }

    string Write(string name, string json)
    {
        var path = Path.Combine(services.Folder, name);
        File.WriteAllText(path, json);
        return path;
    }
}
