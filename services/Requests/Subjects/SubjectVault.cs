using System.Security.Cryptography;
using Exchange.Platform;
using Exchange.Requests.V1;
using Google.Protobuf;
using Npgsql;
using NpgsqlTypes;

namespace Exchange.Requests;

/// <summary>A subject before it is sealed.</summary>
sealed record OpenSubject(Guid Id, SubjectKind Kind, SubjectRole Role, SubjectIdentity Identity);

/// <summary>
/// Encrypts each subject's identity under a key of its own (AES-256-GCM). Keys live wrapped in a database of their own;
/// destroying one erases the identity everywhere, journal and backups included. A ciphertext moved to another request or
/// subject does not open.
/// </summary>
sealed class SubjectVault(ServiceKey serviceKey, [FromKeyedServices(SubjectVault.Keys)] NpgsqlDataSource keys)
{
    /// <summary>Name of the key database, also of its connection string.</summary>
    public const string Keys = "Keys";

    readonly byte[] wrapping = serviceKey.Derive("exchange subject keys v1");
    readonly byte[] fingerprinting = serviceKey.Derive("exchange register fingerprint v1");

    /// <summary>Keyed hash of a register's row: its content cannot be guessed back from it.</summary>
    public byte[] Fingerprint(ReadOnlySpan<byte> canonical) => HMACSHA256.HashData(fingerprinting, canonical);

    /// <summary>Seals the subjects of many requests. The keys are durable before this returns, in one round trip.</summary>
    public async Task<List<SubjectsNamed>> SealMany(
        IReadOnlyList<(Guid RequestId, IReadOnlyList<OpenSubject> Subjects)> requests, CancellationToken ct)
    {
        List<Guid> ids = [];
        List<byte[]> wrapped = [];
        List<SubjectsNamed> named = [];
        foreach (var (request, subjects) in requests)
        {
            var sealedOnes = new SubjectsNamed();
            foreach (var subject in subjects)
            {
                var key = RandomNumberGenerator.GetBytes(Sealing.KeyLength);
                ids.Add(subject.Id);
                wrapped.Add(Sealing.Seal(wrapping, key, Sealing.Bytes(subject.Id)));
                sealedOnes.Subjects.Add(new SealedSubject
                {
                    SubjectId = subject.Id.ToString(), Kind = subject.Kind, Role = subject.Role,
                    Ciphertext = ByteString.CopyFrom(Sealing.Seal(key, subject.Identity.ToByteArray(), [.. Sealing.Bytes(request), .. Sealing.Bytes(subject.Id)])),
                });
                CryptographicOperations.ZeroMemory(key);
            }
            named.Add(sealedOnes);
        }
        if (ids.Count > 0)
            await Store(ids, wrapped, ct);
        return named;
    }

    /// <summary>The subjects after some were added and some withdrawn; a withdrawn one keeps its place, for letters count by it.</summary>
    /// <param name="version">The version of the request that this makes.</param>
    public async Task<SubjectsNamed> Name(Guid request, SubjectsNamed standing, NameSubjects act, int version, CancellationToken ct)
    {
        var named = standing.Clone();
        foreach (var subject in named.Subjects.Where(subject => act.Withdraw.Contains(Outline(request, subject).Name)))
            subject.WithdrawnIn = version;
        var added = act.Add.Select(subject => new OpenSubject(Guid.CreateVersion7(), subject.Kind, subject.Role, subject.Identity ?? new())).ToList();
        named.Subjects.Add((await SealMany([(request, added)], ct))[0].Subjects);
        return named;
    }

    /// <summary>Opens the identities of these requests' subjects; one whose key was destroyed comes without identity.</summary>
    public async Task<List<List<Subject>>> Open(IReadOnlyList<RequestState> requests, CancellationToken ct)
    {
        var known = await Load([.. requests.SelectMany(r => r.Subjects.Subjects).Select(s => Guid.Parse(s.SubjectId))], ct);
        return [.. requests.Select(request => request.Subjects.Subjects.Select(subject => Open(request.Id, subject, known)).ToList())];
    }

    /// <summary>A subject as anybody may see it who sees the request.</summary>
    public static Subject Outline(Guid request, SealedSubject subject) =>
        new() { Name = $"{RequestState.NameOf(request)}/subjects/{subject.SubjectId}", Kind = subject.Kind, Role = subject.Role, Withdrawn = subject.WithdrawnIn > 0 };

    Subject Open(Guid request, SealedSubject subject, Dictionary<Guid, byte[]> known)
    {
        var opened = Outline(request, subject);
        var id = Guid.Parse(subject.SubjectId);
        if (known.TryGetValue(id, out var wrapped))
        {
            var key = Sealing.Open(wrapping, wrapped, Sealing.Bytes(id));
            opened.Identity = SubjectIdentity.Parser.ParseFrom(Sealing.Open(key, subject.Ciphertext.Span, [.. Sealing.Bytes(request), .. Sealing.Bytes(id)]));
            CryptographicOperations.ZeroMemory(key);
        }
        return opened;
    }

    async Task Store(List<Guid> ids, List<byte[]> wrapped, CancellationToken ct)
    {
        await using var command = keys.CreateCommand("INSERT INTO subject_keys (subject_id, wrapped) SELECT * FROM unnest($1, $2)");
        command.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid, Value = ids.ToArray() });
        command.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea, Value = wrapped.ToArray() });
        await command.ExecuteNonQueryAsync(ct);
    }

    async Task<Dictionary<Guid, byte[]>> Load(Guid[] ids, CancellationToken ct)
    {
        await using var command = keys.CreateCommand("SELECT subject_id, wrapped FROM subject_keys WHERE subject_id = ANY($1)");
        command.Parameters.Add(new() { Value = ids });
        await using var reader = await command.ExecuteReaderAsync(ct);
        Dictionary<Guid, byte[]> known = [];
        while (await reader.ReadAsync(ct))
            known.Add(reader.GetGuid(0), reader.GetFieldValue<byte[]>(1));
        return known;
    }
}
