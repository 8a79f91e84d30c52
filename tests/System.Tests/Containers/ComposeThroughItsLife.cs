using Exchange.Testing;

namespace Exchange.System.Tests;

/// <summary>
/// <c>deploy/compose</c> from its first start to its end, in the order in which an operator might live through it. One installation,
/// so one test; <c>tests/run long</c> runs it.
/// </summary>
[Collection(InContainers.Name)]
[Trait("Run", "long")]
public sealed class ComposeThroughItsLife
{
    static readonly string[] Kinds =
    [
        "broker", "database", "keys", "requests", "requests-quarantine", "tracking", "tracking-quarantine", "correlation",
        "correlation-quarantine",
    ];

    static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    static readonly TimeSpan Outage = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Keeps_every_letter_whatever_happens_to_its_containers()
    {
        await using var installation = await ComposeInstallation.Prepare();
        await installation.Up();
        LettersInContainers.Table(installation.Told);
        await EveryContainerIsConfined(installation);
        var answered = await ALetterIsAnsweredWithEvidence(installation);
        List<string> sent = [];

        foreach (var kind in Kinds)
            await ComesBack(installation, kind, () => installation.Kill(kind));
        // A service that hangs, but does not end, is ended by its probe.
        await ComesBack(
            installation, "requests", () => installation.Docker("exec", installation.Container("requests"), "bash", "-c", "kill -STOP -1"));
        sent.Add(await installation.Transmit());
        sent.AddRange(await LettersWhileTheBrokerIsAway(installation));
        await EverybodyIsWell(installation);
        await ARevokedOfficerIsRefused(installation);

        await installation.Down();
        await installation.IsDown();
        await installation.Up();

        LettersInContainers.Table(installation.Told);
        foreach (var reference in sent)
            (await installation.StatusOf(reference)).ShouldBe("TRANSMITTED");
        (await installation.StatusOf(answered)).ShouldBe("EXECUTED");
        await Evidence(installation, answered, "lease-again.txt");
        (await installation.TryExchange("--as", "liaison-pl", "inbox")).ExitCode.ShouldNotBe(0);
        await installation.Down();
        await installation.IsDown();
    }

    static async Task<string> ALetterIsAnsweredWithEvidence(ComposeInstallation installation)
    {
        var reference = await installation.Transmit();
        await File.WriteAllTextAsync(installation.PathOf("lease.txt"), "Lease of 1 March\n");
        await installation.Exchange("--as", "liaison-pl", "request", "acknowledge", reference, "--reference", "PK II Oz 12/26");
        await installation.Exchange("--as", "liaison-pl", "request", "answer", reference, "--outcome", "executed",
            "--text", "The lease is attached.", "--evidence", "lease.txt", "--handling", "H1");
        await Evidence(installation, reference, "lease-received.txt");
        return reference;
    }

    static async Task Evidence(ComposeInstallation installation, string reference, string file)
    {
        await installation.Exchange(
            "document", "get", $"{reference}/1", "--out", file, "--case", "BY-GPK-2026-00017", "--purpose", "supervision");
        (await File.ReadAllTextAsync(installation.PathOf(file))).ShouldBe("Lease of 1 March\n");
    }

    static async Task ComesBack(ComposeInstallation installation, string kind, Func<Task> harm)
    {
        var before = int.Parse(await installation.Inspect(kind, "{{.RestartCount}}"), null);
        await harm();
        await Eventually.Holds(async () =>
        {
            int.Parse(await installation.Inspect(kind, "{{.RestartCount}}"), null).ShouldBeGreaterThan(before, kind);
            (await installation.Inspect(kind, "{{.State.Status}} {{.State.Health.Status}}")).ShouldBe("running healthy", kind);
        }, Patience);
        await Eventually.Holds(installation.ShowsTheTable, Patience);
    }

    // Paused it neither answers nor breaks a connection, which is worse than being gone.
    static async Task<List<string>> LettersWhileTheBrokerIsAway(ComposeInstallation installation)
    {
        List<string> sent = [];
        var began = TimeProvider.System.GetTimestamp();
        await installation.Docker("pause", installation.Container("broker"));
        do
            sent.Add(await installation.Transmit());
        while (TimeProvider.System.GetElapsedTime(began) < Outage);
        await installation.Docker("unpause", installation.Container("broker"));
        return sent;
    }

    static Task EverybodyIsWell(ComposeInstallation installation) => Eventually.Holds(async () =>
    {
        foreach (var kind in Kinds)
            (await installation.Inspect(kind, "{{.State.Status}} {{.State.Health.Status}}")).ShouldBe("running healthy", kind);
        await installation.Exchange("status", "--as", "operator");
        await installation.ShowsTheTable();
    }, Patience);

    static async Task ARevokedOfficerIsRefused(ComposeInstallation installation)
    {
        await installation.Exchange("--as", "liaison-pl", "inbox");
        await installation.Exchange("pki", "revoke", "/pki", "/pki/personas/liaison-pl.pem");
        await Eventually.Holds(async () =>
        {
            var (exitCode, _, errors) = await installation.TryExchange("--as", "liaison-pl", "inbox");
            exitCode.ShouldNotBe(0);
            errors.ShouldContain("not revoked?");
        });
        await installation.Exchange("inbox");
    }

    static async Task EveryContainerIsConfined(ComposeInstallation installation)
    {
        foreach (var kind in Kinds)
        {
            (await installation.Inspect(kind, "{{.HostConfig.ReadonlyRootfs}} {{.HostConfig.Privileged}} {{json .HostConfig.CapDrop}} "
                + "{{json .HostConfig.CapAdd}} {{json .HostConfig.SecurityOpt}}"))
                .ShouldBe("true false [\"ALL\"] null [\"no-new-privileges:true\"]", kind);
            foreach (var limit in new[] { "Memory", "PidsLimit" })
                long.Parse(await installation.Inspect(kind, $"{{{{.HostConfig.{limit}}}}}"), null)
                    .ShouldBeGreaterThan(0, $"{kind} {limit}");
            (await installation.Inspect(kind, "{{.Config.User}}")).ShouldNotBeOneOf("", "0", "root");
            (await installation.Inspect(kind, "{{range .NetworkSettings.Ports}}{{range .}}{{.HostIp}} {{end}}{{end}}"))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries).ShouldAllBe(address => address == "127.0.0.1", kind);
        }
    }
}
