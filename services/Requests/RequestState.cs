using System.Security.Cryptography;
using System.Text;
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
/// <param name="Facts">What is known.</param>
/// <param name="Subjects">Whom it names, identities as ciphertext.</param>
sealed record RequestState(Guid Id, int Version, byte[] HeadHash, RequestFacts Facts, SubjectsNamed Subjects)
{
    /// <summary>Keyed hash of the register's row; null when it never came from one.</summary>
    public byte[]? Fingerprint { get; init; }

    /// <summary>What is kept of it beside the facts.</summary>
    public RequestDossier Dossier { get; init; } = new();

    /// <summary>The letter as ciphertext; null for one that came from a register.</summary>
    public ByteString? SealedLetter { get; init; }

    /// <summary>Changes with every version (AIP-154).</summary>
    public string Etag => $"\"{Version}\"";

    /// <summary>What a change that was appended has left.</summary>
    public static RequestState After(Append written, RequestChange change) => new(
        written.AggregateId, written.Version, SHA256.HashData(written.Entry), ((RequestChanged)written.Event!).Facts, change.Subjects)
    {
        Fingerprint = change.Fingerprint, Dossier = change.Dossier, SealedLetter = change.SealedLetter,
    };

    /// <summary>The side of this state.</summary>
    public Side SideOf(string? state) => state == Facts.RequestingState ? Side.RequestingSide : Side.RequestedSide;

    /// <summary>The resource name.</summary>
    public static string NameOf(Guid id) => $"requests/{id}";

    /// <summary>Who did it, as his certificate says.</summary>
    public static Actor ActorOf(Caller caller) => new() { Identity = caller.ToString(), Certificate = caller.Thumbprint };

    /// <summary>The state of the officer who did it; null when it was a service.</summary>
    public static string? StateOf(Actor actor) => CallerUri.TryParse(actor.Identity, CallerRole.OfOfficers, out var known, out _) ? known.State : null;

    /// <summary>The entry of canonical bytes.</summary>
    public static JournalEntry Parse(ReadOnlySpan<byte> canonical) => CanonicalBytes.Parse(canonical, JournalEntry.Parser);
}

/// <summary>The client's command: its id, and a digest that tells it from another under the same id.</summary>
sealed record RequestCommand(Guid Id, byte[] Digest)
{
    /// <summary>A command that follows from something: the same cause is the same command.</summary>
    public static RequestCommand Following(string cause)
    {
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(cause));
        return new(Uuid(digest, version: 8), digest);
    }

    /// <summary>A UUID of that version out of the first 16 bytes of a hash, RFC 9562.</summary>
    public static Guid Uuid(ReadOnlySpan<byte> hash, int version)
    {
        Span<byte> bytes = stackalloc byte[16];
        hash[..16].CopyTo(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | (version << 4));
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new(bytes, bigEndian: true);
    }
}

/// <summary>What a command makes of a request: the steps, and all of it as it is after them.</summary>
sealed record RequestChange(RequestFacts Facts, SubjectsNamed Subjects, IReadOnlyList<Step> Steps)
{
    public RequestDossier Dossier { get; init; } = new();

    public ByteString? SealedLetter { get; init; }

    public byte[]? Fingerprint { get; init; }

    /// <summary>The step of the lifecycle; unspecified for an import.</summary>
    public StepCode Code { get; init; }

    public ByteString SealedAct { get; init; } = ByteString.Empty;

    public Signature? Signature { get; init; }

    /// <summary>A change of what stands: what the steps do not touch stays.</summary>
    public static RequestChange Of(RequestState state, RequestFacts facts, params IReadOnlyList<Step> steps) => new(facts, state.Subjects, steps)
    {
        Dossier = state.Dossier.Clone(), SealedLetter = state.SealedLetter, Fingerprint = state.Fingerprint,
    };

    /// <summary>The one way an entry is made: version, time, chain and canonical bytes are set here.</summary>
    public Append Compose(RequestState? before, Guid id, Actor actor, RequestCommand command, DateTimeOffset now)
    {
        var facts = Facts.Clone();
        facts.Request = RequestState.NameOf(id);
        facts.Version = (before?.Version ?? 0) + 1;
        // Clocks of replicas differ a little; within one request time does not run backwards.
        facts.RecordedAt = before?.Facts.RecordedAt is { } last && last.ToDateTimeOffset() > now ? last : now.ToTimestamp();
        if (Steps.Any(step => step.KindCase == Step.KindOneofCase.SubjectsNamed) || (before is not null && before.Facts.CaseNumber != facts.CaseNumber))
            facts.SubjectsVersion = facts.Version;
        var entry = new JournalEntry
        {
            Aggregate = facts.Request,
            Version = facts.Version,
            PreviousHash = ByteString.CopyFrom(before?.HeadHash ?? []),
            CommandId = command.Id.ToString(),
            RecordedAt = facts.RecordedAt,
            Actor = actor,
            Steps = { Steps },
            Facts = facts,
            Signature = Signature,
            Step = Code,
            SealedAct = SealedAct,
            Dossier = Dossier.CalculateSize() == 0 ? null : Dossier,
        };
        return new(id, facts.Version, command.Id, command.Digest, CanonicalBytes.Of(entry), facts.RecordedAt.ToDateTimeOffset(),
            RequestStore.Row(facts, this), new RequestChanged(facts.Request, facts.Version, facts));
    }
}
