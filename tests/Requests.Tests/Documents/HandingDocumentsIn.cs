using System.Security.Cryptography;
using Exchange.Requests.V1;
using Exchange.Testing;
using Google.Protobuf;
using Grpc.Core;
using Status = Exchange.Requests.V1.Status;

namespace Exchange.Requests.Tests;

[Collection(Documented.Name)]
public sealed class HandingDocumentsIn(DocumentFixture fixture)
{
    readonly Courier investigator = fixture.As("investigator");

    [Fact]
    public async Task A_document_is_in_the_request_once_it_is_whole()
    {
        var request = await fixture.File(Status.Draft);
        var content = Courier.Made((2 * Courier.Piece) + 5);
        var upload = await investigator.Announce(request, content);

        (await investigator.List(request)).ShouldBeEmpty();
        var sent = await investigator.Send(upload, content);
        (sent.Received, sent.Size, sent.Document).ShouldBe((content.Length, content.Length, ""));
        var document = await investigator.Complete(sent);

        (document.Kind, document.Title, document.MediaType, document.Size, document.HandlingCode, document.Side, document.Released)
            .ShouldBe((DocumentKind.Evidence, "statement.pdf", "application/pdf", content.Length, HandlingCode.H1, Side.RequestingSide,
                false));
        document.Sha256.ShouldBe(ByteString.CopyFrom(SHA256.HashData(content)));
        document.Commitment.ShouldBe(ByteString.CopyFrom(SHA256.HashData([.. document.Salt.Span, .. content])));
        document.Name.ShouldBe($"{request}/documents/{upload.Name.Split('/')[^1]}");
        (await investigator.Look(upload.Name)).Document.ShouldBe(document.Name);
        (await investigator.List(request)).ShouldHaveSingleItem().ShouldBe(document);
        (await fixture.As("prosecutor").Read(document.Name)).ShouldBe(content);
        var entry = (await fixture.Entries(request))[^1];
        (entry.Step, entry.Steps.Single().DocumentAdded.Document.DocumentId).ShouldBe((StepCode.AddDocument, document.Name.Split('/')[^1]));
        // Nobody approved the letter with it yet, and who added it may not.
        entry.Dossier.ApprovedBy.ShouldBeEmpty();
        entry.Dossier.Authors.ShouldBe([entry.Actor.Identity]);
        document.ReceivedAt.ToDateTimeOffset()
            .ShouldBe((await fixture.Entries(document.Name))[0].RecordedAt.ToDateTimeOffset(), TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public async Task Every_fault_of_an_announcement_is_named_at_once()
    {
        var refused = await RefusedCall.Of(async () => await investigator.Client.BeginUploadAsync(new()
        {
            Request = "letters/1", CommandId = "7", Title = "../statement.pdf", MediaType = "pdf", Size = 0, TranslationOf = "x",
            Language = "POL",
        }));
        var untranslated = await RefusedCall.Of(() =>
            Announce(new() { Kind = DocumentKind.Translation, TranslationOf = "requests/1", Size = 5L << 30 }));
        var unspoken = await RefusedCall.Of(() => Announce(new() { Kind = DocumentKind.LetterDocument }));

        refused.Code.ShouldBe(StatusCode.InvalidArgument);
        refused.Fields.ShouldBe(
            ["request", "command_id", "kind", "title", "media_type", "size", "sha256", "handling_code", "translation_of", "language"]);
        untranslated.Fields.ShouldBe(["size", "translation_of", "language"]);
        unspoken.Fields.ShouldBe(["language"]);
    }

    [Fact]
    public async Task The_same_command_id_is_the_same_upload_and_with_other_content_refused()
    {
        var request = await fixture.File(Status.Transmitted);
        var content = Courier.Made(Courier.Piece + 1);
        var announcement = Courier.Announcement(request, content);
        var upload = await investigator.Client.BeginUploadAsync(announcement);
        await investigator.Send(Courier.PieceOf(upload.Name, content, 0));

        var again = await investigator.Client.BeginUploadAsync(announcement);
        var renamed = await RefusedCall.Of(() => Announce(new() { Title = "another.pdf" }, announcement));
        var abroad = await RefusedCall.Of(async () => await fixture.As("liaison-pl").Client.BeginUploadAsync(announcement));

        // Clients make the id of what they hand in: it stands nowhere where it would tell a holder of a copy that this is one.
        upload.Name.ShouldNotContain(announcement.CommandId);
        (again.Name, again.Received).ShouldBe((upload.Name, Courier.Piece));
        foreach (var refused in new[] { renamed, abroad })
            refused.Fields.ShouldBe(["command_id"]);
        (await fixture.Count("uploads WHERE id", upload.Name)).ShouldBe(1);
    }

    [Fact]
    public async Task A_piece_with_a_swapped_byte_is_refused_and_not_kept()
    {
        var content = Courier.Made(3 * Courier.Piece);
        var upload = await investigator.Announce(await fixture.File(Status.Draft), content);
        var swapped = Courier.PieceOf(upload.Name, content, Courier.Piece);
        swapped.Data = ByteString.CopyFrom([.. swapped.Data.Span[..^1], (byte)(swapped.Data[^1] ^ 1)]);

        var refused = await RefusedCall.Of(() => investigator.Send(Courier.PieceOf(upload.Name, content, 0), swapped));

        (refused.Code, refused.Reason).ShouldBe((StatusCode.InvalidArgument, "HASH_MISMATCH"));
        upload = await investigator.Look(upload.Name);
        upload.Received.ShouldBe(Courier.Piece);
        (await investigator.Complete(await investigator.Send(upload, content))).Size.ShouldBe(content.Length);
    }

    [Fact]
    public async Task A_whole_that_is_not_what_was_announced_is_thrown_away_and_can_be_sent_again()
    {
        var request = await fixture.File(Status.Draft);
        var content = Courier.Made(Courier.Piece + 9);
        var other = content.ToArray();
        other[Courier.Piece] ^= 1;
        var upload = await investigator.Announce(request, content);

        var refused = await RefusedCall.Of(async () => await investigator.Complete(await investigator.Send(upload, other)));

        (refused.Code, refused.Reason).ShouldBe((StatusCode.InvalidArgument, "HASH_MISMATCH"));
        (await fixture.Count("document_pieces WHERE document_id", upload.Name)).ShouldBe(0);
        (await investigator.List(request)).ShouldBeEmpty();
        upload = await investigator.Look(upload.Name);
        upload.Received.ShouldBe(0);
        var document = await investigator.Complete(await investigator.Send(upload, content));
        (await investigator.Read(document.Name)).ShouldBe(content);
    }

    [Fact]
    public async Task Pieces_follow_one_another_and_a_repeat_changes_nothing()
    {
        var content = Courier.Made(3 * Courier.Piece);
        var upload = await investigator.Announce(await fixture.File(Status.Draft), content);
        await investigator.Send(Courier.PieceOf(upload.Name, content, 0), Courier.PieceOf("", content, Courier.Piece));

        var repeated = await investigator.Send(Courier.PieceOf(upload.Name, content, Courier.Piece),
            Courier.PieceOf(upload.Name, content, 77, Courier.Piece));
        var ahead = await RefusedCall.Of(() => investigator.Send(Courier.PieceOf(upload.Name, content, (2 * Courier.Piece) + 1, 10)));
        var across = await RefusedCall.Of(() => investigator.Send(Courier.PieceOf(upload.Name, content, (2 * Courier.Piece) - 1, 10)));
        var different = await RefusedCall.Of(() =>
            investigator.Send(Courier.PieceOf(upload.Name, Courier.Made(Courier.Piece, seed: 2), 0)));
        var whole = await RefusedCall.Of(() => investigator.Complete(upload));

        repeated.Received.ShouldBe(2 * Courier.Piece);
        foreach (var refused in new[] { ahead, across })
        {
            (refused.Code, refused.Reason).ShouldBe((StatusCode.FailedPrecondition, "PIECE_OUT_OF_PLACE"));
            refused.Message.ShouldContain("go on from byte 2097152");
        }
        different.Reason.ShouldBe("PIECE_DIFFERS");
        (whole.Code, whole.Reason).ShouldBe((StatusCode.FailedPrecondition, "UPLOAD_NOT_WHOLE"));
        (await fixture.Count("document_pieces WHERE document_id", upload.Name)).ShouldBe(2);
    }

    [Fact]
    public async Task Every_fault_of_a_piece_is_named_at_once()
    {
        var upload = await investigator.Announce(await fixture.File(Status.Draft), Courier.Made(100));
        var large = new UploadPiece
        {
            Upload = upload.Name, Offset = -1, Data = ByteString.CopyFrom(new byte[Courier.Piece + 1]),
            Sha256 = ByteString.CopyFrom(7)
        };

        (await RefusedCall.Of(() => investigator.Send(large))).Fields.ShouldBe(["data", "offset", "sha256"]);
        (await RefusedCall.Of(() => investigator.Send(new UploadPiece { Upload = upload.Name }))).Fields.ShouldBe(["data"]);
        (await RefusedCall.Of(() => investigator.Send([]))).Fields.ShouldBe(["upload"]);
        (await RefusedCall.Of(() =>
            investigator.Send(Courier.PieceOf(upload.Name, Courier.Made(100), 0, 50),
            Courier.PieceOf("requests/1/uploads/1", Courier.Made(100), 50))))
            .Fields.ShouldBe(["upload"]);
    }

    [Fact]
    public async Task Clients_that_race_hand_one_document_in()
    {
        var request = await fixture.File(Status.Transmitted);
        var content = Courier.Made(8 * Courier.Piece);
        var announcement = Courier.Announcement(request, content);
        var couriers = Enumerable.Range(0, 4).Select(_ => fixture.As("investigator")).ToList();

        var uploads = await Task.WhenAll(couriers.Select(async courier => await courier.Client.BeginUploadAsync(announcement)));
        await Task.WhenAll(couriers.Select(courier => courier.Send(uploads[0], content)));
        var documents = await Task.WhenAll(couriers.Select(courier => courier.Complete(uploads[0])));

        documents.Distinct().ShouldHaveSingleItem();
        (await investigator.Read(documents[0].Name)).ShouldBe(content);
        (await fixture.Entries(request)).Count(entry => entry.Step == StepCode.AddDocument).ShouldBe(1);
        (await fixture.Entries(documents[0].Name)).Count(entry => entry.Steps[0].DocumentHandled.Handling == Handling.Received).ShouldBe(1);
    }

    [Fact]
    public async Task Officers_who_race_on_one_request_hand_in_each_his_own()
    {
        var request = await fixture.File(Status.Transmitted);

        await Task.WhenAll(Enumerable.Range(1, 3).Select(seed => fixture.As("investigator").HandIn(request, Courier.Made(1_000, seed))));
        var refused = await RefusedCall.Of(() => investigator.Announce(request, Courier.Made(10)));

        (await investigator.List(request)).Count.ShouldBe(3);
        refused.Reason.ShouldBe("TOO_MANY_DOCUMENTS");
    }

    [Theory]
    [InlineData("investigator", Status.Submitted, "STEP_NOT_ALLOWED")]
    [InlineData("investigator", Status.Closed, "STEP_NOT_ALLOWED")]
    [InlineData("liaison-pl", Status.Executed, "STEP_NOT_ALLOWED")]
    [InlineData("liaison-pl", Status.Draft, "REQUEST_NOT_FOUND")]
    [InlineData("liaison-lt", Status.Transmitted, "REQUEST_NOT_FOUND")]
    [InlineData("operator", Status.Draft, "ROLE_NOT_ALLOWED")]
    public async Task Only_where_the_lifecycle_has_the_step(string persona, Status status, string reason)
    {
        var request = await fixture.File(status);

        (await RefusedCall.Of(() => fixture.As(persona).Announce(request, Courier.Made(10)))).Reason.ShouldBe(reason);
    }

    [Fact]
    public async Task An_upload_whose_request_was_closed_meanwhile_stays_outside()
    {
        var request = await fixture.File(Status.Transmitted);
        var content = Courier.Made(10);
        var sent = await investigator.Send(await investigator.Announce(request, content), content);
        await fixture.Act(request, Status.Closed, (_, _) => { });

        (await RefusedCall.Of(() => investigator.Complete(sent))).Reason.ShouldBe("STEP_NOT_ALLOWED");
        (await investigator.List(request)).ShouldBeEmpty();
        (await fixture.Entries(sent.Name)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_translation_names_a_document_of_the_same_request()
    {
        var request = await fixture.File(Status.Draft);
        var original = await investigator.HandIn(request, Courier.Made(10));
        var elsewhere = await investigator.HandIn(await fixture.File(Status.Draft), Courier.Made(11));
        var translation = Courier.Announcement(request, Courier.Made(12));
        (translation.Kind, translation.Language, translation.TranslationOf) = (DocumentKind.Translation, "pl", original.Name);

        var sent = await investigator.Send(await investigator.Client.BeginUploadAsync(translation), Courier.Made(12));
        var refused = await RefusedCall.Of(() =>
            Announce(new() { CommandId = $"{Guid.CreateVersion7()}", TranslationOf = elsewhere.Name }, translation));

        (await investigator.Complete(sent)).TranslationOf.ShouldBe(original.Name);
        refused.Fields.ShouldBe(["translation_of"]);
    }

    [Fact]
    public async Task An_announcement_is_answered_again_after_the_limit_was_lowered()
    {
        var announcement = Courier.Announcement(await fixture.File(Status.Draft), Courier.Made(1_000));
        var upload = await investigator.Client.BeginUploadAsync(announcement);
        await using var stricter = await fixture.StartReplica(maxBytes: 999);
        var client = fixture.As("investigator", stricter.GrpcPort).Client;

        (await client.BeginUploadAsync(announcement)).ShouldBe(upload);

        announcement.CommandId = $"{Guid.CreateVersion7()}";
        (await RefusedCall.Of(async () => await client.BeginUploadAsync(announcement))).Fields.ShouldBe(["size"]);
    }

    [Fact]
    public async Task What_a_stopped_service_had_begun_is_finished_once()
    {
        var request = await fixture.File(Status.Draft);
        var content = Courier.Made(10);
        var sent = await investigator.Send(await investigator.Announce(request, content), content);
        var uploads = new UploadStore(fixture.Database, TimeProvider.System);
        var upload = (await uploads.Find(Guid.Parse(sent.Name.Split('/')[^1]), default))!;
        (await uploads.Verify(upload, default)).ShouldBeTrue();
        await new DocumentCustody(new(fixture.Journal, fixture.Ledger), fixture.Journal, RegisterText.Reference,
            TimeProvider.System)
            .Received(upload.Request, upload.Record, DocumentFixture.Prosecutor, default);

        var document = await investigator.Complete(sent);

        (await investigator.Complete(sent)).ShouldBe(document);
        (await investigator.Custody(document.Name)).Entries.ShouldHaveSingleItem().Actor.ShouldBe(DocumentFixture.Prosecutor.ToString());
        (await fixture.Find(request)).Dossier.Documents.Count.ShouldBe(1);
    }

    /// <summary>Announces a sound document of a sound request with these differences.</summary>
    async Task Announce(BeginUploadRequest differences, BeginUploadRequest? basis = null)
    {
        var request = basis?.Clone() ?? Courier.Announcement(await fixture.File(Status.Draft), Courier.Made(10));
        request.MergeFrom(differences);
        await investigator.Client.BeginUploadAsync(request);
    }
}
