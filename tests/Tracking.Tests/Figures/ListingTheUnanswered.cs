using Exchange.Platform;
using Exchange.Requests.V1;
using Exchange.Tracking.V1;

namespace Exchange.Tracking.Tests;

public sealed class ListingTheUnanswered
{
    readonly List<RequestFacts> facts = new RandomLetters(11).Histories(400).GroupBy(k => k.Id).Select(g => g.Last().Facts())
        .Where(f => f.RequestingState == "BY").ToList();

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public void Goes_through_all_pages_in_order_of_due_day_and_reference_without_gap_or_repeat(int size)
    {
        var expected = Overdue().OrderBy(s => s.Clock.DueOn).ThenBy(s => s.Facts.Reference, StringComparer.Ordinal)
            .Select(s => s.Facts.Request).ToList();
        List<string> listed = [];
        UnansweredPosition? after = null;
        do
        {
            var page = new UnansweredPage(size, after);
            foreach (var seen in Overdue())
                page.Offer(seen);
            page.Total.ShouldBe(expected.Count);
            listed.AddRange(page.Items.Select(i => i.Request.Facts.Request));
            after = page.Next;
        }
        while (after is not null);

        expected.Count.ShouldBeGreaterThan(20);
        listed.ShouldBe(expected);
    }

    [Fact]
    public void Goes_on_with_a_token_of_the_same_question_only()
    {
        var asked = new ListUnansweredRequest { PageSize = 10, Filter = new() { Blocs = { "EU" } } };
        var place = new UnansweredPosition(new(2008, 12, 31), "BY-2008-000001", Guid.CreateVersion7());
        var token = PageToken.EncodeFor(asked, "BY", new PositionOnDay("2009-01-01", place));

        var next = new ListUnansweredRequest { PageSize = 50, PageToken = token, Filter = new() { Blocs = { "EU" } } };
        Read(next, "BY").ShouldBe(("2009-01-01", place));

        foreach (var (request, viewer) in new[]
        {
            (new ListUnansweredRequest { PageToken = token, Filter = new() { Blocs = { "CIS" } } }, "BY"),
            (new ListUnansweredRequest { PageToken = token[..^4], Filter = new() { Blocs = { "EU" } } }, "BY"),
            (new ListUnansweredRequest { PageToken = "Zm9v", Filter = new() { Blocs = { "EU" } } }, "BY"),
            (new ListUnansweredRequest { PageToken = "bnVsbA==", Filter = new() { Blocs = { "EU" } } }, "BY"),
            (new ListUnansweredRequest { PageToken = "%", Filter = new() { Blocs = { "EU" } } }, "BY"),
            (next, "PL"),
        })
            Should.Throw<Refusal>(() => Read(request, viewer)).Violations.Select(v => v.Field).ShouldBe(["page_token"]);
    }

    static (string AsOf, UnansweredPosition Last)? Read(ListUnansweredRequest request, string viewer)
    {
        var reader = new QueryReader(Figures.Reference, TimeProvider.System, viewer);
        var token = reader.PageToken<PositionOnDay>(request.PageToken, request);
        reader.ThrowIfInvalid();
        return token is null ? null : (token.AsOf, token.Last);
    }

    IEnumerable<SelectedRequest> Overdue()
    {
        var question = new QueryReader(Figures.Reference, TimeProvider.System, "BY").Read(default, "2022-01-01", null, null, default);
        foreach (var each in facts)
            if (question.Select(each, Figures.Reference) is { Clock.Overdue: true } seen)
                yield return seen;
    }
}
