using System.Diagnostics;
using Exchange.Platform;

namespace Exchange.Cli.Tests;

public sealed class PkiOnTheCommandLine : IDisposable
{
    readonly string folder = Path.Combine(Directory.CreateTempSubdirectory("exchange-cli-").FullName, "pki");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(folder)!, recursive: true);

    [Fact]
    public void Init_says_what_it_did_and_then_that_nothing_is_left_to_do()
    {
        var first = Run("init", folder, "--partner", "PL");
        var second = Run("init", folder, "--partner", "PL");

        first.Code.ShouldBe(0);
        first.Output.ShouldContain(Path.Combine("personas", "liaison-pl.pem"));
        second.Code.ShouldBe(0);
        second.Output.ShouldStartWith("nothing to do");
    }

    [Fact]
    public void An_issued_certificate_is_shown_with_its_identity()
    {
        Run("init", folder).Code.ShouldBe(0);
        var stem = Path.Combine(folder, "personas", "second");

        var issued = Run("issue", folder, "--identity", "exchange://BY/general-prosecutor/international/1002?role=prosecutor", "--out",
            stem);
        var shown = Run("show", stem + ".pem");

        issued.Code.ShouldBe(0);
        shown.Code.ShouldBe(0);
        shown.Output.ShouldContain("identity   exchange://BY/general-prosecutor/international/1002?role=prosecutor");
        shown.Output.ShouldContain("CN=general-prosecutor/international/1002");
        shown.Output.ShouldContain("uses       client");
    }

    [Fact]
    public void A_revoked_certificate_is_on_the_list_of_its_state()
    {
        Run("init", folder).Code.ShouldBe(0);
        var persona = Path.Combine(folder, "personas", "operator.pem");

        Run("revoke", folder, persona).Code.ShouldBe(0);
        Run("revoke", folder, persona).Code.ShouldBe(0);

        RevocationList.Read(File.ReadAllBytes(Path.Combine(folder, "crl", "BY.crl"))).ShouldHaveSingleItem()
            .Revokes(PemFiles.Read(persona)).ShouldBeTrue();
    }

    public static TheoryData<string[], string> Impossible => new()
    {
        { ["init", "DIR", "--partner", "Poland"], "two upper-case letters" },
        { ["init", "DIR", "--state", "LT"], "--state BY" },
        { ["issue", "DIR", "--identity", "exchange://BY/a/b/1", "--out", "DIR/x"], "role" },
        { ["issue", "DIR", "--identity", "exchange://DE/a/b/1?role=liaison", "--out", "DIR/x"], "exchange pki init DIR --partner DE" },
        { ["issue", "DIR", "--identity", "exchange://BY/a/b/1?role=liaison", "--out", "DIR/personas/operator"], "another --out" },
        { ["revoke", "DIR", "DIR/nothing.pem"], "path of a certificate" },
        { ["revoke", "DIR", "DIR/keys/service.key"], "BEGIN CERTIFICATE" },
        { ["revoke", "DIR", "DIR/../stranger.pem"], "the folder it comes from" },
        { ["show", "DIR/nothing.pem"], "path of a certificate" },
    };

    [Theory]
    [MemberData(nameof(Impossible))]
    public void What_cannot_be_done_ends_with_1_and_the_remedy(string[] arguments, string remedy)
    {
        Run("init", folder).Code.ShouldBe(0);
        PemFiles.Write(Path.Combine(folder, "../stranger.pem"),
            DevelopmentAuthority.Create("BY", TimeProvider.System).Certificate.ExportCertificatePem());

        var result = Run([.. arguments.Select(a => a.Replace("DIR", folder))]);

        result.Code.ShouldBe(1);
        result.Output.ShouldBeEmpty();
        result.Error.ShouldContain(remedy.Replace("DIR", folder));
        result.Error.ShouldNotContain("   at ");
    }

    [Theory]
    [InlineData(0, "--help")]
    [InlineData(0, "pki", "init", "--help")]
    [InlineData(1, "pki", "show", "nowhere.pem")]
    [InlineData(2, "pki", "init")]
    [InlineData(2, "pki", "show", "a.pem", "--colour")]
    [InlineData(2, "unheard-of")]
    public async Task The_program_ends_with_0_when_done_1_when_impossible_2_when_not_understood(int code, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(PkiCommand).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var program = Process.Start(start)!;
        var (output, error) = (program.StandardOutput.ReadToEndAsync(), program.StandardError.ReadToEndAsync());
        await program.WaitForExitAsync();

        program.ExitCode.ShouldBe(code, await output + await error);
    }

    static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = PkiCommand.Create().Parse(arguments).Invoke(new() { Output = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }
}
