using System.Security.Cryptography;
using System.Text;
using Exchange.Requests.V1;
using Exchange.Testing;
using Google.Protobuf;
using Grpc.Core;
using Status = Exchange.Requests.V1.Status;

namespace Exchange.System.Tests;

/// <summary>What is attached to a letter and to an answer: who has it when, and what its chain of custody tells.</summary>
public sealed class AJourneyWithDocuments : IAsyncLifetime
{
    RunningExchange exchange = null!;

    public async ValueTask InitializeAsync() => exchange = await RunningExchange.Start("BY", ["PL"]);

    public async ValueTask DisposeAsync() => await exchange.DisposeAsync();

    [Fact]
    public async Task Each_side_has_what_an_act_of_the_other_gave_it()
    {
        var (investigator, prosecutor, liaison) =
            (exchange.Officer("investigator"), exchange.Officer("prosecutor"), exchange.Officer("liaison-pl"));
        var draft = await investigator.Draft(Letters.Complete("UNTOC-2000"));
        var order = await HandIn("investigator", draft.Name, "the court's order");

        await investigator.Take(draft.Name, act => act.Submit = new());
        await prosecutor.Approve(draft.Name);
        var sent = await prosecutor.Transmit(draft.Name);
        // The request is the case of those who execute it: they name none.
        (await Read("liaison-pl", order, Purpose.Execution, "")).ShouldBe("the court's order");

        await liaison.Take(draft.Name, act => act.RequestSupplement = new() { Question = "Which address?" });
        var photograph = await HandIn("investigator", draft.Name, "a photograph");
        var statement = await HandIn("liaison-pl", draft.Name, "a statement");
        (await Seen("liaison-pl", draft.Name)).ShouldBe([order, statement]);
        await investigator.Take(
            draft.Name, act => act.ProvideSupplement = new() { Reply = "The one in the photograph.", Documents = { photograph } });
        (await Seen("liaison-pl", draft.Name)).ShouldBe([order, photograph, statement]);

        var foreign = await RefusedCall.Of(() => liaison.Take(draft.Name, act => Answer(act, photograph)));
        foreign.Fields.ShouldHaveSingleItem().ShouldEndWith("[0]");
        (await Seen("investigator", draft.Name)).ShouldBe([order, photograph]);
        var answered = await liaison.Take(draft.Name, act => Answer(act, statement), await Known("liaison-pl", draft.Name, statement));

        (await Read("investigator", statement, Purpose.Investigation, draft.Facts.CaseNumber)).ShouldBe("a statement");
        (await Custody("prosecutor", order)).ShouldBe(
            [(Handling.Received, 1), (Handling.Released, sent.Facts.Version), (Handling.Read, 2)]);
        (await Custody("investigator", order)).ShouldBe([(Handling.Received, 1), (Handling.Released, sent.Facts.Version)]);
        (await Custody("liaison-pl", statement)).ShouldBe(
            [(Handling.Received, 1), (Handling.Released, answered.Facts.Version), (Handling.Read, 2)]);
        // Its own reading, without the place in a chain that is the other side's.
        (await Custody("liaison-pl", order)).ShouldBe(
            [(Handling.Received, 1), (Handling.Released, sent.Facts.Version), (Handling.Read, 0)]);
        answered.Facts.Status.ShouldBe(Status.Executed);
    }

    static void Answer(Act act, string evidence) =>
        act.Answer = new() { Outcome = Outcome.Executed, Text = "Done.", Evidence = { evidence } };

    DocumentExchange.DocumentExchangeClient As(string persona) => new(exchange.Connect(exchange.Requests, persona));

    async Task<string> HandIn(string persona, string request, string content)
    {
        var bytes = Encoding.UTF8.GetBytes(content);
        var upload = await As(persona).BeginUploadAsync(new()
        {
            Request = request, CommandId = Officer.NewId(), Kind = DocumentKind.Attachment, Title = "page.txt", MediaType = "text/plain",
            Size = bytes.Length, Sha256 = ByteString.CopyFrom(SHA256.HashData(bytes)), HandlingCode = HandlingCode.H0,
        });
        using var call = As(persona).UploadPieces();
        await call.RequestStream.WriteAsync(new() { Upload = upload.Name, Data = ByteString.CopyFrom(bytes) });
        await call.RequestStream.CompleteAsync();
        (await call).Received.ShouldBe(bytes.Length);
        return (await As(persona).CompleteUploadAsync(new() { Name = upload.Name })).Name;
    }

    async Task<string> Read(string persona, string document, Purpose purpose, string caseNumber)
    {
        using var call = As(persona).ReadDocument(new() { Name = document, Purpose = purpose, CaseNumber = caseNumber });
        return string.Concat(await call.ResponseStream.ReadAllAsync().Select(part => part.Data.ToStringUtf8()).ToListAsync());
    }

    async Task<IEnumerable<string>> Seen(string persona, string request) =>
        (await As(persona).ListDocumentsAsync(new() { Request = request })).Documents.Select(document => document.Name);

    async Task<Document> Known(string persona, string request, string name) =>
        (await As(persona).ListDocumentsAsync(new() { Request = request })).Documents.Single(document => document.Name == name);

    async Task<IEnumerable<(Handling, int)>> Custody(string persona, string document) =>
        (await As(persona).GetCustodyAsync(new() { Name = document })).Entries.Select(entry => (entry.Handling, entry.Version));
}
