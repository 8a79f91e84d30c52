using Exchange.Reference;
using Exchange.Requests.V1;
using Exchange.Tracking.V1;

namespace Exchange.Tracking.Tests;

public sealed class ColumnsOfRequests
{
    static readonly DateOnly AsOf = new(2020, 12, 31);

    [Fact]
    public void Hold_what_does_not_fit_the_narrow_form_beside_it()
    {
        List<RequestFacts> facts =
        [
            Sent("1899-12-31", "1900-06-30"), Sent("2020-01-01", "2250-01-01"), Sent("0206-01-01", "2020-12-31"),
            Sent("1920-01-01", "1920-01-01"), Sent("2020-12-31", ""),
            Asked(("2020-01-10", "2020-01-20"), ("2020-02-01", "2020-02-11"), ("2020-12-01", "")),
        ];
        var columns = Filled(facts);

        columns.Count.ShouldBe(facts.Count);
        columns.Partitions.Sum(partition => partition.Unpacked.Count).ShouldBe(4);
        ShouldCountAsTheFactsDo(columns, facts);
    }

    [Fact]
    public void Hold_more_kinds_of_terms_than_a_code_has_numbers()
    {
        var facts = Enumerable.Range(0, 70_000).Select(n =>
        {
            var one = Sent("2020-01-01", new DateOnly(2020, 1, 2).AddDays(n % 300).ToIso());
            one.TimeLimits.Add(new TimeLimit { Kind = LimitKind.Statutory, DueOn = new DateOnly(2020, 2, 1).AddDays(n / 300).ToIso() });
            return one;
        }).ToList();
        var columns = Filled(facts);

        columns.Partitions.Sum(partition => partition.Unpacked.Count).ShouldBe(70_000 - 65_536);
        ShouldCountAsTheFactsDo(columns, facts);
    }

    [Fact]
    public void Forget_where_a_request_was_when_it_changes_its_partner_its_form_or_becomes_a_draft()
    {
        var columns = new ColumnStore();
        var narrow = Sent("2020-01-01", "2020-03-01");
        for (var row = 0; row < 10_000; row++)
            columns.Put(row, narrow);
        var filled = columns.Bytes;
        foreach (var next in new[] { Sent("1800-01-01", ""), narrow, To("LT"), To("PL"), new(), narrow })
        {
            for (var row = 0; row < 10_000; row += 2)
                columns.Put(row, next);
            List<RequestFacts> facts = [.. Enumerable.Repeat(narrow, 5_000), .. next.TransmittedOn.Length > 0
                ? Enumerable.Repeat(next, 5_000) : []];
            columns.Count.ShouldBe(facts.Count);
            ShouldCountAsTheFactsDo(columns, facts);
        }

        // The places that were left are taken again.
        columns.Partitions[0].Blocks.Count.ShouldBe(3);
        columns.Bytes.ShouldBeLessThan(filled * 3);

        RequestFacts To(string partner)
        {
            var moved = narrow.Clone();
            moved.RequestedState = partner;
            return moved;
        }
    }

    [Fact]
    public void Take_at_most_32_bytes_a_request_where_there_are_many()
    {
        var letters = new RandomLetters(3).Histories(2_000).GroupBy(known => known.Id).Select(versions => versions.Last().Facts()).ToList();
        letters.ForEach(facts => facts.Supplements.Clear());
        var columns = new ColumnStore();
        for (var row = 0; row < 500_000; row++)
            columns.Put(row, letters[row % letters.Count]);

        ((double)columns.Bytes / columns.Count).ShouldBeLessThan(32);
    }

    static ColumnStore Filled(List<RequestFacts> facts)
    {
        var columns = new ColumnStore();
        foreach (var (row, each) in facts.Index())
            columns.Put(row, each);
        return columns;
    }

    static void ShouldCountAsTheFactsDo(ColumnStore columns, List<RequestFacts> facts)
    {
        foreach (var kind in new[] { LimitKind.Policy, LimitKind.Statutory })
        {
            var question = new QueryReader(Figures.Reference, TimeProvider.System, "BY")
                .Read(Direction.Outgoing, AsOf.ToIso(), null, null, kind);
            var row = new TurnaroundTable(question, Grouping.Partner, new(new(2020, 1, 1), AsOf), Figures.Reference).Rows(columns)[0];
            var clocks = facts.ConvertAll(each => Clock.At(each, AsOf, kind)!.Value);

            row.Counts.Requests.ShouldBe(clocks.Count);
            row.Counts.FallenDue.ShouldBe(clocks.Count(clock => clock.FallenDue));
            row.Counts.Silent.ShouldBe(clocks.Count(clock => clock.Silent));
            row.Ages.OldestDays.ShouldBe(clocks.Max(clock => clock.Gross));
            row.Caseflow.Transmitted.ShouldBe(clocks.Count(clock => clock.TransmittedOn.Year == 2020));
            row.Net.StillWaiting.Select(point => point.AtRisk)
                .ShouldBe(new[] { 30, 90, 180, 365 }.Select(day => clocks.Count(clock => clock.Net >= day)));
        }
    }

    static RequestFacts Asked(params (string Asked, string Provided)[] questions)
    {
        var facts = Sent("2020-01-01", "2020-06-30");
        facts.Supplements.AddRange(questions.Select(q => new Supplement { RequestedOn = q.Asked, ProvidedOn = q.Provided }));
        return facts;
    }

    static RequestFacts Sent(string on, string due)
    {
        var facts = new RequestFacts
        {
            Request = $"requests/{Guid.CreateVersion7()}", RequestingState = "BY", RequestedState = "PL",
            TransmittedOn = on
        };
        if (due.Length > 0)
            facts.TimeLimits.Add(new TimeLimit { Kind = LimitKind.Policy, DueOn = due });
        return facts;
    }
}
