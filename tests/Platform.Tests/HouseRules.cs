namespace Exchange.Platform.Tests;

/// <summary>What the compiler cannot ask for. Every rule is also shown a tree that breaks it, and one that only seems to.</summary>
public sealed class HouseRules
{
    delegate IEnumerable<string> Rule(SourceTree tree);

    static readonly Dictionary<string, (Rule Rule, SourceTree[] Broken, SourceTree Fine)> Rules = new()
    {
        [nameof(HouseRule.FilesAreShort)] = (HouseRule.FilesAreShort,
            [
                SourceTree.Of("services/Requests/Long.cs", string.Concat(Enumerable.Repeat("line\n", 301))),
                SourceTree.Of("deploy/local/long", "#!/bin/sh" + new string('\n', 302) + "exit"),
            ],
            SourceTree.Of("services/Requests/Full.cs", string.Concat(Enumerable.Repeat("line\n", 300)))),
        [nameof(HouseRule.LinesAreNarrow)] = (HouseRule.LinesAreNarrow,
            [SourceTree.Of("tests/A.Tests/B.cs", "\n// " + new string('x', 138))],
            SourceTree.Of("tests/A.Tests/B.cs", "// " + new string('\u0436', 137))),
        [nameof(HouseRule.TheTopIsFixed)] = (HouseRule.TheTopIsFixed,
            [new([], ["services", "notes"])],
            new([], ["services", "README.md", "SECURITY.md", "Tracking.slnf", ".github"])),
        [nameof(HouseRule.RoomsAreNamed)] = (HouseRule.RoomsAreNamed,
            [
                Service(rooms: ["Letters/", "Letters/Old/"], "Letters/A.cs", "Letters/Old/B.cs", "Cases/C.cs"),
                Service(rooms: ["Letters/", "Cases/"], "Letters/A.cs"),
                Service(rooms: ["Old/Letters/"], "Old/Letters/A.cs"),
                SourceTree.Of("services/A/Exchange.A.csproj"),
            ],
            Service(rooms: ["Old/", "Old/Letters/"], "Old/Letters/A.cs", "Program.cs")),
        [nameof(HouseRule.DocumentsNameWhatIsThere)] = (HouseRule.DocumentsNameWhatIsThere,
            [
                Document("[here](contracts/NONE.md)"),
                Document("`services/A/None.cs` and `services/A`"),
                Document("see `none.proto`"),
            ],
            Document("[here](contracts/a/b.proto) `b.proto` [there](https://a.example/x) `services/A/` `services/<Service>/x.sql`")),
        [nameof(HouseRule.FiltersNameWhatIsThere)] = (HouseRule.FiltersNameWhatIsThere,
            [
                SourceTree.Of("A.slnf", Filter("services/A/Exchange.A.csproj")),
                new([new("A.slnf", Filter("services/A/Exchange.A.csproj")), new("services/A/Exchange.A.csproj", "")], []),
            ],
            new([new("A.slnf", Filter("services/A/Exchange.A.csproj")), new("services/A/Exchange.A.csproj", ""),
                new("Exchange.sln", "\"services\\A\\Exchange.A.csproj\"")], [])),
        [nameof(HouseRule.ProjectsAreKnown)] = (HouseRule.ProjectsAreKnown,
            [SourceTree.Of("services/Requests.Domain/Exchange.Requests.Domain.csproj")],
            SourceTree.Of("services/Requests/Exchange.Requests.csproj")),
        [nameof(HouseRule.ProjectsReferenceWhatTheyMay)] = (HouseRule.ProjectsReferenceWhatTheyMay,
            [
                SourceTree.Of("services/Tracking/Exchange.Tracking.csproj", Reference("../Requests/Exchange.Requests.csproj")),
                SourceTree.Of("services/Platform/Exchange.Platform.csproj", Reference("../../contracts/Exchange.Contracts.csproj")),
                SourceTree.Of("services/Client/Exchange.Client.csproj", Reference("../Cli/Exchange.Cli.csproj")),
                SourceTree.Of("services/Reference/Exchange.Reference.csproj", Reference("../Platform/Exchange.Platform.csproj")),
            ],
            SourceTree.Of("services/Tracking/Exchange.Tracking.csproj",
                Reference("../Client/Exchange.Client.csproj") + Reference("../Platform/Exchange.Platform.csproj")
                + Reference("../../contracts/Exchange.Contracts.csproj"))),
        [nameof(HouseRule.PlatformKnowsNothingOfTheDomain)] = (HouseRule.PlatformKnowsNothingOfTheDomain,
            [
                SourceTree.Of("services/Platform/Journal/Ledger.cs", "var caseNumber = 1;"),
                SourceTree.Of("services/Platform/Migrations/P0001.sql", "requested_state text"),
                SourceTree.Of("services/Platform/Messaging/Outbox/Outbox.cs", "// Only for the prosecutor."),
                SourceTree.Of("services/Platform/Identity/Caller.cs", "// Also a Prosecutor."),
            ],
            SourceTree.Of("services/Platform/Identity/Caller.cs", "// A caller's role; dead letters, a certificate's subject.")),
        [nameof(HouseRule.StateTablesAreReadInOnePlace)] = (HouseRule.StateTablesAreReadInOnePlace,
            [
                new([new("services/A/Store.cs", "static StateTable Table { get; } = new(\"things\", []);"),
                    new("services/A/List.cs", "database.Query(\"SELECT name FROM things WHERE id = $1\")")], []),
                new([new("services/A/Store.cs", "static readonly StateTable Table = new(\"things\", []);"),
                    new("services/A/List.cs", "SELECT t.name FROM others o JOIN things t USING (id)")], []),
                new([new("services/A/Store.cs", "static StateTable Table { get; } = new(\"things\", []);"),
                    new("services/A/List.cs", "UPDATE things SET name = ''")], []),
            ],
            new([new("services/A/Store.cs", "static StateTable Table { get; } = new(\"things\", []);"),
                new("services/A/List.cs", "rows.Query(Table, \"WHERE id = $1\"); // FROM things_of_others, from things to others"),
                new("services/A/Count.cs", "\"SELECT count(*) FROM things\"")], [])),
        [nameof(HouseRule.LogEventsHaveIdsOfTheirOwn)] = (HouseRule.LogEventsHaveIdsOfTheirOwn,
            [
                new([new("services/A/Log.cs", "[LoggerMessage(2000, LogLevel.Debug, \"a\")]"),
                    new("services/B/Log.cs", "[LoggerMessage(EventId = 2000, Level = LogLevel.Debug)]")], []),
                SourceTree.Of("services/A/Log.cs", "[LoggerMessage(LogLevel.Debug, \"a\")]"),
            ],
            SourceTree.Of("services/A/Log.cs", "[LoggerMessage(2000, LogLevel.Debug, \"a\")]\n\n[LoggerMessage(\n    EventId = 2001)]")),
        [nameof(HouseRule.DaysAreReadInOnePlace)] = (HouseRule.DaysAreReadInOnePlace,
            [
                SourceTree.Of("services/Requests/Letters/A.cs", "DateOnly.TryParseExact(text, format, out var day)"),
                SourceTree.Of("services/Tracking/A.cs", "DateOnly.FromDateTime(now.UtcDateTime)"),
                SourceTree.Of("services/Cli/A.cs", "$\"{day:yyyy-MM-dd}\""),
            ],
            SourceTree.Of("services/Reference/LegalDay.cs", "DateOnly.ParseExact(iso, \"yyyy-MM-dd\")")),
        [nameof(HouseRule.IdsOfCommandsAreReadInOnePlace)] = (HouseRule.IdsOfCommandsAreReadInOnePlace,
            [SourceTree.Of("services/A/B.cs", "if (!Guid.TryParse(request.CommandId, out var id))")],
            SourceTree.Of("services/A/B.cs", "CommandIdentity.TryParseId(request.CommandId, out var id); Guid.Parse(request.Id);")),
        [nameof(HouseRule.OnlyTheEdgeKnowsTheRegister)] = (HouseRule.OnlyTheEdgeKnowsTheRegister,
            [
                new([new("services/Requests/Register/Rules/A.cs", "sealed class RowReading;"),
                    new("services/Requests/Letters/B.cs", "RowReading reading;")], []),
            ],
            new([new("services/Requests/Register/A.cs", "sealed class RowReading;"),
                new("services/Requests/Letters/B.cs", "// RowReading\nx.RowReading();"),
                new("services/Requests/Operations/Registry/C.cs", "RowReading reading;")], [])),
        [nameof(HouseRule.NothingIsUnfinished)] = (HouseRule.NothingIsUnfinished,
            [
                SourceTree.Of("services/A/B.cs", "throw new NotImplemented" + "Exception();"),
                SourceTree.Of("deploy/local/c", "# TO" + "DO later"),
            ],
            SourceTree.Of("services/A/B.cs", "class Todos;")),
        [nameof(HouseRule.TestsNeitherSkipNorSleep)] = (HouseRule.TestsNeitherSkipNorSleep,
            [
                SourceTree.Of("tests/A.Tests/B.cs", "[Fact(Ski" + "p = \"slow\")]"),
                SourceTree.Of("tests/A.Tests/B.cs", "Thread" + ".Sleep(1);"),
                SourceTree.Of("tests/A.Tests/B.cs", "await Task" + ".Delay(1);"),
            ],
            SourceTree.Of("services/A/B.cs", "await Task" + ".Delay(span, time, token);")),
        [nameof(HouseRule.NoPathOfAMachine)] = (HouseRule.NoPathOfAMachine,
            [
                SourceTree.Of("README.md", "cd /ho" + "me/someone/exchange"),
                SourceTree.Of("tests/A.Tests/B.cs", "\"C:" + "\\Exchange\""),
            ],
            SourceTree.Of("deploy/local/servers", "#!/usr/bin/env bash\nls \"$HOME/folder/x\" /usr/lib/postgresql")),
        [nameof(HouseRule.NamesSayWhatAThingDoes)] = (HouseRule.NamesSayWhatAThingDoes,
            [SourceTree.Of("services/Requests/Utils/Dates.cs"), SourceTree.Of("services/Requests/CaseManager.cs")],
            SourceTree.Of("services/Requests/MlaRequest.cs")),
        [nameof(HouseRule.SharedTypesSayWhatTheyAreFor)] = (HouseRule.SharedTypesSayWhatTheyAreFor,
            [
                SourceTree.Of("contracts/Messages/Facts.cs", "[Obsolete]\npublic sealed record Facts(int Version);"),
                SourceTree.Of("services/Platform/A.cs", "public static partial class A"),
            ],
            new([new("services/Platform/A.cs", "/// <summary>A.</summary>\n[Obsolete]\npublic static partial class A"),
                new("services/Platform/A.More.cs", "public static partial class A")], [])),
    };

