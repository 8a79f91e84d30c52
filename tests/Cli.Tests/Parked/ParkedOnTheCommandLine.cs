using Exchange.Operations.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Exchange.Cli.Tests;

public sealed class ParkedOnTheCommandLine(CannedServices services) : IClassFixture<CannedServices>
{
    [Fact]
    public async Task A_list_says_why_of_each()
    {
        (await services.Run("parked list")).Out.ShouldBe(
            """
            019a3c5e-0000-7000-8000-000000000001  RequestChanged
              2026-11-18 11:06Z, 2 tries
              FormatException: no
            019a3c5e-0000-7000-8000-000000000002  RequestChanged
              2026-11-18 11:06Z, 2 tries
              FormatException: no
            2 messages are parked.

            """);
        (await services.Run("parked list --format csv")).Lines[1].ShouldBe(
            "019a3c5e-0000-7000-8000-000000000001,RequestChanged,2026-11-18 11:06Z,2,FormatException: no");
    }

    [Fact]
    public async Task One_is_shown_with_its_content() =>
        (await services.Run("parked show 019a3c5e-0000-7000-8000-000000000001")).Out.ShouldEndWith("FormatException: no\n\nrequests 17\n");

    [Theory]
    [InlineData("replay", ParkedOutcome.TakenIn, ExitCode.Ok, "Taken in; no longer parked.\n")]
    [InlineData("replay", ParkedOutcome.StillParked, ExitCode.Failed, "Still parked: FormatException: no\n")]
    [InlineData("discard", ParkedOutcome.Discarded, ExitCode.Ok, "Thrown away.\n")]
    public async Task What_became_of_it_is_said(string verb, ParkedOutcome outcome, int exitCode, string said)
    {
        services.Parked.Outcome = outcome;
        var printed = await services.Run(["parked", verb, "x", "--because", "it is mended", "--service", "correlation"]);
        (printed.ExitCode, printed.Out).ShouldBe((exitCode, said));
        services.Parked.Because.ShouldBe("it is mended");
        Guid.Parse(services.Parked.Command).Version.ShouldBe(7);
    }

    [Theory]
    [InlineData("parked replay x")]
    [InlineData("parked discard x")]
    public async Task Nothing_is_done_without_a_reason(string line) => (await services.Run(line)).ExitCode.ShouldBe(ExitCode.Usage);
}

sealed class CannedParked : ParkedMessages.ParkedMessagesBase
{
    public ParkedOutcome Outcome { get; set; }

    public string Because { get; private set; } = "";

    public string Command { get; private set; } = "";

    public override Task<ListParkedResponse> ListParked(ListParkedRequest request, ServerCallContext context) => Task.FromResult(
        request.PageToken.Length == 0 ? new ListParkedResponse { Messages = { Message(1) }, NextPageToken = "more" }
            : new() { Messages = { Message(2) } });

    public override Task<ParkedMessage> GetParked(GetParkedRequest request, ServerCallContext context) => Task.FromResult(Message(1));

    public override Task<ParkedAnswer> ReplayParked(ReplayParkedRequest request, ServerCallContext context) =>
        Answer(request.Justification, request.CommandId);

    public override Task<ParkedAnswer> DiscardParked(DiscardParkedRequest request, ServerCallContext context) =>
        Answer(request.Justification, request.CommandId);

    Task<ParkedAnswer> Answer(string because, string command)
    {
        (Because, Command) = (because, command);
        return Task.FromResult(
            new ParkedAnswer { Outcome = Outcome, Cause = Outcome is ParkedOutcome.StillParked ? "FormatException: no" : "" });
    }

    static ParkedMessage Message(int number) => new()
    {
        Id = $"019a3c5e-0000-7000-8000-00000000000{number}", Type = "RequestChanged", Cause = "FormatException: no", Tries = 2,
        ParkedAt = new DateTime(2026, 11, 18, 11, 6, 0, DateTimeKind.Utc).ToTimestamp(), Body = ByteString.CopyFromUtf8("requests 17"),
    };
}
