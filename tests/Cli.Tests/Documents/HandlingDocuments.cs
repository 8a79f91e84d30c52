using System.Security.Cryptography;
using Exchange.Requests.V1;
using Google.Protobuf;

namespace Exchange.Cli.Tests;

public sealed class HandlingDocuments : IClassFixture<CannedServices>, IDisposable
{
    const string Reference = "BY-2006-000042";
    const int Size = 3_500_000;

    readonly CannedServices services;
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("exchange-cli-documents-");
    readonly byte[] content = RandomNumberGenerator.GetBytes(Size);
    readonly string file;

    public HandlingDocuments(CannedServices services)
    {
        this.services = services;
        file = Path.Combine(folder.FullName, "evidence.pdf");
        File.WriteAllBytes(file, content);
        (services.Documents.Content, services.Documents.Announced, services.Documents.CutsToCome) = ([], null, 0);
        services.Documents.Begun.Clear();
        services.Documents.Readings.Clear();
        services.Documents.Custody.Entries.Clear();
        services.Requests.Steps.Clear();
    }

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task A_file_arrives_whole_in_pieces_over_a_connection_that_breaks()
    {
        services.Documents.CutsToCome = 2;
        var printed = await services.Run($"document add {Reference} {file} --kind evidence --handling H1 --language pl");
        printed.ExitCode.ShouldBe(ExitCode.Ok, printed.Error);
        services.Documents.Kept.ShouldBe(content);
        services.Documents.LargestPiece.ShouldBe(1024 * 1024);
        services.Documents.Begun.Count.ShouldBe(3);
        printed.Error.ShouldContain("going on in 0.5 s from where it was.");
        printed.Out.ShouldContain("evidence.pdf is with BY-2006-000042: 3,500,000 bytes, hash verified.");

        var begun = services.Documents.Begun[0].Clone();
        begun.CommandId = "";
        begun.ShouldBe(new BeginUploadRequest
        {
            Request = Sample.Request.Name, Kind = DocumentKind.Evidence, Title = "evidence.pdf", MediaType = "application/pdf", Size = Size,
            Sha256 = ByteString.CopyFrom(SHA256.HashData(content)), HandlingCode = HandlingCode.H1, Language = "pl",
        });
    }

    [Fact]
    public async Task The_same_command_begun_anew_is_the_same_upload_and_another_one_is_not()
    {
        var add = $"document add {Reference} {file} --kind evidence --handling H1";
        foreach (var line in new[] { add, add, add.Replace("H1", "H2"), add + " --as prosecutor-2" })
            await services.Run(line);
        File.AppendAllText(file, "more");
        await services.Run(add);
        var ids = services.Documents.Begun.Select(begun => begun.CommandId).ToList();
        ids[1].ShouldBe(ids[0]);
        ids.Distinct().Count().ShouldBe(4);
        ids.ShouldAllBe(id => Guid.Parse(id).Version == 5);
    }

    [Fact]
    public async Task Evidence_is_handed_in_before_the_answer_that_names_it()
    {
        services.Documents.Content = [1];
        var printed = await services.Run(
            ["request", "answer", Reference, "--outcome", "executed", "--evidence", file, $"{Reference}/1", "--handling", "H1"]);
        printed.ExitCode.ShouldBe(ExitCode.Ok, printed.Error);
        var begun = services.Documents.Begun.ShouldHaveSingleItem();
        begun.Kind.ShouldBe(DocumentKind.Evidence);
        services.Requests.Steps.ShouldHaveSingleItem().Act.Answer.Evidence
            .ShouldBe([$"{Sample.Request.Name}/documents/{begun.CommandId}", services.Documents.Document.Name]);
    }

    [Fact]
    public async Task Evidence_without_a_handling_code_is_not_sent()
    {
        var printed = await services.Run($"request answer {Reference} --outcome executed --evidence {file}");
        printed.ExitCode.ShouldBe(ExitCode.Usage);
        printed.Error.ShouldContain("Give --handling H0, H1, H2 or H3.");
        services.Documents.Begun.ShouldBeEmpty();
    }

    [Fact]
    public async Task Nothing_is_handed_in_with_a_step_that_is_not_to_be_taken_now()
    {
        var printed = await services.Run($"request ask {Reference} --text which? --document {file} --handling H1");
        printed.ExitCode.ShouldBe(ExitCode.Failed);
        printed.Error.ShouldContain("Nothing was handed in.\n  exchange lifecycle --of BY-2006-000042 shows");
        (services.Documents.Begun.Count, services.Requests.Steps.Count).ShouldBe((0, 0));
    }

