using System.Globalization;
using Exchange.Platform;

namespace Exchange.Requests;

/// <summary>Every refusal of the document exchange, by name.</summary>
static class DocumentRefusals
{
    /// <summary>Absent, or not this caller's to see; nobody can tell which.</summary>
    public static Refusal NotFound(string name) => new(RefusalKind.NotFound, "DOCUMENT_NOT_FOUND", $"There is no {name} that you may see.");

    public static Refusal TooMany(int most) => new(RefusalKind.NotAllowedNow, "TOO_MANY_DOCUMENTS",
        $"The request has {most} documents, and more are not taken in. Put several into one.");

    /// <param name="received">Where to go on.</param>
    public static Refusal OutOfPlace(long received) => new(RefusalKind.NotAllowedNow, "PIECE_OUT_OF_PLACE",
        $"The piece does not follow what was received; go on from byte {Number(received)}.");

    public static Refusal Different(long offset) => new(RefusalKind.NotAllowedNow, "PIECE_DIFFERS",
        $"Other bytes were received at {Number(offset)} before; a document that changed is another upload, under another command id.");

    public static Refusal NotWhole(long received, long size) => new(RefusalKind.NotAllowedNow, "UPLOAD_NOT_WHOLE",
        $"{Number(received)} of {Number(size)} bytes have arrived; go on from there.");

    public static Refusal HashMismatch(string field, string what) => new(RefusalKind.Invalid, "HASH_MISMATCH", what, [new(field, what)]);

    public static Refusal Damaged() => new(RefusalKind.Damaged, "DOCUMENT_DAMAGED",
        "What is stored is not what was received, so nothing more of it is shown. Tell your operator: his log names the document.");

    public static Refusal Erased() =>
        new(RefusalKind.NotAllowedNow, "DOCUMENT_ERASED", "The key of the request was destroyed; its documents cannot be read any more.");

    static string Number(long bytes) => bytes.ToString(CultureInfo.InvariantCulture);
}
