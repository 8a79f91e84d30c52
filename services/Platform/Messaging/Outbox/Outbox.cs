namespace Exchange.Platform;

/// <summary>Messages that are committed and not yet confirmed by the broker (table <c>outbox</c>).</summary>
public sealed class Outbox(Database database, MessageSigner signer)
{
    /// <summary>How many messages wait, and since when the oldest does.</summary>
    public async Task<(long Waiting, DateTimeOffset? Oldest)> Waiting(CancellationToken ct) =>
        (await database.Query("SELECT count(*), min(committed_at) FROM outbox", [],
            row => (row.GetInt64(0), row.IsDBNull(1) ? (DateTimeOffset?)null : row.GetFieldValue<DateTimeOffset>(1)), ct)).Single();

    /// <summary>
    /// Adds messages that are to be published once more, signed as one group; the dispatcher finds them once the lease has run out. One
    /// that waits there already is left alone.
    /// </summary>
    public async Task Add(IReadOnlyList<OutboxMessage> messages, DateTimeOffset leasedUntil, CancellationToken ct)
    {
        var signed = signer.Sign(messages);
        if (signed.Count == 0)
            return;
        var proof = signed[0].Proof!;
        await database.Execute(
            """
            WITH known AS (INSERT INTO message_certificates (id, certificate) VALUES ($6, $7) ON CONFLICT DO NOTHING)
            INSERT INTO outbox (id, type, body, proof, certificate_id, leased_until)
            SELECT id, type, body, proof, $6, $5 FROM unnest($1, $2, $3, $4) AS m (id, type, body, proof)
            ON CONFLICT DO NOTHING
            """,
            [signed.Select(m => m.Id).ToArray(), signed.Select(m => m.Type).ToArray(), signed.Select(m => m.Body).ToArray(),
                signed.Select(m => m.Proof!.Bytes).ToArray(), leasedUntil, proof.CertificateId, proof.Certificate], ct);
    }
}