    [Fact]
    public async Task A_document_is_fetched_from_where_it_was_cut_in_this_run_and_the_one_before()
    {
        (services.Documents.Content, services.Documents.CutsToCome) = (content, 1);
        var target = Path.Combine(folder.FullName, "got.pdf");
        File.WriteAllBytes(target + ".part", content[..100_000]);
        var printed = await Get(target);
        printed.ExitCode.ShouldBe(ExitCode.Ok, printed.Error);
        File.ReadAllBytes(target).ShouldBe(content);
        File.Exists(target + ".part").ShouldBeFalse();
        services.Documents.Readings.Select(reading => reading.Offset).ShouldBe([100_000, 100_000 + 64 * 1024]);
        services.Documents.Readings.ShouldAllBe(reading => reading.Purpose == Purpose.Investigation && reading.CaseNumber == "BY-1");
        printed.Error.ShouldContain("hash verified. What you may do with it: H1.");
    }

    [Fact]
    public async Task What_has_another_hash_is_thrown_away_and_said_so()
    {
        (services.Documents.Content, services.Documents.Announced) = (content, SHA256.HashData([1]));
        var target = Path.Combine(folder.FullName, "got.pdf");
        var printed = await Get(target);
        printed.ExitCode.ShouldBe(ExitCode.Failed);
        printed.Error.ShouldContain("What came is not evidence.bin: its hash is " + Convert.ToHexStringLower(SHA256.HashData(content)));
        folder.GetFiles().Select(left => left.Name).ShouldBe(["evidence.pdf"]);
    }

    [Fact]
    public async Task A_file_that_is_there_is_not_overwritten()
    {
        services.Documents.Content = content;
        var printed = await Get(file);
        printed.ExitCode.ShouldBe(ExitCode.Usage);
        printed.Error.ShouldContain("is there already.");
        services.Documents.Readings.ShouldBeEmpty();
    }

    [Fact]
    public async Task Documents_are_listed_with_the_numbers_that_commands_take()
    {
        services.Documents.Content = content;
        (await services.Run($"document list {Reference}")).Out.ShouldContain(" 1  evidence evidence.bin 3,500,000 H1");
        (await services.Run($"document list {Reference} --format csv")).Lines[1].ShouldStartWith(services.Documents.Document.Name
            + ",evidence,");
        (await services.Run($"request show {Reference}")).Out.ShouldContain("1. evidence: evidence.bin, 3,500,000 bytes, H1");
        var missing = await services.Run($"document custody {Reference}/2");
        missing.ExitCode.ShouldBe(ExitCode.NotFound);
        missing.Error.ShouldContain($"exchange document list {Reference} shows those there are.");
    }

    [Theory]
    [InlineData(2, ExitCode.Ok, "The chain holds")]
    [InlineData(9, ExitCode.Failed, "THE CHAIN IS BROKEN at entry 2")]
    public async Task A_chain_of_custody_is_printed_and_checked(byte namesBefore, int exitCode, string verdict)
    {
        services.Documents.Content = content;
        services.Documents.Custody.Document = services.Documents.Document;
        services.Documents.Custody.Entries.Add(
        [
            Entry("documents/d", 1, Handling.Received, 2, []),
            Entry("requests/r", 14, Handling.Released, 7, [6]),
            Entry("documents/d", 2, Handling.Read, 3, [namesBefore]),
        ]);
        var printed = await services.Run($"document custody {Reference}/1");
        printed.ExitCode.ShouldBe(exitCode);
        printed.Error.ShouldStartWith(verdict);
        printed.Out.ShouldContain("Chain of custody of evidence.bin");
        printed.Out.ShouldContain("read for execution");
        printed.Out.ShouldContain("version 14 of requests/r");
    }

    [Fact]
    public async Task A_chain_of_which_only_a_part_is_told_is_printed_with_what_is_told_and_is_not_broken()
    {
        services.Documents.Content = content;
        services.Documents.Custody.Document = services.Documents.Document;
        var (own, theirs) = (Entry("documents/d", 0, Handling.Read, 3, []), Entry("documents/d", 2, Handling.Read, 4, [2]));
        (theirs.Actor, theirs.RecordedAt, theirs.ReadOn, theirs.SealedNo) = ("exchange://LT", null, "2026-11-18", 0);
        services.Documents.Custody.Entries.Add([Entry("documents/d", 1, Handling.Received, 2, []), own, theirs]);
        var printed = await services.Run($"document custody {Reference}/1");
        printed.ExitCode.ShouldBe(ExitCode.Ok, printed.Error);
        printed.Error.ShouldStartWith("What is told of the chain holds");
        printed.Out.ShouldContain("2026-11-18  read for execution");
        (await services.Run($"document custody {Reference}/1 --format csv")).Lines[3].ShouldContain("2026-11-18");
    }

    Task<Printed> Get(string target) => services.Run($"document get {Reference}/1 --out {target} --purpose investigation --case BY-1");

    static CustodyEntry Entry(string chain, int version, Handling handling, byte hash, byte[] previous) => new()
    {
        Chain = chain, Version = version, Handling = handling, Actor = "exchange://PL/embassy-minsk",
        RecordedAt = new() { Seconds = 1_795_000_000 },
        EntryHash = ByteString.CopyFrom(hash), PreviousHash = ByteString.CopyFrom(previous), SealedNo = version,
        Purpose = handling == Handling.Read ? Purpose.Execution : Purpose.Unspecified,
    };
}
