using System.CommandLine;
using Exchange.Requests.V1;

namespace Exchange.Cli;

/// <summary>Documents that go with a step: files, which are handed in first, or documents that are there already.</summary>
sealed class AttachedDocuments(StepOptions options, string option, DocumentKind kind)
{
    readonly Option<string[]> documents = options.Add(new Option<string[]>(option)
    {
        Description = "A file, which is handed in first, or a document that is there (REFERENCE/NUMBER or its name); may be repeated",
        HelpName = "FILE",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [],
    });

    readonly Option<Choice<HandlingCode>> handling = options.Add(DocumentCommandOptions.Handling());

    readonly Option<string?> language = options.Add(DocumentCommandOptions.Language());

    /// <summary>
    /// Resource names of all that was given. Files are handed in first; then the request is read again, because that changed it.
    /// </summary>
    public async Task<IReadOnlyList<string>> Names(StepContext context)
    {
        var session = context.Session;
        var given = session.Value(documents)!;
        var files = given.Where(File.Exists).ToList();
        if (files.Count > 0 && session.Value(handling).Value == HandlingCode.Unspecified)
            throw new CommandException(ExitCode.Usage, $"It is not said what the receiver may do with {files[0]}.",
                "Give --handling H0, H1, H2 or H3.");
        if (files.Count > 0 && !context.IsAllowed)
            throw new CommandException(ExitCode.Failed,
                $"{context.Request.Facts.Reference} is {EnumText.Plain(context.Request.Facts.Status)}, and this step is not yours to take"
                + " now. Nothing was handed in.",
                $"exchange lifecycle --of {context.Request.Facts.Reference} shows what you may do now.");
        var first = context.Documents.Count;
        foreach (var one in given)
            context.Documents.Add(files.Contains(one)
                ? await DocumentUpload.Run(session, one, new()
                {
                    Request = context.Request.Name,
                    Kind = kind,
                    HandlingCode = session.Value(handling).Value,
                    Language = context.Text(language),
                })
                : await DocumentNames.Find(session, one));
        if (files.Count > 0)
            await ReadAgain(context);
        return [.. context.Documents.Skip(first).Select(document => document.Name)];
    }

    // Handing in changed the request. What the partner must see before it goes on did not change unseen, however long it took.
    static async Task ReadAgain(StepContext context)
    {
        var before = context.Request.Facts;
        context.Request = await new StepClient(context.Session).Read(context.Request.Name);
        if (context.Request.Facts.LetterVersion != before.LetterVersion || context.Request.Facts.Status != before.Status)
            throw new CommandException(ExitCode.Failed, "The request changed while the files were handed in; they are safe.",
                $"Look at it (exchange request show {before.Reference}) and run the command again.");
    }
}
