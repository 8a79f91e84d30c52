namespace Exchange.Testing;

/// <summary>Where things are, found from the running test assembly, so that no test knows a path of its machine.</summary>
public static class Repository
{
    /// <summary>The folder of <c>Exchange.sln</c>.</summary>
    public static string Root { get; } = FolderAbove("Exchange.sln");

    /// <summary>A file or folder of the repository, by its path from the root.</summary>
    public static string PathOf(string relative) => Path.Combine(Root, relative);

    /// <summary>
    /// The built assembly of a project, of the configuration the tests themselves were built in.
    /// </summary>
    /// <exception cref="FileNotFoundException">It was not built; the message says how to.</exception>
    public static string AssemblyOf(string project, string assembly)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory);
        var path = Path.Combine(configuration.Parent!.Parent!.FullName, project, configuration.Name, assembly + ".dll");
        return File.Exists(path) ? path : throw new FileNotFoundException(
            $"{project} is not built. Build the solution first: dotnet build Exchange.sln -c {configuration.Name}", path);
    }

    static string FolderAbove(string file)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, file)))
                return folder.FullName;
        }

        throw new FileNotFoundException($"No folder above {AppContext.BaseDirectory} holds {file}.");
    }
}
