using Exchange.Testing;

namespace Exchange.System.Tests;

/// <summary>One request from the draft to the answer, as its people type it.</summary>
public sealed class OnTheCommandLine : IAsyncLifetime
{
    const string Letter =
        """
        {"case_number": "BY-GPK-2026-00001", "requested_state": "PL", "requesting_authority": "General Prosecutor's Office",
         "instrument": "UNTOC-2000",
         "conducting_authority": "Investigative Committee", "conducting_function": "Senior investigator", "urgency": "ROUTINE",
         "subject_matter": "Recruitment in Brest", "proceedings": "CRIMINAL", "stage": "INVESTIGATION_STAGE",
         "facts_summary": "{subject 1} was recruited.",
         "offence": "trafficking_in_persons", "legal_text": "art. 181", "penalty": "5 years", "purpose": "trial",
         "handling_code": "H0", "language": "pl",
         "measures": [{"measure": "obtaining_documents", "details": "Statements of the account of {subject 1}"}]}
        """;

    RunningExchange exchange = null!;

    public async ValueTask InitializeAsync() => exchange = await RunningExchange.Start();

    public async ValueTask DisposeAsync() => await exchange.DisposeAsync();

    [Fact]
    public async Task A_request_goes_from_the_draft_to_the_answer_and_is_what_the_documentation_says()
    {
        var (letter, evidence, received) =
            (FileOf("letter.json", Letter), FileOf("evidence.txt", "Balance: 100"), Path.Combine(exchange.Home, "received.txt"));
        var reference = (await As("investigator", "request", "draft", letter)).Split(' ')[0];
        await As("investigator", "subject", "add", reference, "--from",
            FileOf("subjects.json", """[{"kind": "PERSON", "role": "VICTIM", "identity": {"names": ["Ivanova"]}}]"""));
        await As("investigator", "request", "submit", reference);
        await As("prosecutor", "request", "approve", reference);
        await As("prosecutor-2", "request", "transmit", reference, "--channel", "on-exchange");

        await Eventually.Holds(
            async () => (await As("liaison-pl", "inbox", "--all")).ShouldContain($"{reference}  BY to PL: transmit, now transmitted"));
        await As("liaison-pl", "request", "acknowledge", reference, "--reference", "PK 12/26");
        await As("liaison-pl", "request", "ask", reference, "--text", "Which branch?");
        await As("investigator", "request", "supply", reference, "--text", "The one in Brest.");
        (await As("liaison-pl", "request", "answer", reference, "--outcome", "executed", "--evidence", evidence, "--handling", "H1"))
            .ShouldStartWith($"{reference} is executed ");

        await As("investigator", "document", "get", $"{reference}/1", "--out", received, "--purpose", "investigation", "--case",
            "BY-GPK-2026-00001");
        (await File.ReadAllTextAsync(received)).ShouldBe("Balance: 100");
        (await As("investigator", "document", "custody", $"{reference}/1")).ShouldContain("read for investigation, case BY-GPK-2026-00001");
        (await As("prosecutor", "request", "history", reference)).ShouldContain("\"The one in Brest.\"");
        (await As("prosecutor", "request", "close", reference)).ShouldStartWith($"{reference} is closed ");

        (await As("operator", "lifecycle", "--format", "markdown"))
            .ShouldBe(await File.ReadAllTextAsync(Repository.PathOf("contracts/LIFECYCLE.md")));
    }

    Task<string> As(string persona, params string[] arguments) => exchange.Run([.. arguments, "--as", persona]);

    string FileOf(string name, string content)
    {
        var path = Path.Combine(exchange.Home, name);
        File.WriteAllText(path, content);
        return path;
    }
}
