using Exchange.Platform;
using Exchange.Reference;
using Exchange.Requests.V1;
using Exchange.Testing;
using Grpc.Core;
using Npgsql;

namespace Exchange.System.Tests;

/// <summary>Who a subject is: for a purpose and the case only, and never without an entry that says who asked and why.</summary>
[Collection(Guarded.Name)]
public sealed class ReadingIdentities(GuardedExchange guarded) : IAsyncLifetime
{
    const string Letter = "BY-2010-000401";

    static readonly ReferenceData Reference = ReferenceData.Load();
    const string Other = "BY-2010-000402";
    const string Case = "BY-GPK-2010-00077";
    const int Usage = 2;

    public async ValueTask InitializeAsync() => (await guarded.Import(
        Written.Requests(Written.Letter(Letter), Written.Letter(Other)),
        Written.Subjects(
            $"{Letter},victim,Алеся Рэдкая,1991-05-04,MP7654321,+375 29 765-43-21,,\n",
            $"{Other},suspect,Ryszard Inny,1970,,,WX 12345,\n"))).ExitCode.ShouldBe(0);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task The_requesting_side_reads_for_the_case_and_is_recorded()
    {
        var shown = await Show("investigator", "investigation", Case, "line-up of 3 March");

        shown.ExitCode.ShouldBe(0, shown.Errors);
        foreach (var known in new[] { "victim, person: Алеся Рэдкая, born 1991-05-04", "document MP7654321", "phone +375 29 765-43-21" })
            shown.Output.ShouldContain(known);
        var entry = await Recorded(shown.Errors);
        entry.Actor.Identity.ShouldBe("exchange://BY/ministry-of-interior/trafficking/2001?role=investigator");
        entry.Actor.Certificate.Length.ShouldBe(64);
        var read = entry.Steps.ShouldHaveSingleItem().IdentitiesRead;
        read.Purpose.ShouldBe(Purpose.Investigation);
        // Case and reason are ciphertext; ListReadings shows them.
        read.EncryptedReason.IsEmpty.ShouldBeFalse();
        read.Requests.ShouldBe([await NameOf(Letter)]);
        // The day in the zone of the officer's state, which is not always that of UTC.
        entry.Steps[0].OccurredOn.ShouldBe(Reference.DayAt("BY", entry.RecordedAt.ToDateTimeOffset()).ToIso());
        entry.Facts.ShouldBeNull();
    }

    [Fact]
    public async Task An_import_gives_the_requested_state_nothing()
    {
        var before = await guarded.Stored();

        foreach (var (purpose, caseNumber) in new[] { ("execution", "whatever"), ("recognition", ""), ("investigation", "whatever") })
        {
            var shown = await Show("liaison-pl", purpose, caseNumber, "to summon the witness");
            shown.ExitCode.ShouldNotBe(0);
            (shown.Output + shown.Errors).ShouldNotContain("Рэдкая");
            shown.Errors.ShouldContain($"There is no requests/{Letter} that you may see.");
        }
        (await guarded.As("liaison-pl").ListRequestsAsync(new() { PageSize = 1_000 })).Requests
            .ShouldNotContain(request => request.Facts.Reference == Letter);
        (await guarded.Stored()).ShouldBe(before);
    }

    [Fact]
    public async Task Programs_get_them_too()
    {
        var csv = await Show("investigator", "investigation", Case, "to compare", "--format", "csv");
        var json = await Show("investigator", "investigation", Case, "to compare", "--format", "json");

        Tables.Parse(csv.Output).ShouldHaveSingleItem().Select(cell => cell.Value).ShouldBe(
            ["victim", "person", "Алеся Рэдкая", "1991-05-04", "document:MP7654321;phone:+375 29 765-43-21"]);
        json.Output.ShouldContain("Алеся Рэдкая");
    }

    [Theory]
    [InlineData("investigator", "execution", Case, "--purpose: must be INVESTIGATION or SUPERVISION: your state sent this request.")]
    [InlineData("investigator", "investigation", "BY-GPK-2010-00078", "--case: is not the case of this request")]
    public async Task Another_purpose_or_case_shows_nothing_and_records_nothing(
        string persona, string purpose, string caseNumber, string sentence)
    {
        var before = await guarded.Stored();

        var shown = await Show(persona, purpose, caseNumber, "out of curiosity");

        shown.ExitCode.ShouldBe(Usage);
        shown.Errors.ShouldContain(sentence);
        shown.Output.ShouldBeEmpty();
        (await guarded.Stored()).ShouldBe(before);
    }

    [Fact]
    public async Task Without_purpose_case_and_reason_nothing_is_even_asked()
    {
        var shown = await guarded.Exchange.Try("request", "show", Letter, "--subjects", "--as", "investigator");
        var refused = await RefusedCall.Of(
            async () => await guarded.As("investigator").ReadSubjectsAsync(new() { Names = { $"requests/{Letter}" } }));

        shown.ExitCode.ShouldBe(Usage);
        shown.Errors.ShouldContain("--subjects needs --purpose, --because and");
        refused.Fields.ShouldBe(["purpose", "justification"]);
    }

