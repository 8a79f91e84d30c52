using System.Text.Json;
using Exchange.Requests.V1;
using Exchange.Testing;
using Google.Protobuf;
using Grpc.Core;

namespace Exchange.System.Tests;

/// <summary>
/// The journal's signed head and its proofs, judged by a program that is not ours: the packages with which Go verifies its checksum
/// database. It has the journal's public key and what the service answers, and nothing else of ours.
/// </summary>
public sealed class VerifiedByStrangers : IAsyncLifetime
{
    const int Drafts = 20;
    const int Older = 7;

    RunningExchange exchange = null!;
    string program = null!;

    public async ValueTask InitializeAsync()
    {
        Installed.Has("/usr/share/gocode/src/golang.org/x/mod/sumdb/note/note.go", "golang-golang-x-mod-dev");
        exchange = await RunningExchange.Start();
        program = Path.Combine(exchange.Home, "verify");
        await Command.Run(Installed.Program("go", "golang-go"),
            ["build", "-o", program, Repository.PathOf("tests/System.Tests/Interop/go/verify.go")],
            new Dictionary<string, string?>
            {
                ["GO111MODULE"] = "off", ["GOPATH"] = "/usr/share/gocode", ["GOCACHE"] = Path.Combine(exchange.Home, "go-cache"),
            });
        using var investigator = exchange.Officer("investigator");
        for (var number = 0; number < Drafts; number++)
            await investigator.Draft(Letters.Complete("UNTOC-2000"));
        await exchange.Settled();
    }

    public async ValueTask DisposeAsync() => await exchange.DisposeAsync();

    [Fact]
    public async Task Is_accepted_as_it_stands_and_refused_with_anything_changed()
    {
        var whole = await Ask();

        var (exitCode, output, errors) = await Verify(whole);

        (exitCode, errors).ShouldBe((0, ""));
        output.ShouldBe($"exchange/BY/requests: {whole.Entries.Length} entries, from {Older} on\n");
        var (size, smaller) = ($"\n{whole.Entries.Length}\n", $"\n{whole.Entries.Length - 1}\n");
        await Refused(whole with { Note = whole.Note.Replace(size, smaller, StringComparison.Ordinal) });
        await Refused(whole with { Entries = [.. whole.Entries.Select((entry, i) => i == 3 ? Changed(entry) : entry)] });
        await Refused(whole with { Entries = whole.Entries[..^1], Inclusion = whole.Inclusion[..^1] });
        await Refused(whole with { Entries = [whole.Entries[1], whole.Entries[0], .. whole.Entries[2..]] });
        await Refused(whole with { Inclusion = [whole.Inclusion[1], whole.Inclusion[0], .. whole.Inclusion[2..]] });
        await Refused(whole with { Consistency = [.. whole.Consistency.Select((hash, i) => i == 0 ? Changed(hash) : hash)] });
        await Refused(whole with { OlderSize = Older + 1 });
        await Refused(whole with { VerifierKey = whole.VerifierKey.Replace("BY", "PL", StringComparison.Ordinal) });
    }

    async Task<Case> Ask()
    {
        var auditor = new RequestRegistry.RequestRegistryClient(exchange.Connect(exchange.Requests, "operator"));
        var head = await auditor.GetCheckpointAsync(new() { Known = Older });
        using var call = auditor.ReadJournal(new() { ToSealedNo = head.SealedNo });
        var entries = await call.ResponseStream.ReadAllAsync().Select(entry => entry.Canonical.ToByteArray()).ToArrayAsync();
        List<byte[][]> inclusion = [];
        for (var number = 1; number <= entries.Length; number++)
            inclusion.Add(Bytes((await auditor.ProveInclusionAsync(new() { SealedNo = number, Size = head.SealedNo })).Hashes));
        return new(head.VerifierKey, head.Note, entries, [.. inclusion], Older, Bytes(head.Consistency));
    }

    async Task Refused(Case changed) => (await Verify(changed)).ExitCode.ShouldBe(1);

    async Task<(int ExitCode, string Output, string Errors)> Verify(Case one)
    {
        var file = Path.Combine(exchange.Home, "case.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(one));
        return await Command.Try(program, [file]);
    }

    static byte[] Changed(byte[] bytes) => [.. bytes[..^1], (byte)(bytes[^1] ^ 1)];

    static byte[][] Bytes(IEnumerable<ByteString> hashes) => [.. hashes.Select(hash => hash.ToByteArray())];

    sealed record Case(
        string VerifierKey, string Note, byte[][] Entries, byte[][][] Inclusion, long OlderSize, byte[][] Consistency);
}
