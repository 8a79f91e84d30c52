using System.Text.Json;
using Exchange.Contracts;
using Exchange.Requests.V1;
using Exchange.System.Tests.Faults;
using Exchange.Testing;
using Exchange.Tracking.V1;
using Grpc.Core;

namespace Exchange.System.Tests;

/// <summary>
/// One service comes back from an older copy than the others: what is missing is said, what can heal heals, nothing is given twice.
/// </summary>
public sealed class RestoringAnOlderCopy : IAsyncLifetime
{
    // References are given away in blocks of twenty; a restart begins a new one, and so does the opening.
    const int MoreThanTwoBlocks = 45;

    MovedExchange moved = null!;
    OlderCopies copies = null!;

    public async ValueTask InitializeAsync()
    {
        moved = await MovedExchange.Start();
        copies = new(moved.Exchange);
    }

    public async ValueTask DisposeAsync() => await moved.DisposeAsync();

    [Fact]
    public async Task Tracking_takes_in_again_what_it_forgot_and_recovers_the_rungs_that_were_taken()
    {
        var (first, second) = (await moved.Send("PL"), await moved.Send("PL"));
        await moved.Exchange.Settled();
        var copy = await copies.Dump("tracking");
        moved.Pass(MovedExchange.PolicyDays + 1);
        await Eventually.Holds(async () => (await Flags()).Count.ShouldBe(2));
        await moved.Exchange.Run("ladder", "take", "PL", "--rung", "reminder", "--yes");
        await Eventually.Holds(async () => (await Facts(second)).Reminders.Count.ShouldBe(1));
        (await moved.Partner(first, act => act.Answer = new() { Outcome = Outcome.Executed }, moved.Today)).ShouldBeTrue();
        await Eventually.Holds(async () => (await Flags()).Count.ShouldBe(1));
        await moved.Exchange.Settled();
        var before = await copies.OfTracking();
        var lastTold = await LastTold();

        await copies.Restore("tracking", copy);

        await Eventually.Holds(async () => (await copies.OfTracking()).ShouldBe(before));
        await moved.Exchange.Settled();
        // The rung counts as taken, and says what was lost of it.
        (await moved.Exchange.Run("ladder", "due")).ShouldNotContain(second.Facts.Reference);
        var rung = JsonDocument.Parse(await moved.Exchange.Run("ladder", "list", "--format", "json")).RootElement.EnumerateArray()
            .ShouldHaveSingleItem();
        rung.GetProperty("requests").GetArrayLength().ShouldBe(2);
        rung.GetProperty("letter").GetString().ShouldNotBeNull().ShouldContain("lost");
        (await copies.Rows("tracking", "SELECT request_id, rung FROM rungs_of_requests")).Count.ShouldBe(2);
        // Who had heard the last number hears what comes, not silence.
        (await LastTold()).ShouldBeGreaterThan(lastTold + 1);
        (await ToldAfter(lastTold)).ShouldNotBeNull().ChangeNo.ShouldBeGreaterThan(lastTold);
        await Eventually.Holds(async () => (await Attention()).ShouldBeEmpty());
        (await moved.Exchange.Run("rebuild", "tracking", "--as", "operator")).ShouldContain(" 0 differed");
        // And it is written to again.
        moved.Pass(31);
        await Eventually.Holds(async () => (await moved.Exchange.Run("ladder", "due")).ShouldContain("second reminder"));
        await moved.Exchange.Run("ladder", "take", "PL", "--rung", "second-reminder", "--yes");
    }

    [Fact]
    public async Task Correlation_reads_again_what_it_forgot()
    {
        await NameSubject((await moved.As("investigator").Draft(Letters.Complete("UNTOC-2000"))).Name, "MP1234567");
        await moved.Exchange.Settled();
        var copy = await copies.Dump("correlation");
        await NameSubject((await moved.As("investigator").Draft(Letters.Complete("UNTOC-2000"))).Name, "MP7654321");
        await Eventually.Holds(async () => (await copies.Rows("correlation", Derived.Identifiers)).Count.ShouldBe(2));
        var before = await copies.Rows("correlation", Derived.Identifiers);

        await copies.Restore("correlation", copy);

        await Eventually.Holds(async () => (await copies.Rows("correlation", Derived.Identifiers)).ShouldBe(before));
        await Eventually.Holds(async () => (await Attention()).ShouldBeEmpty());
        (await moved.Exchange.Run("rebuild", "correlation", "--as", "operator")).ShouldContain(" 0 differed");
    }

