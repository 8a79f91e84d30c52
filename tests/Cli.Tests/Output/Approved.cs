using System.Runtime.CompilerServices;

namespace Exchange.Cli.Tests;

/// <summary>Pictures that a person looked at and approved; EXCHANGE_APPROVE=1 writes what is drawn now.</summary>
static class Approved
{
    public static void Matches(string name, string drawn, [CallerFilePath] string testFile = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(testFile)!, "Approved", name + ".txt");
        var text = string.Join('\n', drawn.Split('\n').Select(line => line.TrimEnd()));
        if (Environment.GetEnvironmentVariable("EXCHANGE_APPROVE") == "1")
            File.WriteAllText(path, text);
        text.ShouldBe(File.ReadAllText(path), $"See {name}.txt; EXCHANGE_APPROVE=1 accepts the new picture.");
    }
}