    public static TheoryData<string> Names => [.. Rules.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_repository_keeps(string rule) => Rules[rule].Rule(SourceTree.Repository).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Names))]
    public void A_broken_rule_is_seen(string rule)
    {
        var (check, broken, fine) = Rules[rule];

        foreach (var tree in broken)
            check(tree).ShouldHaveSingleItem();
        check(fine).ShouldBeEmpty();
    }

    [Fact]
    public void The_rules_look_at_the_whole_repository()
    {
        var paths = SourceTree.Repository.Files.Select(file => file.Path).ToList();

        paths.ShouldContain("tests/run");
        paths.ShouldContain("tests/Platform.Tests/HouseRules.cs");
        paths.ShouldContain("services/Platform/Exchange.Platform.csproj");
        paths.ShouldAllBe(path => !path.StartsWith("artifacts/"));
    }

    static string Reference(string path) => $"<ProjectReference Include=\"{path}\" />";

    static string Filter(string project) => $$"""{ "solution": { "path": "Exchange.sln", "projects": [ "{{project}}" ] } }""";

    static SourceTree Document(string text) =>
        new([new("README.md", text), new("contracts/a/b.proto", ""), new("services/A/B.cs", "")], []);

    static SourceTree Service(string[] rooms, params string[] files) => new(
    [
        new("services/A/Exchange.A.csproj", ""),
        new("services/A/README.md",
            "# A\n| `None/` | no room |\n\n## Rooms\n\n" + string.Concat(rooms.Select(room => $"| `{room}` | x |\n"))),
        .. files.Select(file => new SourceFile("services/A/" + file, "")),
    ], []);
}