    [Fact]
    public async Task Requests_names_what_it_lost_gives_no_reference_twice_and_hears_of_the_rungs_again()
    {
        var (old, answered) = (await moved.Send("PL"), await moved.Send("PL"));
        await NameSubject((await moved.As("investigator").Draft(Letters.Complete("UNTOC-2000"))).Name, "MP1234567");
        await moved.Exchange.Settled();
        var copy = await copies.Dump("requests");
        var atCopy = await copies.Rows("tracking", "SELECT request_id FROM facts");
        var inboxBefore = await InboxReaches();
        var lost = await moved.Send("PL");
        await NameSubject((await moved.As("investigator").Draft(Letters.Complete("UNTOC-2000"))).Name, "MP7654321");
        for (var i = 0; i < MoreThanTwoBlocks; i++)
            await moved.As("investigator").Draft(Letters.Complete("UNTOC-2000"));
        (await moved.Partner(answered, act => act.Answer = new() { Outcome = Outcome.Executed }, moved.Today)).ShouldBeTrue();
        moved.Pass(MovedExchange.PolicyDays + 1);
        await Eventually.Holds(async () => (await moved.Exchange.Run("ladder", "due")).ShouldContain(old.Facts.Reference));
        await moved.Exchange.Run("ladder", "take", "PL", "--rung", "reminder", "--yes");
        await Eventually.Holds(async () => (await Facts(old)).Reminders.Count.ShouldBe(1));
        await moved.Exchange.Settled();
        var seen = await References();
        var inboxOfOfficer = await InboxReaches();

        await copies.Restore("requests", copy);

        // Nothing is written before somebody has looked, and everybody says so.
        var refused = await Should.ThrowAsync<RpcException>(() => moved.As("investigator").Draft(Letters.Complete("UNTOC-2000")));
        refused.StatusCode.ShouldBe(StatusCode.Unavailable);
        refused.Status.Detail.ShouldContain("restored");
        await Eventually.Holds(
            async () => (await Attention()).Select(line => line.Split(':')[0]).Distinct()
                .ShouldBe(["correlation", "requests", "tracking"], ignoreOrder: true));
        var (exitCode, told, _) = await moved.Exchange.Try("restore", "check", "--as", "operator");
        exitCode.ShouldBe(3);
        told.ShouldContain(lost.Facts.Reference);
        told.ShouldContain(answered.Facts.Reference);
        (await moved.Exchange.Try("rebuild", "tracking", "--as", "operator")).Errors.ShouldContain("restored from an older copy");

        await moved.Exchange.Run("restore", "accept", "--yes", "--as", "operator");

        await moved.Exchange.Settled();
        await Eventually.Holds(async () => (await Attention()).ShouldBeEmpty());
        // The rung was taken, so the request knows it again; but for that Tracking is where the journal is.
        await Eventually.Holds(async () => (await Facts(old)).Reminders.Select(reminder => reminder.Rung).ShouldBe([Rung.Reminder]));
        await moved.Exchange.Settled();
        (await copies.Rows("tracking", "SELECT request_id FROM facts")).ShouldBe(atCopy);
        (await copies.Rows("tracking", "SELECT request_id, version FROM lost_facts")).ShouldNotBeEmpty();
        (await moved.Exchange.Run("turnaround", "--by", "partner", "--format", "csv")).ShouldNotContain(lost.Facts.Reference);
        (await moved.Exchange.Run("rebuild", "tracking", "--as", "operator")).ShouldContain(" 0 differed");
        (await moved.Exchange.Run("rebuild", "correlation", "--as", "operator")).ShouldContain(" 0 differed");
        (await copies.Rows("correlation", Derived.Identifiers)).Count.ShouldBe(1);
        // An officer who had seen the inbox further than it reaches now hears what is new.
        var news = await moved.Send("PL");
        inboxOfOfficer.ShouldBeGreaterThan(inboxBefore);
        await Eventually.Holds(async () => (await InboxAfter(inboxOfOfficer)).ShouldContain(news.Name));
        // An event of what was lost comes late, from a broker that was not restored: it is of a time that is over.
        var late = await EventOf(lost);
        await Publish(late);
        await TakenIn();
        (await copies.Rows("tracking", $"SELECT 1 FROM facts WHERE request_id = '{lost.Name["requests/".Length..]}'")).ShouldBeEmpty();
        (await moved.Exchange.Run("rebuild", "tracking", "--as", "operator")).ShouldContain(" 0 differed");
        for (var i = 0; i < MoreThanTwoBlocks; i++)
            seen.ShouldNotContain((await moved.As("investigator").Draft(Letters.Complete("UNTOC-2000"))).Facts.Reference);
        // What was lost can be entered again, and the partner answer again: versions go on from the journal as it is.
        (await moved.Partner(
            answered, act =>
                act.Answer = new() { Outcome = Outcome.NotExecutable, Ground = "person_not_found", Text = "moved away" }, moved.Today))
                .ShouldBeTrue();
        await moved.Exchange.Settled();
        var row = Tables.Parse(await moved.Exchange.Run("turnaround", "--by", "partner", "--format", "csv"))
            .Single(one => one["group"] == "PL");
        row["answered"].ShouldBe("1");
    }

