using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Requests.V1;
using Google.Protobuf;

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

    /// <summary>What is kept of the request beside its facts.</summary>
    public RequestDossier Dossier { get; init; } = new();

    /// <summary>Who of each side sees to it.</summary>
    public IReadOnlyList<Assignment> Assignments { get; init; } = [];

    /// <summary>What facts and assignments say in words, as ciphertext.</summary>
    public ByteString EncryptedParticulars { get; init; } = ByteString.Empty;

    /// <summary>The request's key; null when it was destroyed, and then facts and assignments say nothing in words.</summary>
    public RequestKey? Key { get; init; }

    /// <summary>What facts and assignments say in words.</summary>
    public RequestParticulars Particulars => Requests.Particulars.Of(Facts, Assignments);

    /// <summary>The letter as ciphertext, see <see cref="RequestKey"/>; null for a request that came from a register.</summary>
    public ByteString? EncryptedLetter { get; init; }

    /// <summary>By what a list finds it for the requested side while it stands off the exchange; see <see cref="ListedAs"/>.</summary>
    public ListedAs? Told { get; init; }

    /// <summary>The etag (AIP-154): it changes with every version.</summary>
    public string Etag => EtagOf(Version);

    /// <summary>The etag of a version.</summary>
    public static string EtagOf(int version) => $"\"{version}\"";

    /// <summary>The version that a caller sees: this one, unless he is on the other side and the request left the exchange.</summary>
    public int VersionSeenBy(Caller caller) =>
        !caller.IsService && SideOf(caller.State) != Disclosure.OwnerOf(Facts) && Disclosure.LeftTheExchange(Facts) ? Facts.ToldVersion
        : Version;

    /// <summary>The request as an appended change leaves it.</summary>
    public static RequestState After(Append written, RequestChange change) => new(
        written.AggregateId, written.Version, EntryBytes.HashOf(written.Entry),
        ((RequestChanged)written.Event!).Facts.With(Requests.Particulars.Of(change.Facts, [])), change.Subjects)
    {
        Assignments = change.Assignments, EncryptedParticulars = change.EncryptedParticulars, Key = change.Key,
        Fingerprint = change.Fingerprint, Dossier = change.Dossier, EncryptedLetter = change.EncryptedLetter,
        Told = change.ListedAs(((RequestChanged)written.Event).Facts),
    };

    /// <summary>The request as it was read, with what its key decrypts.</summary>
    /// <param name="key">Null when it was destroyed.</param>
    public RequestState Open(RequestKey? key)
    {
        var words = key.Read(RequestKey.Particulars, EncryptedParticulars, RequestParticulars.Parser);
        return this with { Facts = Facts.With(words), Assignments = words.Assignments, Key = key };
    }

    /// <summary>The letter as it stands; an empty one where there is none, as for a request that came from a register.</summary>
    /// <param name="key">The request's key; null when it has none (any longer).</param>
    /// <exception cref="Refusal">NO_LETTER: there is one, and its key was destroyed.</exception>
    public SaltedLetter ReadLetter(RequestKey? key) => EncryptedLetter is not { Length: > 0 } stored
        ? SaltedLetter.None
        : key?.DecryptLetter(stored) ?? throw RequestRefusals.NoLetter(Facts.Reference);

    /// <summary>The side that a state is on.</summary>
    public Side SideOf(string? state) => state == Facts.RequestingState ? Side.RequestingSide : Side.RequestedSide;

    /// <summary>A caller as the actor of an entry, by what his certificate says.</summary>
    public static Actor ActorOf(Caller caller) => new() { Identity = caller.ToString(), Certificate = caller.Thumbprint };

    /// <summary>The state of the officer who did it; null when it was a service.</summary>
    public static string? StateOf(Actor actor) =>
        CallerUri.TryParse(actor.Identity, CallerRole.OfOfficers, out var known, out _) ? known.State : null;

    /// <summary>Parses the canonical bytes of an entry.</summary>
    public static JournalEntry Parse(ReadOnlySpan<byte> canonical) => EntryBytes.Parse(canonical, JournalEntry.Parser);
}
