using System.Text.RegularExpressions;

namespace Exchange.Platform.Tests;

/// <summary>The house rules of documents, solution filters and the width of lines.</summary>
static partial class HouseRule
{
    /// <summary>As <c>max_line_length</c> in .editorconfig, which editors read and the compiler does not.</summary>
    const int WidestLine = 140;

    public static IEnumerable<string> LinesAreNarrow(SourceTree tree) =>
        from file in tree.Files
        where file.Is(".cs")
        from line in file.Lines
        where line.Text.Length > WidestLine
        select $"{file.Path}:{line.Number} has {line.Text.Length} columns";

    /// <summary>
    /// Each project under services has a README with a table of its rooms, and the table names the folders that there are:
    /// no more and no less, folders in folders included.
    /// </summary>
    public static IEnumerable<string> RoomsAreNamed(SourceTree tree) =>
        from project in tree.Files
        where project.Is(".csproj") && project.Under("services")
        let home = Path.GetDirectoryName(project.Path)!
        let readme = tree.Files.FirstOrDefault(file => file.Path == home + "/README.md")
        from fault in readme is null ? [$"{home} has no README.md"] : RoomFaults(home, readme.Text, tree)
        select fault;

    static IEnumerable<string> RoomFaults(string home, string readme, SourceTree tree)
    {
        var section = readme.Split("\n## ").FirstOrDefault(part => part.StartsWith("Rooms\n", StringComparison.Ordinal)) ?? "";
        var named = Room().Matches(section).Select(match => match.Groups["room"].Value).ToHashSet();
        var there = (
            from file in tree.Files
            where file.Under(home)
            from folder in FoldersOf(file.Path[(home.Length + 1)..])
            select folder).ToHashSet();
        return there.Except(named).Select(room => $"{home}/README.md does not name the room {room}")
            .Concat(named.Except(there).Select(room => $"{home}/README.md names the room {room}, and there is none"));
    }

    /// <summary>The folder that a file is in, and those around it.</summary>
    static IEnumerable<string> FoldersOf(string path)
    {
        for (var folder = Path.GetDirectoryName(path); !string.IsNullOrEmpty(folder); folder = Path.GetDirectoryName(folder))
            yield return folder;
    }

    /// <summary>
    /// What a document links to, and the paths and .proto files it names between backticks, are there. Names with a placeholder,
    /// and files that the rules do not read, such as JSON, are left out.
    /// </summary>
    public static IEnumerable<string> DocumentsNameWhatIsThere(SourceTree tree)
    {
        var files = tree.Files.Select(file => file.Path).ToList();
        HashSet<string> there =
        [
            .. files, .. files.SelectMany(FoldersOf), .. tree.TopLevel,
            .. tree.Files.Where(file => file.Is(".proto")).Select(file => file.Name),
        ];
        return
            from document in tree.Files
            where document.Is(".md")
            from name in Links(document).Concat(Paths(document))
            where !there.Contains(name)
            select $"{document.Path} names {name}, and there is none";
    }

    static IEnumerable<string> Links(SourceFile document) =>
        from Match link in Link().Matches(document.Text)
        select Path.GetRelativePath("/", Path.Combine("/", Path.GetDirectoryName(document.Path)!, link.Groups["to"].Value));

    static IEnumerable<string> Paths(SourceFile document) =>
        from Match path in BacktickedPath().Matches(document.Text)
        select path.Groups["path"].Value.TrimEnd('/');

    /// <summary>A solution filter that names a missing project does not load; one that the solution lacks, neither.</summary>
    public static IEnumerable<string> FiltersNameWhatIsThere(SourceTree tree)
    {
        var projects = tree.Files.Where(file => file.Is(".csproj")).Select(file => file.Path).ToHashSet();
        var solution = tree.Files.FirstOrDefault(file => file.Is(".sln"))?.Text.Replace('\\', '/') ?? "";
        return
            from filter in tree.Files
            where filter.Is(".slnf")
            from Match project in FilteredProject().Matches(filter.Text)
            let path = project.Groups["path"].Value
            where !projects.Contains(path) || !solution.Contains($"\"{path}\"", StringComparison.Ordinal)
            select $"{filter.Path} names {path}";
    }

    [GeneratedRegex(@"^\| `(?<room>[^`]+)/` \|", RegexOptions.Multiline)]
    private static partial Regex Room();

    // Without the anchor; addresses of the web and of mail have a colon.
    [GeneratedRegex(@"\]\((?<to>[^)#:\s]+)(#[^)]*)?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"`(?<path>(services|tests|contracts|deploy|k8s)/[\w./-]*?(/|/[\w-]+|\.(cs|md|proto|sql|sh|yaml|csproj))"
        + @"|\w+\.proto)`")]
    private static partial Regex BacktickedPath();

    [GeneratedRegex("\"(?<path>[^\"]+\\.csproj)\"")]
    private static partial Regex FilteredProject();
}
