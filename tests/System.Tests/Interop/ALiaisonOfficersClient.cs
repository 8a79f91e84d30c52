using System.Globalization;
using Exchange.Requests.V1;
using Exchange.Testing;
using Grpc.Core;
using Status = Exchange.Requests.V1.Status;

namespace Exchange.System.Tests;

/// <summary>
/// The examples under contracts/examples do a liaison officer's work against the officers of BY, over connections that break.
/// </summary>
public sealed class ALiaisonOfficersClient : IAsyncLifetime
{
    const int EvidenceBytes = 3_000_000;

    RunningExchange exchange = null!;

    Officer Investigator => exchange.Officer("investigator");

    int Requests => exchange.Requests.GrpcPort;

    public async ValueTask InitializeAsync() => exchange = await RunningExchange.Start("BY", ["PL"]);

    public async ValueTask DisposeAsync() => await exchange.DisposeAsync();

    [Theory]
    [InlineData("python")]
    [InlineData("node")]
    public async Task Hears_of_a_letter_asks_hands_evidence_in_and_answers(string language)
    {
        var client = await LiaisonsClient.In(language, exchange);
        var letter = await Sent();
        var reference = letter.Facts.Reference;

        var heard = await WatchAcrossBreaks(client, reference);

        var file = Path.Combine(exchange.Home, "evidence.bin");
        await File.WriteAllBytesAsync(file, Evidence(language));
        var document = await UploadOverBreaks(client, reference, file);
        (await client.Do(Requests, "documents", reference)).Output.ShouldBe($"{document} EVIDENCE {EvidenceBytes} evidence.bin");
        await IsToldWhatIsWrong(client, reference, letter.Name);
        var answered = await client.Do(Requests, "answer", reference, "executed", "--text", "Done.", "--evidence", file);

        answered.Output.ShouldBe($"{reference} EXECUTED");
        answered.Said.ShouldBeEmpty("the evidence had arrived before and is not sent again");
        await IsAnsweredWith(letter.Name, document, Evidence(language));
        var copy = Path.Combine(exchange.Home, "copy.bin");
        await client.Do(Requests, "download", document, copy);
        (await File.ReadAllBytesAsync(copy)).ShouldBe(Evidence(language));
        await HeardAllOnce(heard);
    }

    async Task<MlaRequest> Sent()
    {
        var (investigator, prosecutor) = (Investigator, exchange.Officer("prosecutor"));
        var draft = await investigator.Draft(Letters.Complete("UNTOC-2000"));
        await investigator.Take(draft.Name, act => act.Submit = new());
        await prosecutor.Approve(draft.Name);
        return await prosecutor.Transmit(draft.Name);
    }

    // Killed, then started anew, then cut off: what happened meanwhile is heard after.
    async Task<IReadOnlyList<string>> WatchAcrossBreaks(LiaisonsClient client, string reference)
    {
        var seen = Path.Combine(exchange.Home, "inbox.seen");
        using var first = client.Start(Requests, "watch", "--seen", seen);
        await first.Hears($"TRANSMIT {reference}");
        first.Said.ShouldContain("Asked for: hearing_of_witness.");
        await first.Kill();
        (await Facts(reference)).Status.ShouldBe(Status.Acknowledged);

        (await client.Do(Requests, "ask", reference, "Which address?")).Output.ShouldBe($"{reference} SUPPLEMENT_REQUESTED");
        await Investigator.Take($"requests/{reference}", act => act.ProvideSupplement = new() { Reply = "The one in the letter." });

        await using var proxy = CuttingProxy.Before("localhost", Requests);
        using var second = client.Start(proxy.Port, "watch", "--seen", seen);
        await second.Hears($"PROVIDE_SUPPLEMENT {reference}");
        second.Said.ShouldContain("Reply: The one in the letter.");
        proxy.CutAll();
        await Investigator.Take($"requests/{reference}", act => act.RequestStatusReport = new());
        await second.Hears($"REQUEST_STATUS_REPORT {reference}");
        second.Said.ShouldContain("The inbox is not reached");
        await second.Kill();
        return [.. first.Heard, .. second.Heard];
    }

