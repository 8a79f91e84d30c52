using System.CommandLine;
using System.Globalization;
using Exchange.Requests.V1;

namespace Exchange.Cli;

/// <summary>How a document is named on the command line.</summary>
static class DocumentNames
{
    public static Argument<string> Argument() => new("document")
    {
        Description = "Its number in document list (BY-2026-000123/1), or its name (requests/…/documents/…)",
    };

    public static async Task<IReadOnlyList<Document>> Of(Session session, string request)
    {
        var answer = await session.Services.Documents.Call(documents =>
            documents.ListDocumentsAsync(new() { Request = RequestNames.Of(request) }, session.CallOptions()).ResponseAsync);
        return answer.Documents;
    }

    public static async Task<Document> Find(Session session, string text)
    {
        if (text.Split("/documents/") is [var request, _])
            return (await Of(session, request)).FirstOrDefault(document => document.Name == text) ?? throw NotThere(text, request);
        if (text.LastIndexOf('/') is > 0 and var slash
            && int.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return (await Of(session, text[..slash])).ElementAtOrDefault(number - 1) ?? throw NotThere(text, text[..slash]);
        throw new CommandException(ExitCode.Usage, $"'{text}' is neither a file here nor a document.",
            "A document is written BY-2026-000123/1, by its number in exchange document list BY-2026-000123.");
    }

    static CommandException NotThere(string text, string request) => new(ExitCode.NotFound,
        $"There is no document {text}, or none that you may see.", $"exchange document list {request} shows those there are.");
}
