using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Exchange.Platform;

namespace Exchange.Cli;

/// <summary>
/// A folder with everything an installation needs to be tried out: authorities with their keys, trust anchors,
/// revocation lists, certificates of the services and of a few invented officers (personas).
/// </summary>
public sealed class PkiFolder(string folder, TimeProvider time)
{
    const string ServiceAuthority = "service";

    static readonly string[] Services = ["requests", "tracking", "correlation"];

    readonly List<string> done = [];

    /// <summary>Folder of trust anchors: <c>BY.pem</c>, <c>service.pem</c>.</summary>
    public string Anchors => Path.Combine(folder, "anchors");

    /// <summary>Folder of revocation lists: <c>BY.crl</c>, <c>service.crl</c>.</summary>
    public string RevocationLists => Path.Combine(folder, "crl");

    /// <summary>The 32-byte key, in base64, under which a service wraps its subjects' keys.</summary>
    public string ServiceKey => Path.Combine(folder, "keys", "service.key");

    /// <summary>The Ed25519 key, 32 bytes in base64, with which a service signs the heads of its journal.</summary>
    public string CheckpointKey(string service) => Path.Combine(folder, "services", service + ".checkpoint.key");

    /// <summary>Path without ending; <c>.pem</c> and <c>.key</c> stand beside each other.</summary>
    public string Persona(string name) => Path.Combine(folder, "personas", name);

    /// <inheritdoc cref="Persona"/>
    public string Service(string name) => Path.Combine(folder, "services", name);

