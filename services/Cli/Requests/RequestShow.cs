using System.CommandLine;
using Exchange.Requests.V1;

namespace Exchange.Cli;

/// <summary>`exchange request show`: one letter, its days, limits and answers; its subjects for a purpose only.</summary>
static class RequestShow
{
    public static Command Create(CommandRunner runner)
    {
        var reference = RequestNames.Argument();
        var subjects = new Option<bool>("--subjects")
        {
            Description = "Also who it names; the reading is logged with purpose, case and reason",
        };
        var reading = new ReadingOptions();
        var because = new Option<string?>("--because") { Description = "The reason in your words, naming no person", HelpName = "TEXT" };
        var command = new Command("show", "One letter: its days, limits, answers and documents, and what you may do next.")
        {
            reference, subjects, reading.Purpose, reading.Case, because,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(subjects) && (!reading.AreGiven(result) || string.IsNullOrWhiteSpace(result.GetValue(because))))
                result.AddError("--subjects needs --purpose, --because and, but for recognition and execution, --case: every reading of an "
                    + "identity is logged with them.");
        });
        return runner.Handle(command, async session =>
        {
            var name = RequestNames.Of(session.Value(reference));
            var request = await session.Services.Requests.Call(requests =>
                requests.GetRequestAsync(new() { Name = name }, session.CallOptions()).ResponseAsync);
            ReadSubjectsResponse? identities = null;
            if (session.Value(subjects))
                identities = await session.Services.Requests.Call(requests => requests.ReadSubjectsAsync(new()
                {
                    Names = { name },
                    Purpose = session.Value(reading.Purpose).Value,
                    CaseNumber = session.Value(reading.Case) ?? "",
                    Justification = session.Value(because),
                }, session.CallOptions()).ResponseAsync);
            var documents = session.Format == Format.Table ? await DocumentNames.Of(session, request.Name) : [];
            Show(session, request, identities, documents);
            return ExitCode.Ok;
        }).WithExamples(
            "exchange request show BY-2004-003664",
            "exchange request show BY-2004-003664 --format json",
            "exchange --as investigator request show BY-2004-003664 --subjects --purpose investigation --case BY-GPK-2004-02232 --because"
                + " \"line-up of 3 March\"",
            "exchange --as liaison-pl request show BY-2026-000123 --subjects --purpose recognition --because \"ne bis in idem\"");
    }

    static void Show(Session session, MlaRequest request, ReadSubjectsResponse? identities, IReadOnlyList<Document> documents)
    {
        // With identities the answer of ReadSubjects takes the place of the bare subjects, so that JSON stays one message.
        if (identities?.Requests.FirstOrDefault() is { } read)
        {
            request.Subjects.Clear();
            request.Subjects.Add(read.Subjects);
        }
        switch (session.Format)
        {
            case Format.Csv:
                if (identities is null)
                    Csv.Write(session.Out, RequestColumns.Requests, [request]);
                else
                    Csv.Write(session.Out, RequestColumns.Subjects, request.Subjects);
                break;
            case Format.Json:
                Json.Write(session.Out, request);
                break;
            default:
                RequestPage.Draw(session.Screen, request, documents);
                break;
        }
        if (identities is { JournalEntry.Length: > 0 })
            session.Note($"This reading is logged as {identities.JournalEntry}.");
    }
}
