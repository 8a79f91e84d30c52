using System.CommandLine;
using Exchange.Client;
using Exchange.Requests.V1;
using Grpc.Core;

namespace Exchange.Cli;

/// <summary>`exchange request edit`: saves a draft, once or whenever the file changes.</summary>
static class RequestEdit
{
    static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    public static Command Create(CommandRunner runner)
    {
        var reference = RequestNames.Argument();
        var file = new Argument<string>("letter.json")
        {
            Description = "The whole letter; request letter --format json writes one, - reads standard input",
        };
        var watch = new Option<bool>("--watch") { Description = "Save whenever the file changes, until Ctrl-C" };
        var command = new Command("edit", "Save a draft, complete or not, and say what is still missing.") { reference, file, watch };
        return runner.Handle(command, async session =>
        {
            var steps = new StepClient(session);
            var request = await steps.Read(session.Value(reference));
            if (!session.Value(watch))
            {
                await Save(session, steps, request, LetterFile.Read(session, session.Value(file)));
                return ExitCode.Ok;
            }
            return await Watch(session, steps, request, session.Value(file));
        }).WithExamples(
            "exchange request edit BY-2026-000123 letter.json --as investigator",
            "exchange request edit BY-2026-000123 letter.json --watch --as investigator");
    }

    static async Task<MlaRequest> Save(Session session, StepClient steps, MlaRequest request, Letter letter)
    {
        var saved = await steps.Send(request, new() { SaveDraft = new() { Letter = letter } });
        StepResult.Show(session, saved);
        LetterFaults.Note(session, await LetterClient.Read(session, request.Name));
        return saved.Request;
    }

    // Goes on from the version it wrote itself: what somebody else wrote meanwhile is not overwritten, but ends the watch.
    static async Task<int> Watch(Session session, StepClient steps, MlaRequest request, string file)
    {
        session.Note($"{file} is saved whenever it changes; Ctrl-C ends it.");
        (DateTime, long) seen = default;
        Letter? last = null;
        while (true)
        {
            var now = new FileInfo(file) is { Exists: true } there ? (there.LastWriteTimeUtc, there.Length) : seen;
            if (now != seen)
                try
                {
                    seen = now;
                    var letter = LetterFile.Read(session, file);
                    if (!letter.Equals(last))
                        request = await Save(session, steps, request, letter);
                    last = letter;
                }
                catch (CommandException problem)
                {
                    // Half-written, or mistyped: the next change may mend it.
                    session.Note($"not saved: {problem.Message}");
                }
                catch (ServiceCallException failure) when (failure.Cause.StatusCode == StatusCode.InvalidArgument)
                {
                    ErrorReport.Write(session.NoteWriter, failure);
                }
            await Task.Delay(LookEvery, session.Time, session.Stop);
        }
    }
}
