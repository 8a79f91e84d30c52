using System.Text;
using Exchange.Requests.V1;
using Exchange.Testing;
using Grpc.Core;
using Microsoft.Extensions.Time.Testing;
using Status = Exchange.Requests.V1.Status;

namespace Exchange.Requests.Tests;

[Collection(Documented.Name)]
public sealed class KeepingDocuments(DocumentFixture fixture)
{
    const string Canary = "Канарэйкава-protocol";

    readonly Courier investigator = fixture.As("investigator");

    [Fact]
    public async Task Neither_content_nor_title_lies_in_the_open()
    {
        var request = await fixture.File(Status.Transmitted);
        var content = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(Canary + '\n', 60_000)));
        var announcement = Courier.Announcement(request, content);
        announcement.Title = Canary + ".pdf";
        var upload = await investigator.Client.BeginUploadAsync(announcement);
        var document = await investigator.Complete(await investigator.Send(upload, content));

        (await investigator.Read(document.Name)).ShouldBe(content);
        (await investigator.List(request)).ShouldHaveSingleItem().Title.ShouldBe(Canary + ".pdf");
        (await Found(Encoding.UTF8.GetBytes(Canary))).ShouldBeEmpty();
        fixture.Service.Output.ShouldNotContain(Canary);
        // The search would find it: what is known of the document does lie there.
        (await Found(document.Commitment.ToByteArray())).ShouldContain("requests.dossier");
        // By its plain hash whoever holds a copy could confirm that it was handed in.
        (await Found(document.Sha256.ToByteArray())).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("UPDATE document_pieces SET content = set_byte(content, 5000, get_byte(content, 5000) # 1) WHERE document_id = $1 AND "
        + "first_byte = 1048576")]
    [InlineData("UPDATE document_pieces SET first_byte = first_byte + 1 WHERE document_id = $1 AND first_byte = 1048576")]
    [InlineData("UPDATE document_pieces SET content = (SELECT content FROM document_pieces WHERE document_id = $1 AND first_byte = 0) "
        + "WHERE document_id = $1 AND first_byte = 1048576")]
    [InlineData("DELETE FROM document_pieces WHERE document_id = $1 AND first_byte = 1048576")]
    public async Task What_was_changed_in_the_database_is_not_shown(string change)
    {
        var content = Courier.Made(3 * Courier.Piece);
        var document = await investigator.HandIn(await fixture.File(Status.Draft), content);
        (await fixture.Execute(change, Guid.Parse(document.Name.Split('/')[^1]))).ShouldBe(1);
        using var into = new MemoryStream();

        var refused = await RefusedCall.Of(() => investigator.Read(document.Name, into));
        var onward = await RefusedCall.Of(() => investigator.Read(document.Name, new(), read => read.Offset = Courier.Piece + 7));

        foreach (var refusal in new[] { refused, onward })
            (refusal.Code, refusal.Reason).ShouldBe((StatusCode.DataLoss, "DOCUMENT_DAMAGED"));
        into.ToArray().ShouldBe(content[..Courier.Piece]);
        await Eventually.Holds(() => fixture.Service.Output.ShouldContain($"Document {document.Name.Split('/')[^1]} is damaged"));
    }

    [Fact]
    public async Task A_whole_that_is_another_than_was_received_never_leaves_whole()
    {
        var request = await fixture.File(Status.Draft);
        var document = await investigator.HandIn(request, Courier.Made(Courier.Piece + 10));
        var record = (await fixture.Find(request)).Dossier;
        record.Documents[0].Commitment = Google.Protobuf.ByteString.CopyFrom(new byte[32]);
        await fixture.Rewrite(request, "dossier", Google.Protobuf.MessageExtensions.ToByteArray(record));
        using var into = new MemoryStream();

        (await RefusedCall.Of(() => investigator.Read(document.Name, into))).Reason.ShouldBe("DOCUMENT_DAMAGED");
        into.Length.ShouldBe(Courier.Piece);
    }

    [Fact]
    public async Task What_nobody_went_on_with_is_deleted_and_what_was_verified_stays()
    {
        var content = Courier.Made(2 * Courier.Piece);
        var request = await fixture.File(Status.Draft);
        var document = await investigator.HandIn(request, content);
        var begun = await investigator.Announce(request, content);
        await investigator.Send(Courier.PieceOf(begun.Name, content, 0));
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddDays(13));
        var uploads = new UploadStore(fixture.Database, clock);

        (await uploads.DeleteLeft(TimeSpan.FromDays(14), default)).ShouldBe(0);
        clock.Advance(TimeSpan.FromDays(2));
        (await uploads.DeleteLeft(TimeSpan.FromDays(14), default)).ShouldBeGreaterThan(0);

        (await RefusedCall.Of(() => investigator.Look(begun.Name))).Code.ShouldBe(StatusCode.NotFound);
        (await fixture.Count("document_pieces WHERE document_id", begun.Name)).ShouldBe(0);
        (await investigator.Read(document.Name)).ShouldBe(content);
    }

    [Fact]
    public async Task Without_the_key_of_the_request_nothing_of_it_can_be_read_and_what_happened_to_it_can()
    {
        var request = await fixture.File(Status.Draft);
        var document = await investigator.HandIn(request, Courier.Made(10));
        var begun = await investigator.Announce(request, Courier.Made(10));
        await fixture.DestroyKey(request);

        foreach (var call in new Func<Task>[] { () => investigator.Read(document.Name), () => investigator.Send(begun, Courier.Made(10)) })
            (await RefusedCall.Of(call)).Reason.ShouldBe("DOCUMENT_ERASED");
        // Nor is anything handed in: a second key would stand for what was erased.
        (await RefusedCall.Of(() => investigator.Announce(request, Courier.Made(10)))).Reason.ShouldBe("REQUEST_ERASED");
        (await RefusedCall.Of(() => investigator.Read(document.Name))).Reason.ShouldBe("DOCUMENT_ERASED");
        (await investigator.List(request)).ShouldHaveSingleItem().Title.ShouldBeEmpty();
        (await investigator.Custody(document.Name)).Entries.ShouldHaveSingleItem().Handling.ShouldBe(Handling.Received);
    }

    /// <summary>The columns of bytes or text that hold these bytes.</summary>
    async Task<List<string>> Found(byte[] bytes)
    {
        var columns = await fixture.Database.Query(
            "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public' AND data_type IN "
                + "('bytea', 'text')",
            [], row => (Table: row.GetString(0), Column: row.GetString(1), IsText: row.GetString(2) == "text"), default);
        List<string> found = [];
        foreach (var (table, column, isText) in columns)
        {
            var value = isText ? $"convert_to({column}, 'UTF8')" : column;
            if ((await fixture.Database.Query($"SELECT EXISTS (SELECT FROM {table} WHERE position($1 in {value}) > 0)", [bytes],
                row => row.GetBoolean(0), default)).Single())
                found.Add($"{table}.{column}");
        }
        return found;
    }
}
