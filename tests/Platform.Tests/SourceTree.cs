namespace Exchange.Platform.Tests;

/// <summary>A text of the repository, by its path from the root.</summary>
sealed record SourceFile(string Path, string Text)
{
    public string Name => System.IO.Path.GetFileName(Path);

    public IEnumerable<(string Text, int Number)> Lines => Text.Split('\n').Select((line, index) => (line, index + 1));

    public bool Is(params string[] extensions) => extensions.Contains(System.IO.Path.GetExtension(Path));

    public bool Under(string folder) => Path.StartsWith(folder + "/", StringComparison.Ordinal);
}

/// <summary>What the house rules look at: the texts that people write, and the names at the top.</summary>
sealed record SourceTree(IReadOnlyList<SourceFile> Files, IReadOnlyList<string> TopLevel)
{
    static readonly string[] Made = ["artifacts", ".local", ".git", ".vs", ".idea", "node_modules", "__pycache__", "stubs", "bin", "obj"];

    static readonly string[] Written =
    [
        ".cs", ".csproj", ".props", ".targets", ".sln", ".slnf", ".sh", ".py", ".js", ".proto", ".sql", ".md", ".yaml", ".yml", ".html",
        ".css", ".txt", ".csv",
    ];

    static readonly Lazy<SourceTree> Whole = new(() => new(
        [.. Below(new(Testing.Repository.Root))
            .Select(file => new SourceFile(Path.GetRelativePath(Testing.Repository.Root, file.FullName), File.ReadAllText(file.FullName)))
            .Where(file => file.Is(Written) || file.Name == "Dockerfile" || file.Text.StartsWith("#!", StringComparison.Ordinal))],
        [.. new DirectoryInfo(Testing.Repository.Root).EnumerateFileSystemInfos().Select(entry => entry.Name)]));

    public static SourceTree Repository => Whole.Value;

    public static SourceTree Of(string path, string text = "") => new([new(path, text)], []);

    static IEnumerable<FileInfo> Below(DirectoryInfo folder) => folder.EnumerateFiles()
        .Where(file => file.LinkTarget is null && (Written.Contains(file.Extension) || file.Extension == "" || file.Name == "Dockerfile"))
        .Concat(folder.EnumerateDirectories().Where(below => !Made.Contains(below.Name)).SelectMany(Below));
}
