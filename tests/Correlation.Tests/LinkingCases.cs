using Exchange.Contracts;
using static Exchange.Requests.V1.IdentifierKind;

namespace Exchange.Correlation.Tests;

public sealed class LinkingCases : IAsyncLifetime
{
    Installation installation = null!;

    Book Book => installation.Book;

    public async ValueTask InitializeAsync() => installation = await Installation.Create();

    public async ValueTask DisposeAsync() => await installation.DisposeAsync();

    [Fact]
    public async Task Two_cases_that_share_a_value_are_linked_however_it_was_written()
    {
        var first = Book.Add("BY", "CASE-2", (Document, "MP1234567"), (Phone, "8 029 195-22-43"));
        var second = Book.Add("BY", "CASE-1", (Document, "МР 1234567"), (Phone, "+375291952243"), (Plate, "7920 PE-1"));
        var third = Book.Add("BY", "CASE-3", (Plate, "7920 РЕ 1"), (Vin, "WDB1240501C123456"));

        await installation.Take(first, second, third);

        var links = await installation.Links();
        links.Select(l => (l.CaseA, l.CaseB)).ShouldBe([("CASE-1", "CASE-2"), ("CASE-1", "CASE-3")]);
        links[0].Shared.Select(s => (s.Kind, s.RequestA, s.RequestB)).ShouldBe(
            [(Document, second.Request, first.Request), (Phone, second.Request, first.Request)]);
        links[1].Shared.Select(s => (s.Kind, s.RequestA, s.RequestB)).ShouldBe([(Plate, second.Request, third.Request)]);
    }