    /// <summary>
    /// Makes what is missing and renews what ends within <see cref="DevelopmentAuthority.RenewedBefore"/>; everything else stays.
    /// </summary>
    /// <param name="state">The installation's own state; null for the one the folder was made for, or BY.</param>
    /// <param name="partners">States whose liaison officers call too.</param>
    /// <param name="dnsNames">Further names of the services' hosts.</param>
    /// <returns>One line for each thing done; empty when there was nothing to do.</returns>
    /// <exception cref="PkiException">Not a state, or the folder belongs to another.</exception>
    public IReadOnlyList<string> Initialise(string? state, IReadOnlyList<string> partners, IReadOnlyList<string> dnsNames)
    {
        done.Clear();
        var home = state ?? MadeFor() ?? "BY";
        foreach (var one in partners.Append(home))
            if (one.Length != 2 || !one.All(char.IsAsciiLetterUpper))
                throw new PkiException($"'{one}' is not a state.", "Write two upper-case letters (ISO 3166-1), such as BY.");
        if (MadeFor() is { } other && other != home)
            throw new PkiException($"{folder} was made for {other}.", $"Say --state {other}, or choose another folder.");

        foreach (var name in partners.Append(home).Append(ServiceAuthority).Distinct())
            EnsureAuthority(name);

        foreach (var (persona, issuer, post) in Personas(home, partners))
            EnsureOfficer(Persona(persona), issuer, $"exchange://{issuer}/{post}");
        foreach (var service in Services)
            EnsureService(Service(service), service, dnsNames);

        foreach (var key in Services.Select(CheckpointKey).Prepend(ServiceKey).Where(key => !File.Exists(key)))
        {
            PemFiles.WriteSecret(key, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)) + "\n");
            Did("made", key);
        }
        return [.. done];
    }

    /// <summary>Issues a certificate to an officer or a service: <c>STEM.pem</c> and <c>STEM.key</c>.</summary>
    /// <exception cref="PkiException">Not an identity, no such authority, or the files exist.</exception>
    public X509Certificate2 Issue(string identity, string stem, IReadOnlyList<string> dnsNames)
    {
        if (!CallerUri.TryParse(identity, CallerRole.OfOfficers, out var caller, out var reason))
            throw new PkiException($"'{identity}' is not an identity.", reason);
        foreach (var file in new[] { stem + ".pem", stem + ".key" })
            if (File.Exists(file))
                throw new PkiException($"{file} exists.", "Give another --out; a key is never overwritten.");

        var issued = caller.IsService
            ? Authority(ServiceAuthority).Service(caller.Service, dnsNames)
            : Authority(caller.State).Officer(identity);
        issued.WriteWithKey(stem);
        return issued;
    }

    /// <summary>Puts a certificate on the list of its authority.</summary>
    /// <returns>The path of the list.</returns>
    /// <exception cref="PkiException">None of the folder's authorities issued it.</exception>
    public string Revoke(X509Certificate2 certificate)
    {
        var authority = Authorities().Select(Authority).FirstOrDefault(a => a.Issued(certificate))
            ?? throw new PkiException($"No authority in {folder} issued this certificate.",
                "Only who issued a certificate can revoke it: use the folder it comes from.");
        var list = ListOf(authority.Name);
        PemFiles.Write(list, authority.RevocationList(File.Exists(list) ? File.ReadAllText(list) : null, [certificate]));
        return list;
    }

    /// <summary>The authority of a state, or that of the services.</summary>
    /// <exception cref="PkiException">The folder has none.</exception>
    public DevelopmentAuthority Authority(string name) => File.Exists(AuthorityOf(name) + ".pem")
        ? new(X509Certificate2.CreateFromPemFile(AuthorityOf(name) + ".pem", AuthorityOf(name) + ".key"), time)
        : throw new PkiException($"{folder} has no authority of {name}.",
            name == ServiceAuthority ? $"Make one: exchange pki init {folder}" : $"Make one: exchange pki init {folder} --partner {name}");

    void EnsureAuthority(string name)
    {
        var stem = AuthorityOf(name);
        if (!File.Exists(stem + ".pem"))
        {
            DevelopmentAuthority.Create(name, time).Certificate.WriteWithKey(stem);
            Did("made", stem + ".pem");
        }
        else if (EndsSoon(Authority(name).Certificate.NotAfter))
        {
            Authority(name).Renewed().Certificate.WriteWithKey(stem);
            Did("renewed", stem + ".pem");
        }

        var anchor = Path.Combine(Anchors, name + ".pem");
        var certificate = File.ReadAllText(stem + ".pem");
        if (!File.Exists(anchor) || File.ReadAllText(anchor) != certificate)
        {
            PemFiles.Write(anchor, certificate);
            Did("wrote", anchor);
        }

        var list = ListOf(name);
        var former = File.Exists(list) ? File.ReadAllText(list) : null;
        if (former is null || EndsSoon(RevocationList.Read(File.ReadAllBytes(list))[0].NextUpdate))
        {
            PemFiles.Write(list, Authority(name).RevocationList(former, []));
            Did(former is null ? "made" : "renewed", list);
        }
    }

    void EnsureOfficer(string stem, string issuer, string identity)
    {
        if (!Needed(stem, out var verb))
            return;
        Authority(issuer).Officer(identity).WriteWithKey(stem);
        Did(verb, stem + ".pem");
    }

    void EnsureService(string stem, string name, IReadOnlyList<string> dnsNames)
    {
        var present = File.Exists(stem + ".pem") ? DnsNames(PemFiles.Read(stem + ".pem")) : [];
        var complete = dnsNames.All(n => present.Contains(n, StringComparer.OrdinalIgnoreCase));
        if (!Needed(stem, out var verb) && complete)
            return;
        Authority(ServiceAuthority).Service(name, present.Union(dnsNames)).WriteWithKey(stem);
        Did(complete ? verb : "made", stem + ".pem");
    }

    bool Needed(string stem, out string verb)
    {
        verb = File.Exists(stem + ".pem") && File.Exists(stem + ".key") ? "renewed" : "made";
        return verb == "made" || EndsSoon(PemFiles.Read(stem + ".pem").NotAfter);
    }

    bool EndsSoon(DateTimeOffset end) => end - time.GetUtcNow() < DevelopmentAuthority.RenewedBefore;

    void Did(string verb, string path) => done.Add($"{verb} {path}");

    string? MadeFor() => File.Exists(Persona("investigator") + ".pem")
        && TrustAnchors.IdentityOf(PemFiles.Read(Persona("investigator") + ".pem"), CallerRole.OfOfficers) is { IsService: false } officer
            ? officer.State
            : null;

    IEnumerable<string> Authorities() => Directory.Exists(Path.Combine(folder, "authorities"))
        ? Directory.EnumerateFiles(Path.Combine(folder, "authorities"), "*.pem").Select(f => Path.GetFileNameWithoutExtension(f)).Order()
        : [];

    string AuthorityOf(string name) => Path.Combine(folder, "authorities", name);

    string ListOf(string name) => Path.Combine(RevocationLists, name + ".crl");

    internal static IReadOnlyList<string> DnsNames(X509Certificate2 certificate) =>
        [.. certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(e => e.EnumerateDnsNames())];

    static IEnumerable<(string Persona, string State, string Post)> Personas(string home, IReadOnlyList<string> partners)
    {
        yield return ("investigator", home, "ministry-of-interior/trafficking/2001?role=investigator");
        yield return ("prosecutor", home, "general-prosecutor/international/1001?role=prosecutor");
        // A correction and an approval take a second officer of the same side.
        yield return ("prosecutor-2", home, "general-prosecutor/international/1002?role=prosecutor");
        yield return ("operator", home, "general-prosecutor/it/3001?role=operator");
        var embassy = home == "BY" ? "embassy-minsk" : $"embassy-in-{home.ToLowerInvariant()}";
        foreach (var partner in partners.Where(p => p != home).Distinct())
        {
            yield return ($"liaison-{partner.ToLowerInvariant()}", partner, $"{embassy}/liaison/4001?role=liaison");
            yield return ($"liaison-{partner.ToLowerInvariant()}-2", partner, $"{embassy}/liaison/4002?role=liaison");
        }
    }
}
