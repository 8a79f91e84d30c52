using Exchange.Requests.V1;

namespace Exchange.Requests.Tests;

public sealed class NamingDocuments
{
    static readonly Guid Request = Guid.Parse("0198f2ab-0000-7000-8000-000000000001");
    static readonly string[] Ids = [.. Enumerable.Range(1, 3).Select(n => $"0198f2ab-0000-7000-8000-00000000010{n}")];

    readonly RequestDossier dossier = new()
    {
        Documents =
        {
            new DocumentRecord { DocumentId = Ids[0], Side = Side.RequestingSide },
            new DocumentRecord { DocumentId = Ids[1], Side = Side.RequestedSide },
            new DocumentRecord { DocumentId = Ids[2], Side = Side.RequestedSide, ReleasedIn = 4 },
        },
    };

    [Fact]
    public void An_act_names_documents_of_its_own_side_given_or_not() =>
        dossier.DocumentFaults(Request, "answer.evidence", [Name(1), Name(2)], Side.RequestedSide).ShouldBeEmpty();

    [Fact]
    public void Every_other_name_is_a_fault_and_the_other_sides_looks_like_an_absent_one()
    {
        var faults = dossier.DocumentFaults(Request, "answer.evidence",
            [Name(0), $"requests/{Request}/documents/{Guid.Empty}", $"requests/{Guid.Empty}/documents/{Ids[1]}", "documents/1", Name(1)
                .ToUpperInvariant(), Name(1), Name(1)],
            Side.RequestedSide).ToList();

        faults.Select(fault => fault.Field)
            .ShouldBe(["answer.evidence[0]", "answer.evidence[1]", "answer.evidence[2]", "answer.evidence[3]", "answer.evidence[4]",
            "answer.evidence[6]"]);
        faults.Take(3).Select(fault => fault.Description).Distinct().ShouldHaveSingleItem();
        faults[3].Description.ShouldBe("must be requests/{uuid}/documents/{uuid}.");
        faults[5].Description.ShouldBe("is named before.");
    }

    [Fact]
    public void What_is_released_is_seen_by_the_other_side_and_keeps_the_version_it_came_in()
    {
        dossier.Document(Guid.Parse(Ids[1]), Side.RequestingSide).ShouldBeNull();
        dossier.Release([Name(1), Name(2)], 7);

        dossier.Documents.Select(document => document.ReleasedIn).ShouldBe([0, 7, 4]);
        dossier.Document(Guid.Parse(Ids[1]), Side.RequestingSide).ShouldNotBeNull();
    }

    [Fact]
    public void A_letter_takes_all_of_its_side_along()
    {
        dossier.ReleaseAll(Side.RequestingSide, 2);

        dossier.Documents.Select(document => document.ReleasedIn).ShouldBe([2, 0, 4]);
    }

    static string Name(int n) => DocumentName.Of(Request, Ids[n]);
}
