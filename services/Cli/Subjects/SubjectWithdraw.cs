using System.CommandLine;
using System.Globalization;
using Exchange.Requests.V1;

namespace Exchange.Cli;

/// <summary>`exchange subject withdraw`: subjects that do not belong to the request any more.</summary>
static class SubjectWithdraw
{
    public static Command Create(CommandRunner runner)
    {
        var reference = RequestNames.Argument();
        var subjects = new Argument<string[]>("subject")
        {
            Description = "Its number, as in `{subject 1}`, or its name", Arity = ArgumentArity.OneOrMore,
        };
        var because = new Option<string?>("--because") { Description = "Why; required after transmission", HelpName = "TEXT" };
        var command = new Command("withdraw", "Withdraw a subject; its number is not given to another.") { reference, subjects, because };
        return runner.Handle(command, async session =>
        {
            var steps = new StepClient(session);
            var request = await steps.Read(session.Value(reference));
            return await steps.Take(request, new()
            {
                NameSubjects = new()
                {
                    Withdraw = { session.Value(subjects).Select(subject => NameOf(request, subject)) },
                    Reason = TextInput.Read(session, session.Value(because)),
                },
            });
        }).WithExamples("exchange subject withdraw BY-2026-000123 2 --because \"another person of the same name\" --as investigator");
    }

    static string NameOf(MlaRequest request, string text) =>
        !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? text
        : request.Subjects.FirstOrDefault(subject => subject.Number == number)?.Name
            ?? throw new CommandException(ExitCode.Usage, $"{request.Facts.Reference} has no subject {text}.",
                $"exchange request show {request.Facts.Reference} shows them with their numbers.");
}
