using Exchange.Platform;
using Exchange.Requests.V1;
using Exchange.Testing;
using Google.Protobuf;
using Grpc.Core;
using Status = Exchange.Requests.V1.Status;

namespace Exchange.Requests.Tests;

[Collection(Documented.Name)]
public sealed class ReadingDocuments(DocumentFixture fixture)
{
    const string Investigator = "exchange://BY/ministry-of-interior/trafficking/2001?role=investigator";
    const string Liaison = "exchange://PL/embassy-minsk/liaison/4001?role=liaison";

    readonly Courier investigator = fixture.As("investigator");
    readonly Courier prosecutor = fixture.As("prosecutor");
    readonly Courier liaison = fixture.As("liaison-pl");

    [Fact]
    public async Task The_partner_sees_what_was_released_to_it_and_cannot_tell_the_rest_from_nothing()
    {
        var request = await fixture.File(Status.Draft);
        var given = await investigator.HandIn(request, Courier.Made(10, seed: 1));
        await fixture.Transmit(request);
        var kept = await investigator.HandIn(request, Courier.Made(10, seed: 2));
        var absent = $"{request}/documents/{Guid.CreateVersion7()}";

        (await liaison.List(request)).ShouldHaveSingleItem().Released.ShouldBeTrue();
        (await liaison.Read(given.Name)).ShouldBe(Courier.Made(10, seed: 1));
        foreach (var name in new[] { kept.Name, absent })
        {
            foreach (var call in new Func<Task>[] { () => liaison.Read(name), () => liaison.Custody(name) })
            {
                var refused = await RefusedCall.Of(call);
                (refused.Code, refused.Reason, refused.Message)
                    .ShouldBe((StatusCode.NotFound, "DOCUMENT_NOT_FOUND", $"There is no {name} that you may see."));
            }
        }
        (await RefusedCall.Of(() => liaison.Look(kept.Name.Replace("documents", "uploads", StringComparison.Ordinal))))
            .Reason.ShouldBe("DOCUMENT_NOT_FOUND");
        (await investigator.List(request)).Select(document => document.Released).ShouldBe([true, false]);
    }

