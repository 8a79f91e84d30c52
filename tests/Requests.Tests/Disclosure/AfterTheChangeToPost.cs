using Exchange.Platform;
using Exchange.Requests.V1;
using Exchange.Testing;
using Status = Exchange.Requests.V1.Status;

namespace Exchange.Requests.Tests;

/// <summary>
/// Once a request has left the exchange, no question of the partner's tells it of anything since: neither what an answer shows, nor what a
/// list is searched and ordered by, nor the version that an act must name.
/// </summary>
public sealed class AfterTheChangeToPost(InboxFixture fixture) : IClassFixture<InboxFixture>
{
    [Fact]
    public async Task No_answer_changes_any_more()
    {
        var (prosecutor, liaison) = (fixture.Appoint(), fixture.Appoint("PL", "liaison"));
        var left = await Left(prosecutor, "case-left");
        var before = await Answers(liaison, left);

        await ByPost(left, prosecutor, "case-by-post");

        (await Answers(liaison, left)).ShouldBe(before);
        // Its owner sees and finds it as it stands.
        var own = (await fixture.Registry(prosecutor).ListRequestsAsync(
            new() { Statuses = { Status.Executed }, CaseNumber = "case-by-post" })).Requests.ShouldHaveSingleItem();
        own.Facts.TransmittedOn.ShouldBe("2026-03-09");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public async Task Lists_are_searched_and_ordered_by_what_was_told(int size)
    {
        var (prosecutor, liaison) = (fixture.Appoint(), fixture.Appoint("PL", "liaison"));
        var (listed, newest) = ($"case-listed-{size}", $"case-newest-{size}");
        var left = await Left(prosecutor, listed);
        // Between the two days on which the first was sent, as it was told and as it stands.
        var later = await fixture.Take(await fixture.Draft(prosecutor, caseNumber: listed), StepCode.Transmit, prosecutor,
            facts: facts => facts.TransmittedOn = "2026-03-05");
        await ByPost(left, prosecutor, newest);

        (await Listed(new() { CaseNumber = listed })).ShouldBe([later.Facts.Request, left.Facts.Request]);
        (await Listed(new() { CaseNumber = listed, TransmittedTo = "2026-03-02" })).ShouldBe([left.Facts.Request]);
        (await Listed(new() { CaseNumber = listed, TransmittedFrom = "2026-03-06" })).ShouldBeEmpty();
        (await Listed(new() { CaseNumber = listed, Statuses = { Status.Executed } })).ShouldBeEmpty();
        (await Listed(new() { CaseNumber = newest })).ShouldBeEmpty();

        async Task<List<string>> Listed(ListRequestsRequest asked)
        {
            List<string> found = [];
            asked.PageSize = size;
            do
            {
                var page = await fixture.Registry(liaison).ListRequestsAsync(asked);
                found.AddRange(page.Requests.Select(request => request.Name));
                asked.PageToken = page.NextPageToken;
            }
            while (asked.PageToken.Length > 0);
            return found;
        }
    }

    [Fact]
    public async Task An_act_is_refused_alike_whatever_happened_since()
    {
        var (prosecutor, liaison) = (fixture.Appoint(), fixture.Appoint("PL", "liaison"));
        var left = await Left(prosecutor, "case-acted");
        using var desk = fixture.AtHisDesk(liaison);
        var seen = await desk.Requests.GetRequestAsync(new() { Name = left.Facts.Request });
        async Task<string> Refused(string etag)
        {
            seen.Etag = etag;
            return (await RefusedCall.Of(() => desk.Take(seen, act => act.Acknowledge = new()))).Reason;
        }

        foreach (var round in new[] { 0, 1 })
        {
            (await Refused($"\"{left.Version}\"")).ShouldBe("WRONG_CHANNEL", $"round {round}");
            (await Refused($"\"{left.Version + 2}\"")).ShouldNotBe("WRONG_CHANNEL", $"round {round}");
            if (round == 0)
                await ByPost(left, prosecutor, "case-acted");
        }
    }

    [Fact]
    public async Task The_row_is_made_anew_with_what_was_told()
    {
        var prosecutor = fixture.Appoint();
        var left = await Left(prosecutor, "case-rebuilt");
        await ByPost(left, prosecutor, "case-rebuilt-newest");
        var before = await Row();

        await fixture.Database.Execute("UPDATE requests SET told_status = status WHERE id = $1", [left.Id], default);

        (await fixture.Store.Find([left.Id], null, default)).Values.Single().Told!.Status.ShouldBe(Status.Transmitted);
        (await Row()).ShouldBe(before);

        async Task<string> Row() => (await fixture.Database.Query("SELECT to_jsonb(r)::text FROM requests r WHERE id = $1", [left.Id],
            row => row.GetString(0), default)).Single();
    }

    /// <summary>A request that PL was given, and is reached about by post from now on.</summary>
    async Task<RequestState> Left(Caller prosecutor, string caseNumber) => await fixture.Take(
        await fixture.Transmitted(prosecutor, caseNumber: caseNumber), StepCode.ChangeChannel, prosecutor,
        facts: facts => facts.Channel = Channel.OffExchange);

    /// <summary>An answer, a correction, another case and another day of transmission, all of which came or went by post.</summary>
    async Task ByPost(RequestState left, Caller prosecutor, string caseNumber)
    {
        var amended = await fixture.Take(left, StepCode.Amend, prosecutor,
            facts: facts => (facts.CaseNumber, facts.TransmittedOn) = (caseNumber, "2026-03-09"));
        var corrected = await fixture.Take(amended, StepCode.CorrectOwnEntry, prosecutor);
        await fixture.Take(corrected, StepCode.Execute, prosecutor);
    }

    /// <summary>Every answer about the request, and for every status and both cases whether a list finds it.</summary>
    async Task<string> Answers(Caller liaison, RequestState about)
    {
        await fixture.Settled();
        var (registry, name) = (fixture.Registry(liaison), about.Facts.Request);
        var found = new List<string>();
        foreach (var status in Enum.GetValues<Status>().Where(status => status is not Status.Unspecified))
            found.Add($"{status} {(await registry.ListRequestsAsync(new() { Statuses = { status }, PageSize = 1_000 })).Requests}");
        foreach (var caseNumber in new[] { "case-left", "case-by-post" })
            found.Add($"{(await registry.ListRequestsAsync(new() { CaseNumber = caseNumber })).Requests}");
        foreach (var day in new[] { "2026-03-02", "2026-03-09" })
            found.Add($"{(await registry.ListRequestsAsync(new() { TransmittedFrom = day, TransmittedTo = day })).Requests}");
        return string.Join('\n',
        [
            .. found, $"{await registry.GetRequestAsync(new() { Name = name })}",
            $"{await registry.GetHistoryAsync(new() { Name = name })}",
            $"{await registry.GetTracesAsync(new() { Name = name })}",
            $"{await registry.ListReadingsAsync(new() { Name = name })}",
            $"{await fixture.Documents(liaison).ListDocumentsAsync(new() { Request = name })}",
            $"{(await fixture.As(liaison).ListInboxAsync(new() { AfterSealedNo = -1, PageSize = 1_000 })).Items}",
        ]);
    }
}