    // The connection breaks and the client is killed; the next run goes on, and goes on again when its connection breaks.
    async Task<string> UploadOverBreaks(LiaisonsClient client, string reference, string file)
    {
        await using var proxy = CuttingProxy.Before("localhost", Requests);
        proxy.CutAfter(EvidenceBytes / 2);
        using var first = client.Start(proxy.Port, "upload", reference, file);
        await Eventually.Holds(() => first.Said.ShouldContain("the connection broke"));
        await first.Kill();
        proxy.CutAfter(EvidenceBytes / 5);
        var (document, said) = await client.Do(proxy.Port, "upload", reference, file);

        var begun = Begun(first.Said);
        begun[0].ShouldBe(0);
        begun.Skip(1).Concat(Begun(said)).ShouldAllBe(at => at > 0, said);
        return document;
    }

    static List<int> Begun(string said) =>
    [
        .. said.Split('\n').Where(line => line.Contains("from byte"))
            .Select(line => int.Parse(line.Split(' ')[3], CultureInfo.InvariantCulture)),
    ];

    async Task IsToldWhatIsWrong(LiaisonsClient client, string reference, string name)
    {
        var before = await Investigator.Requests.GetRequestAsync(new() { Name = name });

        var forged =
            await client.Try(Requests, "--signing-key", exchange.PathIn("personas", "liaison-pl-2.key"), "answer", reference, "executed");
        forged.ExitCode.ShouldBe(1);
        forged.Said.ShouldStartWith("FAILED_PRECONDITION SIGNATURE_WRONG: ");

        var groundless = await client.Try(Requests, "answer", reference, "refused");
        groundless.ExitCode.ShouldBe(1);
        groundless.Said.ShouldStartWith("INVALID_ARGUMENT ");
        groundless.Said.ShouldContain("  act.answer.ground: ");
        groundless.Said.ShouldContain("  act.answer.text: ");

        (await Investigator.Requests.GetRequestAsync(new() { Name = name })).Etag.ShouldBe(before.Etag);
    }

    async Task IsAnsweredWith(string name, string document, byte[] evidence)
    {
        var facts = (await Investigator.Requests.GetRequestAsync(new() { Name = name })).Facts;
        facts.Status.ShouldBe(Status.Executed);
        facts.Answers.ShouldHaveSingleItem().RecordedBy.ShouldBe(Side.RequestedSide);
        var answer =
            (await Investigator.Requests.GetHistoryAsync(new() { Name = name })).Entries.Single(entry => entry.Step == StepCode.Execute);
        answer.Signed.ShouldBeTrue();
        answer.Act.Answer.Evidence.ShouldBe([document]);

        var documents = new DocumentExchange.DocumentExchangeClient(exchange.Connect(exchange.Requests, "investigator"));
        using var read = documents.ReadDocument(new() { Name = document, Purpose = Purpose.Investigation, CaseNumber = facts.CaseNumber });
        using var received = new MemoryStream();
        await foreach (var part in read.ResponseStream.ReadAllAsync())
            part.Data.WriteTo(received);
        received.ToArray().ShouldBe(evidence);
    }

    async Task HeardAllOnce(IReadOnlyList<string> heard)
    {
        var inbox = new OfficerInbox.OfficerInboxClient(exchange.Connect(exchange.Requests, "liaison-pl"));
        var items = (await inbox.ListInboxAsync(new() { AfterSealedNo = -1 })).Items;
        heard.Select(line => long.Parse(line.Split(' ')[0], CultureInfo.InvariantCulture)).ShouldBe(items.Select(item => item.SealedNo));
        items.Count.ShouldBe(3);
    }

    async Task<RequestFacts> Facts(string reference) =>
        (await Investigator.Requests.GetRequestAsync(new() { Name = $"requests/{reference}" })).Facts;

    static byte[] Evidence(string language)
    {
        var bytes = new byte[EvidenceBytes];
        new Random(language.Length).NextBytes(bytes);
        return bytes;
    }
}
