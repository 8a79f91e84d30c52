using System.Security.Cryptography;
using Exchange.Platform;
using Exchange.Requests.V1;
using Google.Protobuf;
using Npgsql;
using NpgsqlTypes;

namespace Exchange.Requests;

/// <summary>A subject before it is encrypted.</summary>
sealed record PlainSubject(Guid Id, SubjectKind Kind, SubjectRole Role, SubjectIdentity Identity);

/// <summary>Subjects encrypted under keys that are not stored yet.</summary>
/// <param name="Subjects">As an entry and the request's row will hold them.</param>
/// <param name="Keys">The wrapped key of each subject that is new.</param>
sealed record EncryptedSubjects(SubjectsNamed Subjects, IReadOnlyList<(Guid SubjectId, byte[] Wrapped)> Keys);

/// <summary>
/// Encrypts each subject's identity under a key of its own (AES-256-GCM). Keys are wrapped and stored in a database of their own;
/// destroying one erases the identity everywhere, journal and backups included. A ciphertext moved to another request or
/// subject cannot be decrypted.
/// </summary>
sealed class SubjectVault(ServiceKey serviceKey, [FromKeyedServices(SubjectVault.Keys)] NpgsqlDataSource keys)
{
    /// <summary>Name of the key database, also of its connection string.</summary>
    public const string Keys = "Keys";

    /// <summary>The keys that are stored here, for a rotation of the service key.</summary>
    public static readonly WrappedKeys Wrapped = new("subject_keys", "subject_id", "exchange subject keys v1");

    /// <summary>Encrypts subjects of a request. Stores nothing: see <see cref="StoreKeys"/>.</summary>
    public EncryptedSubjects Encrypt(Guid request, IReadOnlyList<PlainSubject> subjects)
    {
        List<(Guid, byte[])> wrapped = [];
        var encrypted = new SubjectsNamed();
        foreach (var subject in subjects)
        {
            var key = RandomNumberGenerator.GetBytes(Encryption.KeyLength);
            wrapped.Add((subject.Id, serviceKey.Wrap(Wrapped.Label, key, Encryption.BytesOf(subject.Id))));
            encrypted.Subjects.Add(new SealedSubject
            {
                SubjectId = subject.Id.ToString(), Kind = subject.Kind, Role = subject.Role,
                Ciphertext = ByteString.CopyFrom(
                    Encryption.Encrypt(key, subject.Identity.ToByteArray(), AssociatedData(request, subject.Id))),
            });
            CryptographicOperations.ZeroMemory(key);
        }
        return new(encrypted, wrapped);
    }

    /// <summary>
    /// The subjects after some were added and some withdrawn; a withdrawn one keeps its place, because letters count by it. Stores
    /// nothing: see <see cref="StoreKeys"/>.
    /// </summary>
    /// <param name="version">The version of the request that this makes.</param>
    public EncryptedSubjects Change(Guid request, SubjectsNamed standing, NameSubjects act, int version)
    {
        var named = standing.Clone();
        foreach (var subject in named.Subjects.Where(subject => act.Withdraw.Contains(WithoutIdentity(request, subject).Name)))
            subject.WithdrawnIn = version;
        var added = Encrypt(request,
            [.. act.Add.Select(subject => new PlainSubject(Guid.CreateVersion7(), subject.Kind, subject.Role, subject.Identity ?? new()))]);
        named.Subjects.Add(added.Subjects.Subjects);
        return added with { Subjects = named };
    }

    /// <summary>Stores the keys of new subjects, of many requests in one round trip. They are durable before this returns.</summary>
    public async Task StoreKeys(IEnumerable<EncryptedSubjects> subjects, CancellationToken ct)
    {
        var all = subjects.SelectMany(one => one.Keys).ToList();
        if (all.Count == 0)
            return;
        await using var command = keys.CreateCommand("INSERT INTO subject_keys (subject_id, wrapped) SELECT * FROM unnest($1, $2)");
        command.Parameters.Add(Ids(all.Select(key => key.SubjectId)));
        command.Parameters.Add(new()
        {
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea, Value = all.Select(key => key.Wrapped).ToArray(),
        });
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>
    /// Removes the keys of subjects that were never recorded. Danger: for subjects of an entry this would erase their identities
    /// for good, so it is for keys of an entry that certainly was not written.
    /// </summary>
    public async Task RemoveUnusedKeys(EncryptedSubjects subjects)
    {
        if (subjects.Keys.Count == 0)
            return;
        await using var command = keys.CreateCommand("DELETE FROM subject_keys WHERE subject_id = ANY($1)");
        command.Parameters.Add(Ids(subjects.Keys.Select(key => key.SubjectId)));
        // Also for a caller who has gone away meanwhile.
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    /// <summary>Decrypts the identities of these requests' subjects; one whose key was destroyed comes without identity.</summary>
    public async Task<List<List<Subject>>> Decrypt(IReadOnlyList<RequestState> requests, CancellationToken ct)
    {
        var known = await LoadKeys([.. requests.SelectMany(r => r.Subjects.Subjects).Select(s => Guid.Parse(s.SubjectId))], ct);
        return [.. requests.Select(request => request.Subjects.Subjects.Select(subject => Decrypt(request.Id, subject, known)).ToList())];
    }

    /// <summary>A subject as anybody may see it who sees the request.</summary>
    public static Subject WithoutIdentity(Guid request, SealedSubject subject) => new()
    {
        Name = $"{RequestId.NameOf(request)}/subjects/{subject.SubjectId}", Kind = subject.Kind, Role = subject.Role,
        Withdrawn = subject.WithdrawnIn > 0,
    };

    Subject Decrypt(Guid request, SealedSubject subject, Dictionary<Guid, byte[]> known)
    {
        var decrypted = WithoutIdentity(request, subject);
        var id = Guid.Parse(subject.SubjectId);
        if (known.TryGetValue(id, out var wrapped))
        {
            var key = serviceKey.Unwrap(Wrapped.Label, wrapped, Encryption.BytesOf(id));
            decrypted.Identity =
                SubjectIdentity.Parser.ParseFrom(Encryption.Decrypt(key, subject.Ciphertext.Span, AssociatedData(request, id)));
            CryptographicOperations.ZeroMemory(key);
        }
        return decrypted;
    }

    async Task<Dictionary<Guid, byte[]>> LoadKeys(Guid[] ids, CancellationToken ct)
    {
        await using var command = keys.CreateCommand("SELECT subject_id, wrapped FROM subject_keys WHERE subject_id = ANY($1)");
        command.Parameters.Add(new() { Value = ids });
        await using var reader = await command.ExecuteReaderAsync(ct);
        Dictionary<Guid, byte[]> known = [];
        while (await reader.ReadAsync(ct))
            known.Add(reader.GetGuid(0), reader.GetFieldValue<byte[]>(1));
        return known;
    }

    static NpgsqlParameter Ids(IEnumerable<Guid> ids) =>
        new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid, Value = ids.ToArray() };

    static byte[] AssociatedData(Guid request, Guid subject) => [.. Encryption.BytesOf(request), .. Encryption.BytesOf(subject)];
}
