using System.Text.Json;
using Exchange.Requests.V1;
using Exchange.Testing;

namespace Exchange.System.Tests;

/// <summary>
/// A rebuild finds what was there, also while letters are sent, answered, corrected and flagged; and of what was damaged all, and nothing
/// else.
/// </summary>
public sealed class RebuildingWhileStepsAreTaken(WithALivelyExchange lively) : IClassFixture<WithALivelyExchange>
{
    readonly RunningExchange exchange = lively.Moved.Exchange;
    readonly OlderCopies copies = new(lively.Moved.Exchange);

    const string Columns = "recorded_at, requesting_state, requested_state, transmitted_on, told_version, body";

    [Fact]
    public async Task Finds_every_row_as_it_was_while_new_ones_come()
    {
        var told = await copies.Rows("tracking", Derived.Told);
        using var enough = new CancellationTokenSource();
        var steps = KeepSending(enough.Token);

        var tracking = await Rebuild("tracking", 0);
        var correlation = await Rebuild("correlation", 0);

        await enough.CancelAsync();
        (await steps).ShouldBeGreaterThan(0);
        tracking.GetProperty("rowsCompared").GetString().ShouldNotBe("0");
        Differences(tracking).ShouldBeEmpty();
        Differences(correlation).ShouldBeEmpty();
        correlation.GetProperty("rowsCompared").GetString().ShouldNotBe("0");
        told.Except(await copies.Rows("tracking", Derived.Told)).ShouldBeEmpty();
        await exchange.Settled();
        Differences(await Rebuild("tracking", 0)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Finds_and_mends_what_was_damaged_and_tells_nobody_again()
    {
        await exchange.Settled();
        var (before, told) = (await copies.OfTracking(), await copies.Rows("tracking", Derived.Told));
        var victims = (await copies.Rows("tracking", "SELECT request_id FROM flags WHERE limit_kind = 1 AND origin = 1"))
            .Select(row => row.Trim('(', ')')).ToList();
        victims.Count.ShouldBeGreaterThan(3);
        (await copies.Damage("tracking", $"DELETE FROM flags WHERE request_id = '{victims[0]}'")).ShouldBe(1);
        (await copies.Damage(
            "tracking", $"UPDATE facts_versions SET body = body || '\\x00'::bytea WHERE request_id = '{victims[1]}' AND version = 1"))
            .ShouldBe(1);
        (await copies.Damage("tracking", $"DELETE FROM facts WHERE request_id = '{victims[2]}'")).ShouldBe(1);
        (await copies.Damage("tracking", $"UPDATE facts SET transmitted_on = transmitted_on - 100 WHERE request_id = '{victims[3]}'"))
            .ShouldBe(1);

        // Only a check changes nothing.
        Differences(await Rebuild("tracking", 3, "--check")).Count.ShouldBe(4);
        (await copies.OfTracking()).ShouldNotBe(before);
        var mended = Differences(await Rebuild("tracking", 3));

        mended.Order(StringComparer.Ordinal).ShouldBe(new[]
        {
            $"flags requests/{victims[0]} missing", $"facts_versions requests/{victims[1]} differs", $"facts requests/{victims[2]} missing",
            $"facts requests/{victims[3]} differs",
        }.Order(StringComparer.Ordinal));
        (await copies.OfTracking()).ShouldBe(before);
        (await copies.Rows("tracking", Derived.Told)).ShouldBe(told);
        Differences(await Rebuild("tracking", 0)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Finds_what_no_journal_ever_held_and_takes_it_out_again()
    {
        await exchange.Settled();
        var (facts, hashes) = (await copies.OfTracking(), await copies.Rows("correlation", Derived.Identifiers));
        var victim = (await copies.Rows("correlation", "SELECT request_id FROM identifiers LIMIT 1")).Single().Trim('(', ')');
        var invented = Guid.CreateVersion7();
        // A version so high that nothing true would ever replace it, and a request that there is not, told under the name of another.
        var ofVictim = $"{Columns} FROM facts WHERE request_id = '{victim}'";
        await copies.Damage("tracking", $"INSERT INTO facts_versions SELECT request_id, 1000000, {ofVictim}");
        await copies.Damage("tracking", $"INSERT INTO facts_versions SELECT '{invented}', 7, {ofVictim}");
        await copies.Damage("tracking", $"INSERT INTO facts (request_id, version, {Columns}) SELECT '{invented}', 7, {ofVictim}");
        await copies.Damage("tracking", $"UPDATE facts SET version = 1000000, course_version = 1000000 WHERE request_id = '{victim}'");
        await copies.Damage("correlation", $"UPDATE indexed SET version = 1000000 WHERE request_id = '{victim}'");
        await copies.Damage("correlation", $"INSERT INTO indexed (request_id, version) VALUES ('{invented}', 7)");
        string[] beyond = [$"facts_versions requests/{victim} beyond", $"facts_versions requests/{invented} beyond"];

        Differences(await Rebuild("tracking", 3, "--check")).Except(beyond).ShouldBe([$"facts requests/{victim} differs"]);
        (await copies.OfTracking()).ShouldNotBe(facts);
        Differences(await Rebuild("tracking", 3)).Intersect(beyond).ShouldBe(beyond, ignoreOrder: true);
        Differences(await Rebuild("correlation", 3)).ShouldBe(
            [$"indexed requests/{victim} beyond", $"indexed requests/{invented} beyond"], ignoreOrder: true);

        (await copies.OfTracking()).ShouldBe(facts);
        (await copies.Rows("correlation", Derived.Identifiers)).ShouldBe(hashes);
        Differences(await Rebuild("tracking", 0)).ShouldBeEmpty();
        Differences(await Rebuild("correlation", 0)).ShouldBeEmpty();
        // Kept as evidence, and believed in nothing: its references were never given.
        (await copies.Rows("tracking", "SELECT lost FROM lost_facts WHERE version IN (7, 1000000)")).ShouldAllBe(lost => lost == "(f)");
    }

    [Fact]
    public async Task Finds_and_mends_hashes_and_lets_go_of_those_whose_keys_were_destroyed()
    {
        await exchange.Settled();
        var before = await copies.Rows("correlation", Derived.Identifiers);
        var victims = (await copies.Rows("correlation", "SELECT DISTINCT request_id FROM identifiers")).Select(row => row.Trim('(', ')'))
            .Take(3).ToList();
        await copies.Damage("correlation", $"DELETE FROM identifiers WHERE request_id = '{victims[0]}'");
        await copies.Damage("correlation", $"UPDATE identifiers SET hash = sha256(hash) WHERE request_id = '{victims[1]}'");

        Differences(await Rebuild("correlation", 3)).Order(StringComparer.Ordinal)
            .ShouldBe(victims.Take(2).Select(id => $"identifiers requests/{id} differs").Order(StringComparer.Ordinal));
        (await copies.Rows("correlation", Derived.Identifiers)).ShouldBe(before);

        var subjects =
            string.Join(
                ',', (await copies.Rows("correlation", $"SELECT DISTINCT subject_id FROM identifiers WHERE request_id = '{victims[2]}'"))
                    .Select(row => $"'{row.Trim('(', ')')}'"));
        await copies.Damage("keys", $"DELETE FROM subject_keys WHERE subject_id IN ({subjects})");
        Differences(await Rebuild("correlation", 3)).ShouldBe([$"identifiers requests/{victims[2]} differs"]);
        (await copies.Rows("correlation", $"SELECT 1 FROM identifiers WHERE request_id = '{victims[2]}'")).ShouldBeEmpty();
        Differences(await Rebuild("correlation", 0)).ShouldBeEmpty();
        Differences(await Rebuild("tracking", 0)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Is_for_operators_only()
    {
        (await exchange.Try("rebuild", "tracking", "--as", "prosecutor")).ExitCode.ShouldBe(5);
        (await exchange.Try("restore", "accept", "--yes", "--as", "liaison-pl")).ExitCode.ShouldBe(5);
    }

    async Task<int> KeepSending(CancellationToken enough)
    {
        var sent = 0;
        for (; !enough.IsCancellationRequested; sent++)
        {
            var request = await lively.Moved.Send("PL");
            await lively.Moved.Partner(request, act => act.Acknowledge = new() { Reference = "PK 1/26" }, lively.Moved.Today);
        }
        return sent;
    }

    async Task<JsonElement> Rebuild(string service, int exitCode, params string[] options)
    {
        var (ended, output, errors) = await exchange.Try(["rebuild", service, "--as", "operator", "--format", "json", .. options]);
        ended.ShouldBe(exitCode, errors + output);
        return JsonDocument.Parse(output).RootElement;
    }

    static List<string> Differences(JsonElement found) => [.. found.GetProperty("differences").EnumerateArray()
        .Select(one =>
            $"{one.GetProperty("table").GetString()} {one.GetProperty("request").GetString()} {one.GetProperty("what").GetString()}")];
}

/// <summary>A register, letters with and without answers, flags that were raised and cleared, a correction.</summary>
public sealed class WithALivelyExchange : IAsyncLifetime
{
    internal MovedExchange Moved { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Moved = await MovedExchange.Start();
        await Moved.Exchange.Run("register", "import", PartOfTheRegister(), "--observed-until", WithTheDemonstrationRegister.ObservedUntil);
        List<MlaRequest> sent = [];
        for (var i = 0; i < 6; i++)
            sent.Add(await Moved.Send(i % 2 == 0 ? "PL" : "LT"));
        Moved.Pass(MovedExchange.PolicyDays + 1);
        await Eventually.Holds(
            async () => (await new OlderCopies(Moved.Exchange).Rows("tracking", "SELECT 1 FROM flags WHERE origin = 1")).Count.ShouldBe(6));
        (await Moved.Partner(
            sent[0], act => act.Answer = new() { Outcome = Outcome.Refused, Ground = "ne_bis_in_idem", Text = "judged here" }, Moved.Today))
            .ShouldBeTrue();
        (await Moved.Partner(sent[1], act => act.Answer = new() { Outcome = Outcome.Executed }, Moved.Today)).ShouldBeTrue();
        await Moved.Correct(sent[1], StepCode.Execute, correction => correction.OccurredOn = MovedExchange.Iso(Moved.Today.AddDays(-5)));
        await Moved.Exchange.Settled();
    }

    public async ValueTask DisposeAsync() => await Moved.DisposeAsync();

    string PartOfTheRegister()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Moved.Exchange.Home, "register")).FullName;
        var requests = File.ReadLines(Path.Combine(WithTheDemonstrationRegister.Folder, "requests.csv")).Take(400).ToList();
        var references = requests.Select(Reference).ToHashSet();
        File.WriteAllLines(Path.Combine(folder, "requests.csv"), requests);
        File.WriteAllLines(Path.Combine(folder, "subjects.csv"),
            File.ReadLines(Path.Combine(WithTheDemonstrationRegister.Folder, "subjects.csv"))
                .Where(line => references.Contains(Reference(line))));
        return folder;

        static string Reference(string line) => line.Split(',')[0];
    }
}
