using System.Text.RegularExpressions;

namespace Exchange.Platform.Tests;

/// <summary>The house rules, each a function from a tree to what breaks it there.</summary>
static partial class HouseRule
{
    const int LongestFile = 300;

    /// <summary>The five folders, and what tools and hosts look for at the top of a repository.</summary>
    static readonly string[] AllowedAtTheTop =
    [
        "services", "contracts", "tests", "deploy", "k8s", "Exchange.sln",
        "README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "LICENSE",
        "global.json", "nuget.config", "BannedSymbols.txt", "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props",
        ".editorconfig", ".config", ".gitignore", ".gitattributes", ".github", ".ci", ".dockerignore",
        ".git", "artifacts", ".local", ".vs", ".vscode", ".idea",
    ];

    static readonly string[] Projects =
    [
        "contracts/Exchange.Contracts", "services/Cli/Exchange.Cli", "services/Client/Exchange.Client",
        "services/Correlation/Exchange.Correlation",
        "services/Platform/Exchange.Platform", "services/Reference/Exchange.Reference", "services/Requests/Exchange.Requests",
        "services/Tracking/Exchange.Tracking",
        // Restored to bring the trace viewer, and never built.
        "deploy/local/viewer",
        "tests/Benchmarks/Exchange.Benchmarks", "tests/Testing/Exchange.Testing", "tests/Cli.Tests/Exchange.Cli.Tests",
            "tests/Contracts.Tests/Exchange.Contracts.Tests",
        "tests/Correlation.Tests/Exchange.Correlation.Tests", "tests/Platform.Tests/Exchange.Platform.Tests",
        "tests/Reference.Tests/Exchange.Reference.Tests",
        "tests/Requests.Tests/Exchange.Requests.Tests", "tests/System.Tests/Exchange.System.Tests",
        "tests/Tracking.Tests/Exchange.Tracking.Tests",
    ];

    public static IEnumerable<string> FilesAreShort(SourceTree tree) =>
        from file in tree.Files
        where file.Is(".cs", ".sh", ".py", ".js", ".proto", "")
        let lines = file.Text.TrimEnd('\n').Split('\n').Length
        where lines > LongestFile
        select $"{file.Path} has {lines} lines";

    public static IEnumerable<string> TheTopIsFixed(SourceTree tree) =>
        tree.TopLevel.Except(AllowedAtTheTop).Where(name => !name.EndsWith(".slnf", StringComparison.Ordinal));

    public static IEnumerable<string> ProjectsAreKnown(SourceTree tree) => tree.Files
        .Where(file => file.Is(".csproj")).Select(file => file.Path[..^".csproj".Length]).Except(Projects);

    /// <summary>A service knows no other service; the libraries know only what is named for them here.</summary>
    public static IEnumerable<string> ProjectsReferenceWhatTheyMay(SourceTree tree) =>
        from file in tree.Files
        where file.Is(".csproj") && file.Under("services")
        from Match reference in ProjectReference().Matches(file.Text)
        let target = Path.GetFileNameWithoutExtension(reference.Groups["path"].Value)
        where !(Path.GetFileNameWithoutExtension(file.Path) switch
        {
            "Exchange.Platform" => false,
            "Exchange.Reference" => target is "Exchange.Contracts",
            "Exchange.Client" => target is "Exchange.Contracts" or "Exchange.Platform",
            _ => target is "Exchange.Contracts" or "Exchange.Platform" or "Exchange.Reference" or "Exchange.Client",
        })
        select $"{file.Path} references {target}";

    public static IEnumerable<string> PlatformKnowsNothingOfTheDomain(SourceTree tree) =>
        from file in tree.Files
        where file.Under("services/Platform")
        from line in file.Lines
        let words = WordBoundary().Replace(line.Text, " ")
        let found = DomainWord().Match(words) is { Success: true } word ? word : RoleName().Match(words)
        where found.Success
        select $"{file.Path}:{line.Number} says \"{found.Value}\"";

