using System.Security.Cryptography;
using System.Text.Json;
using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Requests.V1;
using Google.Protobuf.WellKnownTypes;
using NpgsqlTypes;

namespace Exchange.Benchmarks;

/// <summary>
/// What a filing writes, in a filing's sizes: a journal entry of 1,000 bytes, a state row of 1,050 bytes beside its columns,
/// an event of about as many. Every raw way writes the very same rows and has their bytes ready; ours still has to compose them.
/// </summary>
static class Filing
{
    public static readonly StateTable State = new("requests",
    [
        ("reference", NpgsqlDbType.Text), ("case_index", NpgsqlDbType.Text), ("requesting_state", NpgsqlDbType.Text),
        ("requested_state", NpgsqlDbType.Text), ("status", NpgsqlDbType.Smallint), ("transmitted_on", NpgsqlDbType.Date),
        ("fingerprint", NpgsqlDbType.Bytea), ("facts", NpgsqlDbType.Bytea), ("subjects", NpgsqlDbType.Bytea),
        ("dossier", NpgsqlDbType.Bytea), ("letter", NpgsqlDbType.Bytea),
        ("assigned_by_requesting", NpgsqlDbType.Text), ("assigned_by_requested", NpgsqlDbType.Text), ("live", NpgsqlDbType.Boolean),
        ("particulars", NpgsqlDbType.Bytea),
    ]);

    /// <summary>The event as JSON.</summary>
    public static readonly byte[] Event = JsonSerializer.SerializeToUtf8Bytes(Changed(Guid.CreateVersion7()), ContractJson.Options);

    public static readonly byte[] Entry = RandomNumberGenerator.GetBytes(1_000);
    public static readonly byte[] Digest = RandomNumberGenerator.GetBytes(32);
    public static readonly byte[] Hash = SHA256.HashData(Entry);
    public static readonly byte[] Mac = RandomNumberGenerator.GetBytes(33);

    /// <summary>As long as a proof in a full group.</summary>
    public static readonly byte[] Proof = RandomNumberGenerator.GetBytes(361);

    const string Index = "1.00112233445566778899aabbccddeeff";

    static readonly byte[] Particulars = RandomNumberGenerator.GetBytes(100);
    static readonly byte[] Facts = RandomNumberGenerator.GetBytes(250);
    static readonly byte[] Subjects = RandomNumberGenerator.GetBytes(200);
    static readonly byte[] Dossier = RandomNumberGenerator.GetBytes(150);
    static readonly byte[] Letter = RandomNumberGenerator.GetBytes(350);

    public static Append Append(DateTimeOffset now)
    {
        var id = Guid.CreateVersion7();
        return new(id, 1, Guid.CreateVersion7(), Digest, Entry, now, new(State, Values(id)), Changed(id));
    }

    /// <summary>The columns of the state table.</summary>
    public static object?[] Values(Guid id) =>
    [
        id.ToString("N"), Index, "BY", "PL", (short)Status.Transmitted, new DateOnly(2026, 3, 2), null,
        Facts, Subjects, Dossier, Letter, Index, null, true, Particulars,
    ];

    public static RequestChanged Changed(Guid id) => new($"requests/{id}", 1, new()
    {
        Request = $"requests/{id}", Version = 1, RecordedAt = Timestamp.FromDateTimeOffset(DateTimeOffset.UnixEpoch),
        Reference = "BY-2026-000123",
        RequestingState = "BY", RequestedState = "PL",
        Instrument = "UNTOC-2000", Offence = "trafficking_in_persons", Measures = { "hearing_of_witness", "obtaining_documents" },
        Urgency = Urgency.Routine, Channel = Channel.OnExchange, Status = Status.Transmitted, TransmittedOn = "2026-03-02",
        TimeLimits = { new TimeLimit { Kind = LimitKind.Policy, StartOn = "2026-03-02", DueOn = "2026-08-29", PolicyVersion = "2026-1" } },
        Origin = Origin.OnTheExchange,
    });
}