    [Fact]
    public async Task Officers_read_one_letter_at_a_time_and_never_as_a_machine()
    {
        var refused = await RefusedCall.Of(async () => await guarded.As("investigator").ReadSubjectsAsync(new()
        {
            Names = { $"requests/{Letter}", $"requests/{Other}", "requests/" }, Purpose = Purpose.Correlation, CaseNumber = Case,
            Justification = new('x', 501),
        }));

        refused.Fields.ShouldBe(["names", "names[2]", "purpose", "justification"]);
    }

    [Fact]
    public async Task A_key_moved_to_another_subject_opens_nothing_and_the_error_says_nothing()
    {
        await guarded.Stored();
        await SwapKeys();
        try
        {
            var refused = await RefusedCall.Of(async () => await guarded.As("investigator").ReadSubjectsAsync(new()
            {
                Names = { $"requests/{Letter}" }, Purpose = Purpose.Investigation, CaseNumber = Case, Justification = "line-up",
            }));
            var shown = await Show("investigator", "investigation", Case, "line-up");

            (refused.Code, refused.Reason).ShouldBe((StatusCode.Internal, "INTERNAL"));
            refused.Message.ShouldBe("Internal error; the operator's log has the trace.");
            shown.ExitCode.ShouldBe(1);
            (shown.Output + shown.Errors + refused.Message).ShouldNotContain("Inny");
        }
        finally
        {
            await SwapKeys();
        }
        (await Show("investigator", "investigation", Case, "line-up")).ExitCode.ShouldBe(0);
    }

    Task<(int ExitCode, string Output, string Errors)> Show(
        string persona, string purpose, string caseNumber, string because, params string[] more) =>
        guarded.Exchange.Try(
            ["request", "show", Letter, "--subjects", "--purpose", purpose, "--case", caseNumber, "--because", because, "--as",
            persona, .. more]);

    async Task<string> NameOf(string reference) =>
        (await guarded.As("prosecutor").GetRequestAsync(new() { Name = $"requests/{reference}" })).Name;

    /// <summary>The entry that the note under the answer names, from the journal.</summary>
    async Task<JournalEntry> Recorded(string note)
    {
        await guarded.Stored();
        using var call = guarded.As("operator").ReadJournal(new());
        var entries = await call.ResponseStream.ReadAllAsync().ToListAsync();
        var entry = entries.Single(entry => note.Contains($"This reading is logged as {entry.Aggregate}.", StringComparison.Ordinal));
        entry.Aggregate.ShouldStartWith("reads/");
        return EntryBytes.Parse(entry.Canonical.Span, JournalEntry.Parser);
    }

    [Fact]
    public async Task Ciphertext_moved_to_another_subject_is_moved_back_and_an_operator_is_told()
    {
        await guarded.Stored();
        await SwapCiphertexts();

        var shown = await Show("investigator", "investigation", Case, "line-up");

        shown.ExitCode.ShouldBe(0);
        shown.Output.ShouldNotContain("Inny");
        (await guarded.As("operator").GetStatusAsync(new())).Attention.ShouldContain(told => told.Contains("made anew from the journal"));
    }

    async Task SwapKeys()
    {
        await using var source = NpgsqlDataSource.Create(guarded.Exchange.Databases["keys"]);
        var (ours, theirs) = (await SubjectOf(Letter), await SubjectOf(Other));
        await using var command = source.CreateCommand(
            """
            UPDATE subject_keys k SET wrapped = o.wrapped FROM subject_keys o
            WHERE (k.subject_id, o.subject_id) IN (($1, $2), ($2, $1))
            """);
        command.Parameters.Add(new() { Value = ours });
        command.Parameters.Add(new() { Value = theirs });
        (await command.ExecuteNonQueryAsync()).ShouldBe(2);
    }

    async Task<Guid> SubjectOf(string reference) => Guid.Parse(SubjectsNamed.Parser.ParseFrom(
        await guarded.Ask<byte[]>("requests", "SELECT subjects FROM requests WHERE reference = $1", reference)).Subjects[0].SubjectId);

    async Task SwapCiphertexts()
    {
        await using var source = NpgsqlDataSource.Create(guarded.Exchange.Databases["requests"]);
        var ours = SubjectsNamed.Parser.ParseFrom(
            await guarded.Ask<byte[]>("requests", "SELECT subjects FROM requests WHERE reference = $1", Letter));
        var theirs = SubjectsNamed.Parser.ParseFrom(
            await guarded.Ask<byte[]>("requests", "SELECT subjects FROM requests WHERE reference = $1", Other));
        (ours.Subjects[0].Ciphertext, theirs.Subjects[0].Ciphertext) = (theirs.Subjects[0].Ciphertext, ours.Subjects[0].Ciphertext);
        foreach (var (reference, subjects) in new[] { (Letter, ours), (Other, theirs) })
        {
            await using var command = source.CreateCommand("UPDATE requests SET subjects = $1 WHERE reference = $2");
            command.Parameters.Add(new() { Value = Google.Protobuf.MessageExtensions.ToByteArray(subjects) });
            command.Parameters.Add(new() { Value = reference });
            await command.ExecuteNonQueryAsync();
        }
    }
}
