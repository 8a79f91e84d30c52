using Exchange.Client;
using Exchange.Testing;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Status = Google.Rpc.Status;

namespace Exchange.Cli.Tests;

public sealed class Failing(CannedServices services) : IClassFixture<CannedServices>, IDisposable
{
    public void Dispose() => services.Tracking.Turnaround = _ => Sample.Turnaround;

    [Fact]
    public async Task Every_violation_is_named_with_the_reason_for_programs()
    {
        Refuse(StatusCode.InvalidArgument, "The question cannot be answered.",
            new BadRequest
            {
                FieldViolations = { Violation("as_of", "is after today"), Violation("filter.partners[0]", "XX is not a state") },
            },
            new ErrorInfo { Reason = "invalid_question", Domain = "exchange" });
        var printed = await services.Run("turnaround");
        printed.ExitCode.ShouldBe(ExitCode.Usage);
        printed.Out.ShouldBeEmpty();
        printed.Error.ShouldBe(
            """
            exchange: Tracking did not accept what was asked:
              - --as-of: is after today
              - --partner, value 1: XX is not a state
              reason: invalid_question

            """);
    }

    [Theory]
    [InlineData(StatusCode.InvalidArgument, ExitCode.Usage)]
    [InlineData(StatusCode.NotFound, ExitCode.NotFound)]
    [InlineData(StatusCode.PermissionDenied, ExitCode.NotAllowed)]
    [InlineData(StatusCode.Unauthenticated, ExitCode.NotAllowed)]
    [InlineData(StatusCode.Unavailable, ExitCode.Unavailable)]
    [InlineData(StatusCode.DeadlineExceeded, ExitCode.Unavailable)]
    [InlineData(StatusCode.FailedPrecondition, ExitCode.Failed)]
    [InlineData(StatusCode.ResourceExhausted, ExitCode.Failed)]
    [InlineData(StatusCode.Internal, ExitCode.Failed)]
    public async Task Exit_codes_follow_the_status(StatusCode status, int exitCode)
    {
        Refuse(status, "No.");
        var printed = await services.Run("turnaround");
        printed.ExitCode.ShouldBe(exitCode);
        printed.Error.ShouldStartWith("exchange: ");
    }

    [Fact]
    public async Task What_is_not_there_ends_with_4()
    {
        var printed = await services.Run("request show BY-2004-999999");
        printed.ExitCode.ShouldBe(ExitCode.NotFound);
        printed.Error.ShouldBe("exchange: There is no such request, or none that you may see.\n");
    }

    [Fact]
    public async Task A_service_that_does_not_run_is_named_with_the_remedy()
    {
        var home = services.HomeWhereTrackingIs($"https://127.0.0.1:{FreePort.Next()}");
        var printed = await Printed.By(["turnaround", "--home", home]);
        printed.ExitCode.ShouldBe(ExitCode.Unavailable);
        printed.Error.ShouldContain("Tracking at https://127.0.0.1:");
        printed.Error.ShouldContain("does not answer.\n  Is it running? deploy/local/up");

        var status = await Printed.By(["status", "--home", home]);
        status.ExitCode.ShouldBe(ExitCode.Failed);
        status.Out.ShouldContain("Requests     up");
        status.Out.ShouldContain("Tracking     down");
    }

    [Theory]
    [InlineData("Timeout connecting to subchannel.", false)]
    [InlineData("Error connecting to subchannel.", true)]
    public void A_connection_that_was_given_up_is_a_service_that_does_not_answer(string detail, bool hasCause)
    {
        var cause = hasCause ? new OperationCanceledException() : null;
        var failure = new RpcException(new(StatusCode.Unavailable, detail, cause));
        using var error = new StringWriter();

        ErrorReport.Write(error, new ServiceCallException("Tracking", new("https://tracking:7443"), failure, server: null))
            .ShouldBe(ExitCode.Unavailable);

        error.ToString().ShouldStartWith("exchange: Tracking at https://tracking:7443 does not answer.");
    }

    [Fact]
    public async Task Another_service_at_the_address_is_not_taken_for_this_one()
    {
        var printed = await Printed.By(["turnaround", "--home", services.HomeWhereTrackingIs(services.AddressOfRequests)]);
        printed.ExitCode.ShouldBe(ExitCode.Unavailable);
        printed.Error.ShouldContain("could not prove to be it");
    }

