using Exchange.Testing;

namespace Exchange.System.Tests;

/// <summary><c>tests/run</c> itself, in a copy of its folder where the SDK is a script that says what the SDK would.</summary>
public sealed class TheRunOfTheTests : IDisposable
{
    // A project of three tests whose account of the one that failed is longer than a pipe holds.
    const string Sdk =
        """
        #!/usr/bin/env bash
        if [ "$1" != test ]; then exit 0; fi
        while [ $# -gt 0 ]; do
            case $1 in
            --results-directory) results=$2 ;;
            trx*) name=${1#*LogFileName=} ;;
            esac
            shift
        done
        {
            echo '<UnitTestResult testName="Holds" outcome="Passed" />'
            echo '<UnitTestResult testName="Breaks" outcome="Failed" />'
            echo '<Counters total="3" executed="3" passed="2" failed="1" />'
        } >"$results/$name"
        echo '  Failed Breaks'
        yes 'it broke, and this is how' | sed -n '1,50000p;50000q'
        exit 1
        """;

    readonly string folder = Directory.CreateTempSubdirectory("exchange-run-").FullName;

    [Fact]
    public async Task The_last_line_is_the_sum_however_long_the_account_of_a_failure_is()
    {
        Copy("tests/run", "deploy/local/packages.sh", "deploy/local/progress.sh", "deploy/local/servers", "deploy/local/machine.sh",
            "deploy/local/postgres.sh", "deploy/local/rabbitmq.sh");
        Directory.CreateDirectory(Path.Combine(folder, "tests/Broken.Tests"));
        var sdk = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "sdk")).FullName, "dotnet");
        await File.WriteAllTextAsync(sdk, Sdk);
        await Command.Run("chmod", ["+x", sdk]);
        var servers = await Servers.Found;

        var (exitCode, output, errors) = await Command.Try(Path.Combine(folder, "tests/run"), [], new Dictionary<string, string?>
        {
            ["PATH"] = $"{Path.GetDirectoryName(sdk)}:{Environment.GetEnvironmentVariable("PATH")}",
            ["EXCHANGE_TEST_POSTGRES"] = servers.Postgres, ["EXCHANGE_TEST_BROKER"] = servers.Broker.AbsoluteUri,
        });

        exitCode.ShouldBe(1, errors);
        output.ShouldContain("it broke, and this is how");
        output.TrimEnd().Split('\n')[^1].ShouldBe("2 passed, 1 failed");
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    void Copy(params string[] files)
    {
        foreach (var file in files)
        {
            var to = Path.Combine(folder, file);
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(Repository.PathOf(file), to);
        }
    }
}
