using Exchange.Platform;
using Exchange.Requests.V1;
using Npgsql;

namespace Exchange.Requests;

/// <summary>A document that is being uploaded, or has been.</summary>
/// <param name="Record">What was announced.</param>
/// <param name="Received">Bytes that are safe here.</param>
/// <param name="Attempt">Tells what arrived from what was thrown away before.</param>
/// <param name="Verified">Size and hash agreed.</param>
sealed record UploadState(Guid Id, Guid Request, DocumentRecord Record, long Received, int Attempt, bool Verified);

/// <summary>
/// All SQL over <c>uploads</c>. Every statement says what it expects to find, so that of two clients, of a repeat and of a
/// latecomer only one has an effect.
/// </summary>
sealed class UploadStore(Database database, TimeProvider time)
{
    public async Task<UploadState?> Find(Guid id, CancellationToken ct) => (await database.Query(
        "SELECT id, request_id, record, received, attempt, verified FROM uploads WHERE id = $1", [id], Read, ct)).FirstOrDefault();

    /// <summary>Keeps an announcement, unless its id is known already, here or as another command or aggregate.</summary>
    public Task Announce(Guid request, DocumentRecord record, CancellationToken ct) => database.Execute(
        """
        INSERT INTO uploads (id, request_id, record, size, touched_at) SELECT $1, $2, $3, $4, $5
        WHERE NOT EXISTS (SELECT FROM journal WHERE command_id = $1 OR aggregate_id = $1) ON CONFLICT DO NOTHING
        """,
        [Guid.Parse(record.DocumentId), request, Google.Protobuf.MessageExtensions.ToByteArray(record), record.Size, Now], ct);

    /// <summary>Keeps a piece if it is the next one; durable before this returns true.</summary>
    /// <param name="length">Bytes of its plain text.</param>
    /// <param name="ciphertext">The piece as <see cref="DocumentContent"/> gives it.</param>
    public async Task<bool> Keep(Guid id, int attempt, long firstByte, int length, byte[] ciphertext, CancellationToken ct) =>
        await database.Execute(
        """
        WITH next AS (
          UPDATE uploads SET received = received + $4, touched_at = $6
          WHERE id = $1 AND attempt = $2 AND received = $3 AND size - received >= $4 RETURNING id)
        INSERT INTO document_pieces (document_id, first_byte, content) SELECT id, $3, $5 FROM next
        """,
        [id, attempt, firstByte, (long)length, ciphertext, Now], ct) == 1;

    /// <summary>From now on it is kept as it is. False when it was thrown away meanwhile.</summary>
    /// <param name="upload">With the commitment to its content.</param>
    public async Task<bool> Verify(UploadState upload, CancellationToken ct) => await database.Execute(
        "UPDATE uploads SET verified = true, record = $3 WHERE id = $1 AND attempt = $2 AND received = size",
        [upload.Id, upload.Attempt, Google.Protobuf.MessageExtensions.ToByteArray(upload.Record)], ct) == 1;

    /// <summary>Throws away what arrived, unless somebody else did, or found it sound.</summary>
    public Task StartOver(UploadState upload, CancellationToken ct) => database.Execute(
        """
        WITH over AS (
          UPDATE uploads SET received = 0, attempt = attempt + 1 WHERE id = $1 AND attempt = $2 AND NOT verified RETURNING id)
        DELETE FROM document_pieces USING over WHERE document_id = over.id
        """,
        [upload.Id, upload.Attempt], ct);

    /// <summary>Deletes what nobody went on with. What was verified stays: its receipt is in the journal.</summary>
    public Task<int> DeleteLeft(TimeSpan after, CancellationToken ct) =>
        database.Execute("DELETE FROM uploads WHERE NOT verified AND touched_at < $1", [Now - after], ct);

    DateTimeOffset Now => time.GetUtcNow();

    static UploadState Read(NpgsqlDataReader row) => new(row.GetGuid(0), row.GetGuid(1),
        DocumentRecord.Parser.ParseFrom(row.GetFieldValue<byte[]>(2)), row.GetInt64(3), row.GetInt32(4), row.GetBoolean(5));
}
