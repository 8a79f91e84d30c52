using Exchange.Platform;

namespace Exchange.Requests;

/// <summary>A resource name <c>requests/{uuid}/documents/{uuid}</c> or <c>requests/{uuid}/uploads/{uuid}</c>.</summary>
readonly record struct DocumentName(Guid Request, Guid Document)
{
    public const string Documents = "documents";
    public const string Uploads = "uploads";

    public static string Of(Guid request, string document) => Write(request, Documents, document);

    public static string OfUpload(Guid request, Guid upload) => Write(request, Uploads, upload.ToString());

    /// <summary>The name; null when it is none of this collection, or another spelling of one.</summary>
    public static DocumentName? Read(string name, string collection) =>
        name.Split('/') is [_, var request, _, var document] && Guid.TryParse(request, out var requestId)
            && Guid.TryParse(document, out var documentId)
            && name == Write(requestId, collection, documentId.ToString())
            ? new(requestId, documentId)
            : null;

    /// <summary>What is wrong with a name; null when it is sound.</summary>
    public static string? Fault(string name, string collection) =>
        Read(name, collection) is null ? $"must be requests/{{uuid}}/{collection}/{{uuid}}." : null;

    /// <exception cref="Refusal">Not such a name.</exception>
    public static DocumentName Parse(string name, string collection) =>
        Read(name, collection) ?? throw Refusal.Invalid([new("name", Fault(name, collection)!)]);

    static string Write(Guid request, string collection, string id) => $"{RequestId.NameOf(request)}/{collection}/{id}";
}
