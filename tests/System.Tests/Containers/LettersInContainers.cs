using System.Text.Json;
using Exchange.Testing;

namespace Exchange.System.Tests;

/// <summary>Letters and figures of an installation in containers, by its command line.</summary>
static class LettersInContainers
{
    /// <summary>Every letter of this count starts from the example in the repository; returns its reference.</summary>
    public static async Task<string> Transmit(this ComposeInstallation installation)
    {
        File.Copy(Repository.PathOf("contracts/examples/letter.json"), installation.PathOf("letter.json"), overwrite: true);
        var drafted = await installation.Exchange("--as", "investigator", "request", "draft", "letter.json");
        var reference = drafted.Split(' ')[0];
        await installation.Exchange(
            "--as", "investigator", "subject", "add", reference, "--role", "witness", "--kind", "person", "--name", "Jan Testowy");
        await installation.Exchange("--as", "investigator", "request", "submit", reference);
        await installation.Exchange("request", "approve", reference);
        await installation.Exchange("request", "transmit", reference, "--channel", "on-exchange");
        return reference;
    }

    /// <summary>The status of a request as its own side sees it.</summary>
    public static async Task<string> StatusOf(this ComposeInstallation installation, string reference)
    {
        using var shown = JsonDocument.Parse(await installation.Exchange("request", "show", reference, "--format", "json"));
        return shown.RootElement.GetProperty("facts").GetProperty("status").GetString()!;
    }

    /// <summary>The figures of the demonstration register, whatever was written since.</summary>
    public static async Task ShowsTheTable(this ComposeInstallation installation) =>
        Table(await installation.Exchange("turnaround", "--by", "bloc", "--as-of", "2008-12-31"));

    public static void Table(string shown)
    {
        shown.ShouldContain("953 of 2,154");
        shown.ShouldContain("1,756 of 1,756");
    }

    /// <summary>Nothing of the installation is left in the engine but its volumes.</summary>
    public static async Task IsDown(this ComposeInstallation installation)
    {
        (await installation.There("container")).ShouldBeEmpty();
        (await installation.There("network")).ShouldBeEmpty();
        (await installation.There("volume")).ShouldNotBeEmpty();
    }
}
