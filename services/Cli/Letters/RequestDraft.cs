using System.CommandLine;
using Exchange.Requests.V1;

namespace Exchange.Cli;

/// <summary>`exchange request draft`: opens a draft and says what is still missing.</summary>
static class RequestDraft
{
    public static Command Create(CommandRunner runner)
    {
        var file = new Argument<string>("letter.json") { Description = "The letter as far as it is known; - reads standard input" };
        var supersedes = new Option<string?>("--supersedes")
        {
            Description = "The request it replaces, if it does", HelpName = "REFERENCE",
        };
        var command = new Command("draft", "Open a draft; it gets its reference.") { file, supersedes };
        return runner.Handle(command, async session =>
        {
            var question = new CreateDraftRequest
            {
                Letter = LetterFile.Read(session, session.Value(file)),
                CommandId = Guid.CreateVersion7().ToString(),
                Supersedes = session.Value(supersedes) is { } other ? RequestNames.Of(other) : "",
            };
            var opened = await session.Repeat(() => session.Services.Requests.Call(requests =>
                requests.CreateDraftAsync(question, session.CallOptions()).ResponseAsync));
            StepResult.Show(session, opened);
            LetterFaults.Note(session, await LetterClient.Read(session, opened.Request.Name));
            return ExitCode.Ok;
        }).WithExamples(
            "exchange request draft letter.json --as investigator",
            "exchange request draft mended.json --supersedes BY-2026-000123 --as investigator");
    }
}
