using System.CommandLine;
using Exchange.Requests.V1;

namespace Exchange.Cli;

/// <summary>Documents that go with a step: files, which are handed in first, or documents that are there already.</summary>
sealed class HandedOver(Inputs inputs, string option, DocumentKind kind)
{
    readonly Option<string[]> documents = inputs.Add(new Option<string[]>(option)
    {
        Description = "A file, which is handed in first, or a document that is there (REFERENCE/NUMBER or its name); may be repeated",
        HelpName = "FILE",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [],
    });

    readonly Option<Word<HandlingCode>> handling = inputs.Add(DocumentOptions.Handling());

    readonly Option<string?> language = inputs.Add(DocumentOptions.Language());

    /// <summary>The names of all; files are handed in, after which the request is as it then is.</summary>
    public async Task<IReadOnlyList<string>> Names(Taking taking)
    {
        var session = taking.Session;
        var given = session.Value(documents)!;
        var files = given.Where(File.Exists).ToList();
        if (files.Count > 0 && session.Value(handling).Value == HandlingCode.Unspecified)
            throw new Problem(ExitCode.Usage, $"It is not said what the receiver may do with {files[0]}.", "Give --handling H0, H1, H2 or H3.");
        if (files.Count > 0 && !taking.IsAllowed)
            throw new Problem(ExitCode.Failed, $"{taking.Request.Facts.Reference} is {Words.Spoken(taking.Request.Facts.Status)}, and this step is not yours to take now. Nothing was handed in.",
                $"exchange lifecycle --of {taking.Request.Facts.Reference} shows what you may do now.");
        List<string> names = [];
        foreach (var one in given)
            names.Add(files.Contains(one)
                ? (await DocumentUpload.Run(session, one, new()
                {
                    Request = taking.Request.Name,
                    Kind = kind,
                    HandlingCode = session.Value(handling).Value,
                    Language = taking.Text(language),
                })).Name
                : (await DocumentNames.Find(session, one)).Name);
        if (files.Count > 0)
            await ReadAgain(taking);
        return names;
    }

    // Handing in changed the request. What the partner must see before it goes on did not change unseen, however long it took.
    static async Task ReadAgain(Taking taking)
    {
        var before = taking.Request.Facts;
        taking.Request = await new Stepping(taking.Session).Read(taking.Request.Name);
        if (taking.Request.Facts.LetterVersion != before.LetterVersion || taking.Request.Facts.Status != before.Status)
            throw new Problem(ExitCode.Failed, "The request changed while the files were handed in; they are safe.",
                $"Look at it (exchange request show {before.Reference}) and run the command again.");
    }
}
