using Exchange.Testing;

namespace Exchange.Contracts.Tests;

/// <summary>
/// What was promised to others, kept beside the tests. <c>EXCHANGE_APPROVE=1</c> writes additions into the files; a
/// promise is only ever taken back by hand.
/// </summary>
static class Approved
{
    public static string Read(string file) => File.ReadAllText(PathOf(file)).ReplaceLineEndings("\n");

    /// <summary>Lines that were promised and are gone or changed.</summary>
    public static IEnumerable<string> Broken(IEnumerable<string> promised, IEnumerable<string> current) => promised.Except(current);

    public static void Matches(string file, IEnumerable<string> current)
    {
        var lines = current.Order(StringComparer.Ordinal).ToList();
        var promised = File.Exists(PathOf(file)) ? Read(file).Split('\n', StringSplitOptions.RemoveEmptyEntries) : [];
        Broken(promised, lines).ShouldBeEmpty($"{file} promises this to others, and it is gone or changed");
        if (Environment.GetEnvironmentVariable("EXCHANGE_APPROVE") == "1")
            File.WriteAllText(PathOf(file), string.Join('\n', lines) + "\n");
        else
            lines.Except(promised).ShouldBeEmpty($"This is new; run the test once with EXCHANGE_APPROVE=1 to promise it in {file}");
    }

    static string PathOf(string file) => Repository.PathOf($"tests/Contracts.Tests/Approved/{file}");
}
