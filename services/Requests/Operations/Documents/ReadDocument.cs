using System.Security.Cryptography;
using Exchange.Platform;
using Exchange.Requests.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Exchange.Requests;

sealed partial class DocumentExchangeService
{
    /// <summary>
    /// Streams a document. That it is read is durable in its chain before anything is shown. Read from its first byte on, the
    /// last piece leaves only when the commitment to the whole agrees; a reader who goes on after a break verifies it himself.
    /// </summary>
    [Allow(CallerRole.Investigator, CallerRole.Prosecutor, CallerRole.Liaison)]
    public override async Task ReadDocument(ReadDocumentRequest request, IServerStreamWriter<ReadDocumentResponse> responseStream,
        ServerCallContext context)
    {
        var (caller, ct) = (context.Caller(), context.CancellationToken);
        var (view, record, key) = await AdmitReading(request, caller, ct);
        var id = Guid.Parse(record.DocumentId);
        await custody.Read(id, caller, new()
        {
            Handling = Handling.Read, Request = RequestId.NameOf(view.Id), Purpose = request.Purpose,
            Offset = request.Offset,
            EncryptedReason = key.Encrypt(RequestKey.Reading, new ReadingReason { CaseNumber = request.CaseNumber }),
        }, ct);

        await responseStream.WriteAsync(new() { Document = (await ToProto(view.Id, [record], ct))[0] }, ct);
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha256.AppendData(DocumentContent.DetailsOf(record, key).Salt.Span);
        var at = request.Offset;
        await foreach (var part in content.Read(id, key, request.Offset, record.Size, ct))
        {
            sha256.AppendData(part.Span);
            at += part.Length;
            if (request.Offset == 0 && at == record.Size && !record.Commitment.Span.SequenceEqual(sha256.GetHashAndReset()))
                throw content.Damaged(id, 0);
            await responseStream.WriteAsync(new() { Data = UnsafeByteOperations.UnsafeWrap(part) }, ct);
        }
    }

    async Task<(RequestView View, DocumentRecord Record, RequestKey Key)> AdmitReading(ReadDocumentRequest request, Caller caller,
        CancellationToken ct)
    {
        List<Violation> faults = [.. Purposes.Faults(request.Purpose)];
        if (DocumentName.Fault(request.Name, DocumentName.Documents) is { } fault)
            faults.Add(new("name", fault));
        if (request.Offset < 0)
            faults.Add(new("offset", "must not be negative."));
        if (faults.Count > 0)
            throw Refusal.Invalid(faults);

        var (view, record) = await FindDocument(request.Name, caller, ct);
        await Purposes.Check(request.Purpose, request.CaseNumber, caller, view, cases, ct);
        if (request.Offset >= record.Size)
            throw Refusal.Invalid([new("offset", $"must lie within the {record.Size} bytes of the document.")]);
        return (view, record, await keys.Load(view.Id, ct) ?? throw DocumentRefusals.Erased());
    }
}
