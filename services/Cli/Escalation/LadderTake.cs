using System.CommandLine;
using Exchange.Client;
using Exchange.Requests.V1;
using Exchange.Tracking.V1;

namespace Exchange.Cli;

/// <summary>`exchange ladder take`: a prosecutor confirms the letter by which silence is raised with a partner.</summary>
static class LadderTake
{
    public static Command Create(CommandRunner runner)
    {
        var partner = new Argument<string>("partner") { Description = "The requested state" };
        var rung = TypedOptions.ChoiceWithoutDefault<Rung>("--rung", "Which rung",
            ("reminder", Rung.Reminder), ("second-reminder", Rung.SecondReminder), ("central-authority", Rung.CentralAuthority),
            ("liaison-channel", Rung.LiaisonChannel));
        rung.Required = true;
        var requests = new Option<string[]>("--request")
        {
            Description = "Only for these of the requests that are due; may be repeated",
            HelpName = "REFERENCE",
            DefaultValueFactory = _ => [],
        };
        var letter = new Option<string?>("--letter")
        {
            Description = $"Another letter than the one proposed ({TextInput.Hint})", HelpName = "TEXT",
        };
        var yes = new Option<bool>("--yes") { Description = "Do not ask" };
        var command = new Command("take", "Confirm a rung that is due: shows the letter, and asks.")
        {
            partner, rung, requests, letter, yes,
        };
        return runner.Handle(command, async session =>
        {
            var due = await Due(session, session.Value(partner).ToUpperInvariant(), session.Value(rung));
            var chosen = Chosen(due, session.Value(requests)!);
            var text = TextInput.Read(session, session.Value(letter)) is { Length: > 0 } own ? own : Without(due, chosen);
            session.Note(
                $"{EnumText.Plain(due.Rung)} to {due.Partner}, {TextFormat.Count(chosen.Count, "request", "requests")}:\n\n{text}\n");
            if (!session.Value(yes) && !Agrees(session))
                return ExitCode.Failed;
            var question = new TakeRungRequest
            {
                Partner = due.Partner,
                Rung = due.Rung,
                Requests = { chosen.Select(request => request.Request) },
                Letter = text,
                CommandId = Guid.CreateVersion7().ToString(),
            };
            if (!ActSigning.CanSign(session.Services.Own))
            {
                throw new CommandException(ExitCode.Usage, "A rung is signed, and the key of your certificate is not one of ECDSA P-256.",
                    "--as or --certificate chooses another.");
            }
            RungSigning.Sign(question, session.Services.Own);
            Show(session, await session.Repeat(() => session.Services.Escalation.Call(ladder =>
                ladder.TakeRungAsync(question, session.CallOptions()).ResponseAsync)));
            return ExitCode.Ok;
        }).WithExamples(
            "exchange ladder take PL --rung reminder",
            "exchange ladder take PL --rung second-reminder --request BY-2026-000123 --letter @letter.txt --yes");
    }

    static async Task<DueRung> Due(Session session, string partner, Choice<Rung> rung)
    {
        var due = await session.Services.Escalation.Call(ladder =>
            ladder.ListDueRungsAsync(new() { Partners = { partner } }, session.CallOptions()).ResponseAsync);
        return due.Rungs.FirstOrDefault(one => one.Partner == partner && one.Rung == rung.Value)
            ?? throw new CommandException(ExitCode.Failed, $"No {EnumText.Plain(rung.Value)} is due with {partner}.",
                "exchange ladder due shows what is.");
    }

    static List<RungRequest> Chosen(DueRung due, string[] references)
    {
        var unknown = references.Except(due.Requests.Select(request => request.Reference))
            .Except(due.Requests.Select(request => request.Request)).ToList();
        return unknown.Count > 0
            ? throw new CommandException(ExitCode.Usage, $"Not due for this rung: {string.Join(", ", unknown)}.",
                $"exchange ladder due --partner {due.Partner} shows what is.")
            : [.. due.Requests.Where(request =>
                references.Length == 0 || references.Contains(request.Reference) || references.Contains(request.Request))];
    }

    // The letter proposed has a line for each request; those of requests left out go.
    static string Without(DueRung due, List<RungRequest> chosen)
    {
        var leftOut = due.Requests.Except(chosen).Select(request => request.Reference).ToList();
        return string.Join('\n',
            due.Letter.Split('\n').Where(line => !leftOut.Exists(reference => line.Contains(reference, StringComparison.Ordinal))));
    }

    static bool Agrees(Session session)
    {
        session.Note("Send it? [y/N]");
        var agreed = session.In.ReadLine()?.Trim().ToLowerInvariant() is "y" or "yes";
        if (!agreed)
            session.Note("It was not sent. --yes sends without asking, --letter @FILE another text.");
        return agreed;
    }

    static void Show(Session session, TakenRung taken)
    {
        if (session.Format == Format.Csv)
            Csv.Write(session.Out, LadderLists.TakenColumns, [taken]);
        else if (session.Format == Format.Json)
            Json.Write(session.Out, taken);
        else
            session.Out.WriteLine($"{EnumText.Plain(taken.Rung)} to {taken.Partner} taken on {taken.TakenOn} ({taken.Name}).");
    }
}
