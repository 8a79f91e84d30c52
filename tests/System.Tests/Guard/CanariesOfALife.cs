using Exchange.Requests.V1;
using Exchange.Testing;
using Google.Protobuf;
using Grpc.Core;

namespace Exchange.System.Tests;

/// <summary>
/// Officers write names where they should not: into letters, questions, answers, file names and references. Whatever they write is
/// read by those it is for, and lies nowhere in plain.
/// </summary>
[Collection(Guarded.Name)]
public sealed class CanariesOfALife(GuardedExchange guarded)
{
    static readonly string[] Words = ["Сінічкіна", "Sinitschkina", "PTS8812345", "+375448812345", "Zięba-Dzwoniec", "Mazurkówna"];

    /// <summary>Who asks, for which case, who sees to it, and why somebody read: shown to officers, and nowhere in plain.</summary>
    static readonly string[] Particulars = ["Gimpel-2026", "Amt Zaunkönig", "rotkehlchen", "blaumeise", "88776655", "Grasmücke"];

    [Fact]
    public async Task Are_read_by_whom_they_are_for_and_lie_nowhere_in_plain()
    {
        var exchange = guarded.Exchange;
        using var investigator = exchange.Officer("investigator");
        using var prosecutor = exchange.Officer("prosecutor");
        using var liaison = exchange.Officer("liaison-pl");
        var letter = Letters.Complete("UNTOC-2000");
        (letter.CaseNumber, letter.RequestingAuthority) = ("BY-Gimpel-2026", "Amt Zaunkönig");
        letter.FactsSummary = "Sinitschkina was taken across the border.";
        letter.Measures[0].Details = "To hear Сінічкіна.";
        var draft = await investigator.Draft(letter);
        await investigator.Take(draft.Name, act => act.NameSubjects = new()
        {
            Add =
            {
                new NewSubject
                {
                    Kind = SubjectKind.Person, Role = SubjectRole.Victim,
                    Identity = new()
                    {
                        Names = { "Сінічкіна", "Sinitschkina" }, Description = "sister of Mazurkówna",
                        Identifiers =
                        {
                            new Identifier { Kind = IdentifierKind.Document, Value = "PTS8812345" },
                            new Identifier { Kind = IdentifierKind.Phone, Value = "+375448812345" },
                        },
                    },
                },
            },
        });
        letter.NoKnownSubjects = false;
        await investigator.Take(draft.Name, act => act.SaveDraft = new() { Letter = letter });
        await prosecutor.Take(draft.Name, act =>
            act.Assign = new() { Authority = "rotkehlchen", Unit = "blaumeise", Officer = "88776655" });
        await KeepCase(exchange, letter.CaseNumber);
        (await investigator.Requests.ReadSubjectsAsync(new()
        {
            Names = { draft.Name }, Purpose = Purpose.Investigation, CaseNumber = letter.CaseNumber, Justification = "Grasmücke asks",
        })).Requests.ShouldHaveSingleItem();
        await investigator.Take(draft.Name, act => act.Submit = new() { Note = "Sinitschkina waits" });
        await prosecutor.Approve(draft.Name);
        await prosecutor.Transmit(draft.Name);
        await liaison.Take(draft.Name, act => act.Acknowledge = new() { Reference = "Zięba-Dzwoniec/26" });
        await liaison.Take(draft.Name, act => act.RequestSupplement = new() { Question = "Is Mazurkówna the sister?" });
        await investigator.Take(draft.Name, act => act.ProvideSupplement = new() { Reply = "Sinitschkina is." });
        var upload = await HandIn(exchange, draft.Name);
        await liaison.Take(
            draft.Name, act =>
                act.Answer = new() { Outcome = Outcome.Executed, Text = "Сінічкіна was heard.", Evidence = { upload.Name } },
            upload);
        // What is refused is not quoted.
        await Should.ThrowAsync<RpcException>(() => prosecutor.Take(draft.Name, act => act.Withdraw = new() { Reason = "Sinitschkina" }));
        (await Should.ThrowAsync<RpcException>(
            () => liaison.Take(draft.Name, act => act.RequestSupplement = new() { Question = new string('x', 10_001) + "Mazurkówna" })))
            .Status.Detail.ShouldNotContain("Mazurkówna");
        await guarded.Stored();
        var search = new PlaintextSearch(Words);

        var history = await prosecutor.Requests.GetHistoryAsync(new() { Name = draft.Name });
        search.In("history", history.ToString()).Count().ShouldBeGreaterThanOrEqualTo(4);
        history.Entries.SelectMany(entry => entry.Steps).Single(step => step.Assigned is not null).Assigned.To.Officer.ShouldBe("88776655");
        (await prosecutor.Requests.ListReadingsAsync(new() { Name = draft.Name })).Readings
            .ShouldContain(reading => reading.Justification == "Grasmücke asks" && reading.CaseNumber == "BY-Gimpel-2026");
        search = new([.. Words, .. Particulars]);
        (await liaison.Requests.GetLetterAsync(new() { Name = draft.Name })).Letter.FactsSummary.ShouldContain("Sinitschkina");
        List<string> found =
        [
            .. search.In("log of requests", exchange.Requests.Output), .. search.In("log of tracking", exchange.Tracking.Output),
            .. search.In("log of correlation", exchange.Correlation.Output),
            .. guarded.Eavesdropper.Heard.SelectMany(message => search.In("message", message)),
        ];
        foreach (var (name, database) in exchange.Databases)
            found.AddRange(await search.InDatabase(name, database));
        found.ShouldBeEmpty();
    }

    static async Task KeepCase(RunningExchange exchange, string number)
    {
        using var channel = exchange.Connect(exchange.Requests, "prosecutor");
        (await new CaseRegistry.CaseRegistryClient(channel).KeepCaseAsync(new()
        {
            Case = new() { Number = number, Lead = "rotkehlchen/blaumeise", Officers = { "rotkehlchen/blaumeise/88776655" } },
            CommandId = Officer.NewId(),
        })).Number.ShouldBe(number);
    }

    static async Task<Document> HandIn(RunningExchange exchange, string request)
    {
        using var channel = exchange.Connect(exchange.Requests, "liaison-pl");
        var documents = new DocumentExchange.DocumentExchangeClient(channel);
        var content = "Protocol of the hearing of Сінічкіна, PTS8812345."u8.ToArray();
        var upload = await documents.BeginUploadAsync(new()
        {
            Request = request, CommandId = Officer.NewId(), Kind = DocumentKind.Evidence, Title = "Sinitschkina.txt",
            MediaType = "text/plain", Size = content.Length,
            Sha256 = ByteString.CopyFrom(global::System.Security.Cryptography.SHA256.HashData(content)), HandlingCode = HandlingCode.H2,
        });
        using (var call = documents.UploadPieces())
        {
            await call.RequestStream.WriteAsync(new() { Upload = upload.Name, Data = ByteString.CopyFrom(content) });
            await call.RequestStream.CompleteAsync();
            (await call).Received.ShouldBe(content.Length);
        }
        return await documents.CompleteUploadAsync(new() { Name = upload.Name });
    }
}
