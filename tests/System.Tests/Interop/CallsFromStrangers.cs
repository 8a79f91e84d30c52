namespace Exchange.System.Tests;

/// <summary>Debian's grpcio, with the stubs it makes of our .proto files.</summary>
public sealed class CallsFromPython(PythonClient client) : IClassFixture<PythonClient>
{
    [Theory, MemberData(nameof(Interoperability.Checks), MemberType = typeof(Interoperability))]
    public void Are_served(string check) => client.Run.ShouldHavePassed(check);

    [Fact]
    public void Are_all_looked_at_here() => client.Run.Checks.ShouldBe(Interoperability.Names, ignoreOrder: true);
}

/// <summary>npm's @grpc/grpc-js, reading our .proto files as it runs.</summary>
public sealed class CallsFromNode(NodeClient client) : IClassFixture<NodeClient>
{
    [Theory, MemberData(nameof(Interoperability.Checks), MemberType = typeof(Interoperability))]
    public void Are_served(string check) => client.Run.ShouldHavePassed(check);

    [Fact]
    public void Are_all_looked_at_here() => client.Run.Checks.ShouldBe(Interoperability.Names, ignoreOrder: true);
}

public sealed class ScriptsOfStrangers
{
    [Fact]
    public void A_missing_program_is_red_with_the_remedy() =>
        Should.Throw<InvalidOperationException>(() => Installed.Program("no-such-program", "its-package"))
            .Message.ShouldContain("sudo apt-get install --no-install-recommends its-package");

    [Fact]
    public void A_check_that_failed_or_was_left_out_is_red()
    {
        var run = ScriptRun.Read(1, """
            {"check": "good", "ok": true}
            {"check": "bad", "ok": false, "error": "expected otherwise"}
            """, "what it said");

        run.ShouldHavePassed("good");
        Should.Throw<ShouldAssertException>(() => run.ShouldHavePassed("bad")).Message.ShouldContain("expected otherwise");
        Should.Throw<ShouldAssertException>(() => run.ShouldHavePassed("left out")).Message.ShouldContain("what it said");
    }
}