    [Fact]
    public async Task Evidence_is_the_requested_sides_own_until_an_answer_names_it()
    {
        var request = await fixture.File(Status.InExecution);
        var evidence = await liaison.HandIn(request, Courier.Made(10, seed: 3));

        evidence.Side.ShouldBe(Side.RequestedSide);
        (await investigator.List(request)).ShouldBeEmpty();
        (await RefusedCall.Of(() => investigator.Read(evidence.Name))).Code.ShouldBe(StatusCode.NotFound);
        await fixture.Act(request, Status.Executed, (dossier, version) => dossier.Release([evidence.Name], version));
        (await investigator.Read(evidence.Name)).ShouldBe(Courier.Made(10, seed: 3));
        // The letter, its approval, was not touched by it.
        (await fixture.Find(request)).Dossier.ApprovedBy.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("investigator", Purpose.Unspecified, "", "purpose")]
    [InlineData("investigator", Purpose.Investigation, "", "case_number")]
    [InlineData("investigator", Purpose.Correlation, DocumentFixture.Case, "purpose")]
    [InlineData("investigator", Purpose.Execution, DocumentFixture.Case, "purpose")]
    [InlineData("investigator", Purpose.Investigation, "BY-GPK-2026-00018", "case_number")]
    [InlineData("liaison-pl", Purpose.Investigation, "", "case_number")]
    [InlineData("liaison-pl", Purpose.Investigation, "whatever", "case_number")]
    [InlineData("liaison-pl", Purpose.Execution, "whatever", "case_number")]
    public async Task Another_purpose_or_case_shows_nothing_and_records_nothing(string persona, Purpose purpose, string caseNumber,
        string fields)
    {
        var request = await fixture.File(Status.Draft);
        var document = await investigator.HandIn(request, Courier.Made(10));
        await fixture.Transmit(request);

        var refused = await RefusedCall.Of(() => fixture.As(persona)
            .Read(document.Name, new(), read => (read.Purpose, read.CaseNumber) = (purpose, caseNumber)));

        (refused.Code, string.Join(' ', refused.Fields)).ShouldBe((StatusCode.InvalidArgument, fields));
        (await fixture.Entries(document.Name)).Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Courier.Piece - 1)]
    [InlineData(Courier.Piece)]
    [InlineData((2 * Courier.Piece) + 4)]
    public async Task Reading_goes_on_from_any_byte(int offset)
    {
        var content = Courier.Made((2 * Courier.Piece) + 5);
        var document = await investigator.HandIn(await fixture.File(Status.Draft), content);
        using var into = new MemoryStream();

        var header = await investigator.Read(document.Name, into, read => read.Offset = offset);

        header.ShouldBe(document);
        into.ToArray().ShouldBe(content[offset..]);
        (await investigator.Custody(document.Name)).Entries[^1].Offset.ShouldBe(offset);
        foreach (var outside in new long[] { -1, content.Length, long.MaxValue })
            (await RefusedCall.Of(() => investigator.Read(document.Name, new(), read => read.Offset = outside)))
                .Fields.ShouldBe(["offset"]);
    }

    [Fact]
    public async Task The_chain_of_custody_tells_both_sides_what_was_given_and_each_its_own_readings()
    {
        var request = await fixture.File(Status.Draft);
        var document = await investigator.HandIn(request, Courier.Made(10));
        await investigator.Read(document.Name);
        await fixture.Transmit(request);
        await liaison.Read(document.Name);

        await Eventually.Holds(async () => (await investigator.Custody(document.Name)).Entries.ShouldAllBe(entry => entry.SealedNo > 0));
        var ours = await prosecutor.Custody(document.Name);
        var colleagues = await investigator.Custody(document.Name);
        var theirs = await liaison.Custody(document.Name);

        ours.Document.Released.ShouldBeTrue();
        ours.Entries.Select(entry => (entry.Handling, entry.Actor, entry.Purpose, entry.CaseNumber)).ShouldBe(
        [
            (Handling.Received, Investigator, Purpose.Unspecified, ""),
            (Handling.Read, Investigator, Purpose.Investigation, DocumentFixture.Case),
            (Handling.Released, DocumentFixture.Prosecutor.ToString(), Purpose.Unspecified, ""),
            (Handling.Read, "exchange://PL", Purpose.Execution, ""),
        ]);
        // Of the other side's reading the day, and neither the time of it nor its place among all that was sealed.
        var reading = (await fixture.Entries(document.Name))[^1];
        (ours.Entries[^1].ReadOn, ours.Entries[^1].RecordedAt, ours.Entries[^1].SealedNo).ShouldBe((reading.Steps[0].OccurredOn, null, 0));
        await ShouldBeChained(ours, request);
        colleagues.Entries.Select(entry => entry.EntryHash).ShouldBe(ours.Entries.SkipLast(1).Select(entry => entry.EntryHash));
        theirs.Entries.Select(entry => (entry.Handling, entry.Actor, entry.CaseNumber, entry.RecordedAt is null)).ShouldBe(
        [
            (Handling.Received, "exchange://BY/ministry-of-interior", "", false),
            (Handling.Released, "exchange://BY/general-prosecutor", "", false), (Handling.Read, Liaison, "", false),
        ]);
        // That its own reading was the third entry would tell of the second.
        (theirs.Entries[^1].Version, theirs.Entries[^1].PreviousHash).ShouldBe((0, ByteString.Empty));
        theirs.Entries[^1].SealedNo.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_reading_for_a_case_that_is_closed_to_a_colleague_does_not_tell_him_its_number()
    {
        const string number = "PL-RESTRICTED-1";
        await fixture.CasesOfColleague().KeepCaseAsync(new()
        {
            Case = new() { Number = number, Lead = "embassy-minsk/liaison", Restricted = true }, CommandId = Officer.NewId(),
        });
        var request = await fixture.File(Status.Draft);
        var document = await investigator.HandIn(request, Courier.Made(10));
        await fixture.Transmit(request);
        await liaison.Read(document.Name, new(), read => (read.Purpose, read.CaseNumber) = (Purpose.Investigation, number));

        (await liaison.Custody(document.Name)).Entries[^1].CaseNumber.ShouldBe(number);
        var shown = (await fixture.Outsider().Custody(document.Name)).Entries[^1];
        (shown.Actor, shown.Purpose, shown.CaseNumber).ShouldBe((Liaison, Purpose.Investigation, ""));
    }

    [Fact]
    public async Task Readers_who_race_are_all_in_the_chain()
    {
        var document = await investigator.HandIn(await fixture.File(Status.Draft), Courier.Made(10));

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => fixture.As("investigator").Read(document.Name)));

        var custody = await prosecutor.Custody(document.Name);
        custody.Entries.Count.ShouldBe(9);
        await ShouldBeChained(custody, "");
    }

    /// <summary>Recomputes every hash from the journal itself.</summary>
    async Task ShouldBeChained(Custody custody, string request)
    {
        var own = custody.Entries.Where(entry => entry.Handling != Handling.Released).ToList();
        own.Select(entry => entry.Version).ShouldBe(Enumerable.Range(1, own.Count));
        own.ShouldAllBe(entry => entry.Chain == $"documents/{custody.Document.Name.Split('/', 4)[3]}");
        own.Select(entry => entry.PreviousHash).ShouldBe(own.Select(entry => entry.EntryHash).Prepend(ByteString.Empty).SkipLast(1));
        custody.Entries.Except(own).ShouldAllBe(entry => entry.Chain == request);
        foreach (var entry in custody.Entries)
        {
            var stored = (await fixture.Database.Query("SELECT entry FROM journal WHERE aggregate_id = $1 AND version = $2",
                [Guid.Parse(entry.Chain.Split('/')[1]), entry.Version], row => row.GetFieldValue<byte[]>(0), default)).Single();
            entry.EntryHash.ShouldBe(ByteString.CopyFrom(EntryBytes.HashOf(stored)));
        }
    }
}
