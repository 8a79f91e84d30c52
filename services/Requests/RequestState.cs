using System.Security.Cryptography;
using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Requests.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Exchange.Requests;

/// <summary>A request as it stands.</summary>
/// <param name="Id">UUID, version 7.</param>
/// <param name="Version">Entries in its journal.</param>
/// <param name="HeadHash">Hash of the newest entry.</param>
/// <param name="Fingerprint">Keyed hash of the register's row; null when it never came from one.</param>
/// <param name="Facts">What is known.</param>
/// <param name="Subjects">Whom it names, identities as ciphertext.</param>
sealed record RequestState(Guid Id, int Version, byte[] HeadHash, byte[]? Fingerprint, RequestFacts Facts, SubjectsNamed Subjects)
{
    /// <summary>First of the canonical bytes; another format gets another number.</summary>
    public const byte CanonicalVersion = 1;

    /// <summary>Changes with every version (AIP-154).</summary>
    public string Etag => $"\"{Version}\"";

    /// <summary>The resource name.</summary>
    public static string NameOf(Guid id) => $"requests/{id}";

    /// <summary>
    /// The one way an entry is made: version, time, chain and canonical bytes are set here. <paramref name="facts"/> and
    /// <paramref name="subjects"/> are the request after the steps.
    /// </summary>
    public static Append Compose(
        RequestState? before, Guid id, RequestFacts facts, SubjectsNamed subjects, byte[]? fingerprint, IEnumerable<Step> steps,
        Caller caller, Guid commandId, byte[] commandDigest, DateTimeOffset now)
    {
        facts = facts.Clone();
        facts.Request = NameOf(id);
        facts.Version = (before?.Version ?? 0) + 1;
        // Clocks of replicas differ a little; within one request time does not run backwards.
        facts.RecordedAt = before?.Facts.RecordedAt is { } last && last.ToDateTimeOffset() > now ? last : now.ToTimestamp();
        var entry = new JournalEntry
        {
            Aggregate = facts.Request,
            Version = facts.Version,
            PreviousHash = ByteString.CopyFrom(before?.HeadHash ?? []),
            CommandId = commandId.ToString(),
            RecordedAt = facts.RecordedAt,
            Actor = ActorOf(caller),
            Steps = { steps },
            Facts = facts,
        };
        return new(id, facts.Version, commandId, commandDigest, Canonical(entry), facts.RecordedAt.ToDateTimeOffset(),
            RequestStore.Columns(facts, subjects, fingerprint), new RequestChanged(facts.Request, facts.Version, facts));
    }

    /// <summary>Who did it, as his certificate says.</summary>
    public static Actor ActorOf(Caller caller) => new() { Identity = caller.ToString(), Certificate = caller.Thumbprint };

    /// <summary>The version byte and the entry's bytes: what is stored, hashed and never serialised again.</summary>
    public static byte[] Canonical(IMessage entry) => [CanonicalVersion, .. entry.ToByteArray()];

    /// <summary>The entry of canonical bytes.</summary>
    public static JournalEntry Parse(ReadOnlySpan<byte> canonical) => canonical is [CanonicalVersion, .. var bytes]
        ? JournalEntry.Parser.ParseFrom(bytes)
        : throw new CryptographicException("The journal holds an entry of an unknown format.");
}