    /// <summary>
    /// Rows of state are read through StateRows, which checks them, and written by the ledger. What only finds or counts them gives nothing
    /// of them away, and is named here.
    /// </summary>
    public static IEnumerable<string> StateTablesAreReadInOnePlace(SourceTree tree)
    {
        string[] finding =
        [
            "services/Requests/Inbox/InboxStore.cs", "services/Requests/Storage/References.cs", "services/Requests/Storage/RequestStore.cs",
        ];
        var sources = tree.Files.Where(file => file.Is(".cs") && file.Under("services")).ToList();
        var tables = sources.SelectMany(file => StateTableName().Matches(file.Text)).Select(match => match.Groups[1].Value).ToHashSet();
        return from file in sources
               where !finding.Contains(file.Path)
               from line in file.Lines
               from match in TableOfStatement().Matches(line.Text)
               where tables.Contains(match.Groups[1].Value) && !line.Text.Contains("SELECT count(*) FROM", StringComparison.Ordinal)
               select $"{file.Path}:{line.Number} reads or writes {match.Groups[1].Value} by itself";
    }

    [GeneratedRegex(@"\bStateTable \w+ (?:\{ get; \} )?= new\(""(\w+)""")]
    private static partial Regex StateTableName();

    [GeneratedRegex(@"\b(?:FROM|JOIN|INTO|UPDATE) (\w+)\b")]
    private static partial Regex TableOfStatement();

    public static IEnumerable<string> LogEventsHaveIdsOfTheirOwn(SourceTree tree)
    {
        var events = (
            from file in tree.Files
            where file.Is(".cs") && !file.Under("tests")
            from Match message in LogMessage().Matches(file.Text)
            select (file.Path, Id: LogMessageId().Match(message.Value).Groups["id"].Value)).ToList();
        return events.Where(e => e.Id == "").Select(e => $"{e.Path} has a log message without an id")
            .Concat(events.Where(e => e.Id != "").GroupBy(e => e.Id).Where(id => id.Count() > 1)
                .Select(id => $"{id.Key} is used {id.Count()} times: {string.Join(", ", id.Select(e => e.Path).Distinct())}"));
    }

    /// <summary>Or each place would decide anew which zone's day counts, and which texts are a day.</summary>
    public static IEnumerable<string> DaysAreReadInOnePlace(SourceTree tree) => Lines(
        tree.Files.Where(file => file.Is(".cs") && file.Under("services") && file.Path != "services/Reference/LegalDay.cs"),
        DayOfItsOwn());

    /// <summary>Or one rpc would accept an id by which a caller keeps a service from recording what follows from another's.</summary>
    public static IEnumerable<string> IdsOfCommandsAreReadInOnePlace(SourceTree tree) =>
        Lines(tree.Files.Where(file => file.Is(".cs") && file.Under("services")), CommandIdOfItsOwn());

    /// <summary>
    /// The import of a register is one way by which requests come in; what they are and how they live knows nothing of it. Only the gRPC
    /// service and the module, which put everything together, do.
    /// </summary>
    public static IEnumerable<string> OnlyTheEdgeKnowsTheRegister(SourceTree tree)
    {
        const string register = "services/Requests/Register";
        var types = tree.Files.Where(file => file.Is(".cs") && file.Under(register))
            .SelectMany(file => DeclaredType().Matches(file.Text)).Select(match => match.Groups["name"].Value).ToHashSet();
        return
            from file in tree.Files
            where file.Is(".cs") && file.Under("services/Requests") && !file.Under(register)
                && !file.Under("services/Requests/Operations") && file.Name != "RequestsModule.cs"
            from line in file.Lines
            where !line.Text.TrimStart().StartsWith("//", StringComparison.Ordinal)
            from word in Word().Matches(line.Text).Select(match => match.Value)
            where types.Contains(word)
            select $"{file.Path}:{line.Number} knows {word}";
    }

    public static IEnumerable<string> NothingIsUnfinished(SourceTree tree) => Lines(tree.Files, Unfinished());

    public static IEnumerable<string> TestsNeitherSkipNorSleep(SourceTree tree) =>
        Lines(tree.Files.Where(file => file.Under("tests") && file.Is(".cs")), SkipOrSleep());

    public static IEnumerable<string> NoPathOfAMachine(SourceTree tree) => Lines(tree.Files, MachinePath());

    public static IEnumerable<string> NamesSayWhatAThingDoes(SourceTree tree) =>
        from file in tree.Files
        where file.Is(".cs")
        from part in Path.ChangeExtension(file.Path, null).Split('/')
        where EmptyName().IsMatch(part)
        select file.Path;