    [Fact]
    public async Task Neither_another_state_nor_another_kind_nor_the_same_case_makes_a_link()
    {
        await installation.Take(
            Book.Add("BY", "CASE-1", (Document, "1234567")), Book.Add("BY", "CASE-1", (Document, "1234567")),
            Book.Add("PL", "CASE-2", (Document, "1234567")), Book.Add("BY", "CASE-3", (Phone, "1234567")));

        (await installation.Links()).ShouldBeEmpty();
        (await installation.Links("PL")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Each_state_has_its_own_links()
    {
        await installation.Take(
            Book.Add("BY", "CASE-1", (Document, "MP1234567")), Book.Add("BY", "CASE-2", (Document, "MP1234567")),
            Book.Add("PL", "CASE-8", (Document, "MP1234567")), Book.Add("PL", "CASE-9", (Document, "MP1234567")));

        (await installation.Links("BY")).ShouldHaveSingleItem().CaseA.ShouldBe("CASE-1");
        (await installation.Links("PL")).ShouldHaveSingleItem().CaseA.ShouldBe("CASE-8");
    }

    [Fact]
    public async Task A_value_in_more_cases_than_the_cap_links_none_and_links_again_when_it_grows_rarer()
    {
        var requests = Enumerable.Range(1, 4).Select(i => Book.Add("BY", $"CASE-{i}", (Phone, "+375291952243"))).ToList();
        await installation.Take([.. requests]);

        (await installation.Links(cap: 4)).Count.ShouldBe(6);
        (await installation.Links(cap: 3)).ShouldBeEmpty();
        (await installation.Links(caseNumber: "CASE-2", cap: 3)).ShouldBeEmpty();

        await installation.Take(Book.Change(requests[3].Request, 2, "BY", "CASE-4"));
        (await installation.Links(cap: 3)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task The_cap_counts_cases_and_not_the_requests_in_them()
    {
        await installation.Take([.. Enumerable.Range(1, 9).Select(i => Book.Add("BY", $"CASE-{i % 2}", (Phone, "+375291952243")))]);

        (await installation.Links(cap: 2)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task The_order_and_number_of_deliveries_make_no_difference()
    {
        var requests = SomeRequests();
        await installation.Take([.. requests]);
        var expected = await installation.Links(cap: 5);
        expected.ShouldNotBeEmpty();

        var random = new Random(4711);
        for (var round = 0; round < 5; round++)
        {
            await installation.Execute("TRUNCATE indexed, identifiers");
            var deliveries = requests.Concat(requests).ToArray();
            random.Shuffle(deliveries);
            foreach (var batch in deliveries.Chunk(random.Next(1, 40)))
                await installation.Take(batch);

            (await installation.Links(cap: 5)).ShouldBe(expected);
        }
    }

    [Fact]
    public async Task Pages_put_together_are_the_whole()
    {
        await installation.Take([.. SomeRequests()]);
        var whole = await installation.Links();

        foreach (var size in new[] { 1, 7, 100 })
        {
            (await installation.Pages(size)).ShouldBe(whole);
        }

        foreach (var one in whole.Select(l => l.CaseA).Distinct())
            (await installation.Links(caseNumber: one)).ShouldBe(whole.Where(l => l.CaseA == one || l.CaseB == one));
    }

    [Fact]
    public async Task A_newer_version_replaces_what_an_older_one_said_and_never_the_other_way_round()
    {
        await installation.Take(Book.Add("BY", "CASE-1", (Document, "MP1234567")));
        var request = Book.Add("BY", "CASE-2", (Document, "MP1234567"));
        await installation.Take(request);
        (await installation.Links()).ShouldHaveSingleItem();

        var corrected = Book.Change(request.Request, 3, "BY", "CASE-2", (Document, "MP7654321"));
        await installation.Take(corrected);
        await installation.Take(request, corrected with { Version = 2 });

        (await installation.Links()).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_known_already_is_not_read_again()
    {
        var requests = Enumerable.Range(1, 201).Select(i => Book.Add("BY", $"CASE-{i}")).ToList();

        await installation.Take([.. requests]);
        await installation.Take([.. requests]);

        Book.Readings.Select(names => names.Count).ShouldBe([200, 1]);
    }

    List<RequestChanged> SomeRequests()
    {
        var random = new Random(42);
        return [.. Enumerable.Range(1, 60).Select(i => Book.Add("BY", $"CASE-{i % 40:d2}",
            [.. Enumerable.Range(0, random.Next(0, 4))
                .Select(_ => (random.Next(2) == 0 ? Document : Phone, $"77000{random.Next(100, 140)}"))]))];
    }

    [Fact]
    public async Task One_case_however_its_number_is_written_links_with_others_and_not_with_itself()
    {
        var book = installation.Book;
        await installation.Take(
            book.Add("BY", "by-2026 \u2013 1", (Document, "AB1234567")), book.Add("BY", "BY-2026-1", (Document, "AB1234567")),
            book.Add("BY", "BY-2026-2", (Document, "AB1234567")));

        var link = (await installation.Links()).ShouldHaveSingleItem();
        (link.CaseA, link.CaseB).ShouldBe(("BY-2026-1", "BY-2026-2"));
    }

    [Fact]
    public async Task A_request_that_is_closed_to_the_caller_links_nothing_for_him()
    {
        var book = installation.Book;
        var closed = book.Add("BY", "CASE-1", (Document, "AB1234567"));
        await installation.Take(
            closed, book.Add("BY", "CASE-2", (Document, "AB1234567")), book.Add("BY", "CASE-3", (Document, "AB1234567")));

        (await installation.Links()).Count.ShouldBe(3);
        var link = (await installation.Links(closed: [Guid.Parse(closed.Request.Split('/')[1])])).ShouldHaveSingleItem();
        (link.CaseA, link.CaseB).ShouldBe(("CASE-2", "CASE-3"));
        (await installation.Links(caseNumber: "CASE-1", closed: [Guid.Parse(closed.Request.Split('/')[1])])).ShouldBeEmpty();
        // How common a value is does not depend on who asks.
        (await installation.Links(cap: 2, closed: [Guid.Parse(closed.Request.Split('/')[1])])).ShouldBeEmpty();
    }
}
