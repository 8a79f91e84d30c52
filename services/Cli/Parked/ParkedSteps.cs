using System.CommandLine;
using Exchange.Operations.V1;

namespace Exchange.Cli;

/// <summary>`exchange parked replay` and `discard`: both leave an entry in the service's journal.</summary>
static class ParkedSteps
{
    public static Command Replay(CommandRunner runner)
    {
        var (id, service, because) = (Id(), ParkedService.Option(), Because());
        var command = new Command("replay",
            "Take one in again, once what was wrong is mended. One that fails stays parked; one that kills the service does so once more.")
        {
            id, service, because,
        };
        return runner.Handle(command, async session =>
        {
            var question = new ReplayParkedRequest
            {
                Id = session.Value(id), Justification = session.Value(because), CommandId = Guid.CreateVersion7().ToString(),
            };
            return ShowOutcome(session, await session.Repeat(() => session.Parked(service).Call(parked =>
                parked.ReplayParkedAsync(question, session.CallOptions()).ResponseAsync)));
        }).WithExamples("exchange parked replay 019a3c5e-0000-7000-8000-000000000001 --because \"mended in 1.4\" --as operator");
    }

    public static Command Discard(CommandRunner runner)
    {
        var (id, service, because) = (Id(), ParkedService.Option(), Because());
        var command = new Command("discard", "Throw one away for good.") { id, service, because };
        return runner.Handle(command, async session =>
        {
            var question = new DiscardParkedRequest
            {
                Id = session.Value(id), Justification = session.Value(because), CommandId = Guid.CreateVersion7().ToString(),
            };
            return ShowOutcome(session, await session.Repeat(() => session.Parked(service).Call(parked =>
                parked.DiscardParkedAsync(question, session.CallOptions()).ResponseAsync)));
        }).WithExamples("exchange parked discard 019a3c5e-0000-7000-8000-000000000001 --because \"a test message\" --as operator");
    }

    public static Argument<string> Id() => new("id") { Description = "Of the message, as the list says it" };

    static Option<string> Because() => new("--because")
    {
        Description = "Why; kept in the journal, so nothing about a person", HelpName = "TEXT", Required = true,
    };

    static int ShowOutcome(Session session, ParkedAnswer answer)
    {
        if (session.Format == Format.Json)
            session.Out.WriteLine(answer.ToString());
        else
            session.Out.WriteLine(answer.Outcome switch
            {
                ParkedOutcome.TakenIn => "Taken in; no longer parked.",
                ParkedOutcome.Discarded => "Thrown away.",
                _ => $"Still parked: {answer.Cause}",
            });
        return answer.Outcome is ParkedOutcome.StillParked ? ExitCode.Failed : ExitCode.Ok;
    }
}