    /// <summary>A type in several parts needs its comment at one of them.</summary>
    public static IEnumerable<string> SharedTypesSayWhatTheyAreFor(SourceTree tree)
    {
        var types = (
            from file in tree.Files
            where file.Is(".cs") && (file.Under("contracts") || file.Under("services/Platform") || file.Under("services/Client")
                || file.Under("services/Reference"))
            let lines = file.Text.Split('\n')
            from index in Enumerable.Range(0, lines.Length)
            let type = PublicType().Match(lines[index])
            where type.Success
            select (file.Path, Name: type.Groups["name"].Value, Said: HasComment(lines, index))).ToList();
        return types.GroupBy(type => type.Name).Where(parts => !parts.Any(part => part.Said))
            .Select(parts => $"{parts.First().Path}: {parts.Key} has no XML comment");
    }

    static bool HasComment(string[] lines, int index)
    {
        while (--index >= 0 && lines[index].TrimStart().StartsWith('['))
        {
        }

        return index >= 0 && lines[index].TrimStart().StartsWith("///", StringComparison.Ordinal);
    }

    static IEnumerable<string> Lines(IEnumerable<SourceFile> files, Regex forbidden) =>
        from file in files
        from line in file.Lines
        where forbidden.IsMatch(line.Text)
        select $"{file.Path}:{line.Number} {line.Text.Trim()}";

    [GeneratedRegex(@"\bGuid\s*\.\s*(Try)?Parse\([^)]*[cC]ommandId")]
    private static partial Regex CommandIdOfItsOwn();

    [GeneratedRegex(@"(?<![.\w])[A-Z]\w+")]
    private static partial Regex Word();

    [GeneratedRegex(@"^[a-z ]*\b(record\s+struct|class|record|struct|interface|enum)\s+(?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex DeclaredType();

    [GeneratedRegex("<ProjectReference\\s+Include=\"(?<path>[^\"]+)\"")]
    private static partial Regex ProjectReference();

    // camelCase, snake_case and kebab-case fall into words.
    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])|[_-]")]
    private static partial Regex WordBoundary();

    // Words with a technical meaning of their own are left out: request, subject of a certificate, dead letter, instrument, register.
    [GeneratedRegex("""
        \b(mla|letters?\ of\ request|mutual\ (legal\ )?assistance|case\ numbers?|victims?|suspects?|witness(es)?|trafficking
        |treat(y|ies)|turnarounds?|unanswered|blocs?|offences?|embass(y|ies)|refusal\ grounds?|request(ed|ing)\ states?
        |central\ authorit(y|ies)|criminal\ cases?|supplements?)\b
        """, RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex DomainWord();

    [GeneratedRegex(@"\b(prosecutors?|investigators?|liaisons?)\b", RegexOptions.IgnoreCase)]
    private static partial Regex RoleName();

    [GeneratedRegex(@"\[LoggerMessage\b[^\n]*(\n[^\n]*)?")]
    private static partial Regex LogMessage();

    [GeneratedRegex(@"\[LoggerMessage\(\s*(EventId\s*=\s*)?(?<id>\d+)|\bEventId\s*=\s*(?<id>\d+)")]
    private static partial Regex LogMessageId();

    [GeneratedRegex(@"\bDateOnly\s*\.\s*(Try)?(Parse(Exact)?|FromDateTime)\b|""yyyy-MM-dd""|[:]yyyy-MM-dd\}")]
    private static partial Regex DayOfItsOwn();

    [GeneratedRegex(@"\bNot[I]mplementedException\b|\bTO[D]O\b|\bFIX[M]E\b")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"\bSkip\s*=|\bThread\s*\.\s*Sleep\b|\bTask\s*\.\s*Delay\b")]
    private static partial Regex SkipOrSleep();

    [GeneratedRegex(@"(?<![\w$}>.])/(home|Users|root|work)/\w|/tmp/w[t]\b|\b[A-Z]:\\\w")]
    private static partial Regex MachinePath();

    [GeneratedRegex("(Helpers?|Utils?|Utilit(y|ies)|Managers?|Commons?)$")]
    private static partial Regex EmptyName();

    [GeneratedRegex(@"^\s*public\s+((sealed|static|abstract|partial|readonly|ref|unsafe)\s+)*"
        + @"(record\s+struct|record\s+class|class|record|struct|interface|enum|delegate\s+\S+)\s+(?<name>\w+)")]
    private static partial Regex PublicType();
}
