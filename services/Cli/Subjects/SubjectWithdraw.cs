using System.CommandLine;
using System.Globalization;
using Exchange.Requests.V1;

namespace Exchange.Cli;

/// <summary>`exchange subject withdraw`: subjects that do not belong to the request any more.</summary>
static class SubjectWithdraw
{
    public static Command Create(Shell shell)
    {
        var reference = RequestNames.Argument();
        var subjects = new Argument<string[]>("subject") { Description = "Its number, as in `{subject 1}`, or its name", Arity = ArgumentArity.OneOrMore };
        var because = new Option<string?>("--because") { Description = "Why; required after transmission", HelpName = "TEXT" };
        var command = new Command("withdraw", "Withdraw a subject; its number is not given to another.") { reference, subjects, because };
        return shell.Carries(command, async session =>
        {
            var stepping = new Stepping(session);
            var request = await stepping.Read(session.Value(reference));
            return await stepping.Take(request, new()
            {
                NameSubjects = new()
                {
                    Withdraw = { session.Value(subjects).Select(subject => NameOf(request, subject)) },
                    Reason = Texts.Read(session, session.Value(because)),
                },
            });
        }).WithExamples("exchange subject withdraw BY-2026-000123 2 --because \"another person of the same name\" --as investigator");
    }

    static string NameOf(MlaRequest request, string text) =>
        !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? text
        : request.Subjects.ElementAtOrDefault(number - 1)?.Name
            ?? throw new Problem(ExitCode.Usage, $"{request.Facts.Reference} has no subject {text}.",
                $"exchange request show {request.Facts.Reference} shows them with their numbers.");
}