    [Fact]
    public async Task A_service_on_another_authority_is_not_believed()
    {
        var other = Path.Combine(services.Folder, Guid.CreateVersion7().ToString());
        new PkiFolder(other, TimeProvider.System).Initialise("BY", [], []);
        var printed = await services.Run(["turnaround", "--anchors", Path.Combine(other, "anchors")]);
        printed.ExitCode.ShouldBe(ExitCode.Unavailable);
        printed.Error.ShouldContain("could not prove to be it");
    }

    [Fact]
    public async Task A_strangers_certificate_is_said_to_be_refused()
    {
        var other = Path.Combine(services.Folder, Guid.CreateVersion7().ToString());
        new PkiFolder(other, TimeProvider.System).Initialise("BY", [], []);
        var printed = await services.Run(["turnaround", "--certificate", Path.Combine(other, "personas", "prosecutor.pem")]);
        printed.ExitCode.ShouldBe(ExitCode.NotAllowed, printed.Error);
        printed.Error.ShouldContain("did not accept your certificate");
    }

    [Fact]
    public async Task An_answer_that_does_not_come_in_time_is_not_waited_for()
    {
        using var never = new ManualResetEventSlim();
        services.Tracking.Turnaround = _ =>
        {
            never.Wait();
            return Sample.Turnaround;
        };
        var printed = await services.Run("turnaround --timeout 200ms");
        never.Set();
        printed.ExitCode.ShouldBe(ExitCode.Unavailable);
        printed.Error.ShouldBe("exchange: Tracking did not answer in time.\n  Give it more with --timeout 2m.\n");
    }

    [Fact]
    public async Task Details_that_cannot_be_read_do_not_hide_the_sentence()
    {
        services.Tracking.Turnaround = _ => throw new RpcException(
            new(StatusCode.NotFound, "No such thing."), new Metadata { { "grpc-status-details-bin", [0xff, 0x01] } });
        (await services.Run("turnaround")).Error.ShouldBe("exchange: No such thing.\n");
    }

    [Theory]
    [InlineData("--as nobody turnaround", "There are: investigator, liaison-pl, liaison-pl-2, operator, prosecutor, prosecutor-2.")]
    [InlineData("--home /nowhere turnaround", "client.json cannot be read")]
    [InlineData("--tracking http://localhost:1 turnaround", "is not an address for --tracking")]
    [InlineData("--certificate nothing.pem turnaround", "nothing.pem does not exist")]
    [InlineData("--as ../services/requests turnaround", "There is no persona")]
    public async Task What_is_wrong_with_the_settings_is_said(string line, string expected)
    {
        var printed = await services.Run(line);
        printed.ExitCode.ShouldBe(ExitCode.Usage);
        printed.Error.ShouldContain(expected);
    }

    [Fact]
    public async Task Without_any_settings_it_says_what_to_give()
    {
        var printed = await Printed.By(["turnaround"]);
        printed.ExitCode.ShouldBe(ExitCode.Usage);
        printed.Error.ShouldContain("Give --home DIR (or EXCHANGE_HOME)");
    }

    [Fact]
    public async Task A_home_is_not_needed_when_everything_is_said()
    {
        var variables = new Dictionary<string, string>
        {
            ["EXCHANGE_REQUESTS"] = services.AddressOfRequests,
            ["EXCHANGE_ANCHORS"] = Path.Combine(services.Pki, "anchors"),
            ["EXCHANGE_CERTIFICATE"] = Path.Combine(services.Pki, "personas", "investigator.pem"),
        };
        (await Printed.By(["request", "show", "BY-2006-000042"], variables)).ExitCode.ShouldBe(ExitCode.Ok);
        var printed = await Printed.By(["turnaround"], variables);
        printed.Error.ShouldContain("The address of Tracking is not known.");
    }

    static BadRequest.Types.FieldViolation Violation(string field, string description) => new()
    {
        Field = field, Description = description,
    };

    void Refuse(StatusCode code, string sentence, params IMessage[] details) => services.Tracking.Turnaround = _ =>
        throw new Status { Code = (int)code, Message = sentence, Details = { details.Select(Any.Pack) } }.ToRpcException();
}