    /// <summary>As Tracking kept it when it was set aside.</summary>
    async Task<RequestChanged> EventOf(MlaRequest request)
    {
        var id = request.Name["requests/".Length..];
        var body = (await copies.Rows(
            "tracking", $"SELECT encode(body, 'base64') FROM lost_facts WHERE request_id = '{id}' ORDER BY version DESC LIMIT 1")).Single();
        var facts = RequestFacts.Parser.ParseFrom(Convert.FromBase64String(body.Trim('(', ')', '"')));
        return new(facts.Request, facts.Version, facts);
    }

    /// <summary>As Requests said it once, signed: it is true and old.</summary>
    Task Publish(RequestChanged change) => moved.Exchange.Broker.Publish(
        BrokerAccess.Event, ServiceIdentities.Envelope(moved.Exchange.Signer("requests"), change));

    /// <summary>Until what was published before a new letter is taken in: a queue keeps its order.</summary>
    async Task TakenIn()
    {
        await moved.Send("PL");
        await moved.Exchange.Settled();
    }

    async Task NameSubject(string draft, string document)
    {
        var act = new NameSubjects();
        act.Add.Add(new NewSubject
        {
            Kind = SubjectKind.Person, Role = SubjectRole.Suspect,
            Identity = new()
            {
                Names = { "Jan Testowy" }, Identifiers = { new Identifier { Kind = IdentifierKind.Document, Value = document } },
            },
        });
        await moved.As("investigator").Take(draft, step => step.NameSubjects = act);
    }

    async Task<RequestFacts> Facts(MlaRequest request) =>
        (await moved.As("prosecutor").Requests.GetRequestAsync(new() { Name = request.Name })).Facts;

    async Task<IReadOnlyList<IReadOnlyDictionary<string, string>>> Flags() =>
        Tables.Parse(await moved.Exchange.Run("flag", "list", "--standing", "--format", "csv"));

    async Task<long> LastTold() =>
        long.Parse((await copies.Rows("tracking", "SELECT last_no FROM flag_change_counter")).Single().Trim('(', ')'),
            global::System.Globalization.CultureInfo.InvariantCulture);

    async Task<List<string>> References() =>
        [.. (await copies.Rows("requests", "SELECT reference FROM requests")).Select(row => row.Trim('(', ')'))];

    /// <summary>What the services say an operator must see to.</summary>
    async Task<List<string>> Attention() =>
        [.. JsonDocument.Parse(await moved.Exchange.Run("status", "--as", "operator", "--format", "json")).RootElement.EnumerateArray()
            .Where(one => one.GetProperty("attention").GetString()!.Length > 0)
            .Select(one => $"{one.GetProperty("service").GetString()!.ToLowerInvariant()}: {one.GetProperty("attention").GetString()}")];

    async Task<FlagChange?> ToldAfter(long number)
    {
        using var channel = moved.Exchange.Connect(moved.Exchange.Tracking, "prosecutor");
        using var watch = new Escalation.EscalationClient(channel).WatchFlags(new() { AfterChangeNo = number });
        await watch.ResponseStream.MoveNext(CancellationToken.None);
        return watch.ResponseStream.Current.Change;
    }

    async Task<long> InboxReaches()
    {
        using var channel = moved.Exchange.Connect(moved.Exchange.Requests, "liaison-pl");
        using var watch = new OfficerInbox.OfficerInboxClient(channel).WatchInbox(new() { AfterSealedNo = -1 });
        await watch.ResponseStream.MoveNext(CancellationToken.None);
        return watch.ResponseStream.Current.SealedNo;
    }

    async Task<List<string>> InboxAfter(long number)
    {
        using var channel = moved.Exchange.Connect(moved.Exchange.Requests, "liaison-pl");
        using var watch = new OfficerInbox.OfficerInboxClient(channel).WatchInbox(new() { AfterSealedNo = number });
        List<string> requests = [];
        while (await watch.ResponseStream.MoveNext(CancellationToken.None) && watch.ResponseStream.Current.Item is { } item)
            requests.Add(item.Request);
        return requests;
    }
}
