using System.Text.Json;
using Exchange.Requests.V1;
using Exchange.Testing;

namespace Exchange.System.Tests;

/// <summary>
/// An administrator of the database turns a signed refusal into an execution: nobody is shown it, and an operator is told, by status, by
/// the check of a restore and by readiness.
/// </summary>
public sealed class ChangedByHand : IAsyncLifetime
{
    MovedExchange moved = null!;

    public async ValueTask InitializeAsync() => moved = await MovedExchange.Start();

    public async ValueTask DisposeAsync() => await moved.DisposeAsync();

    [Fact]
    public async Task A_refusal_stays_a_refusal_and_an_operator_is_told()
    {
        var request = await moved.Send("PL");
        (await moved.Partner(
            request, act => act.Answer = new() { Outcome = Outcome.Refused, Ground = "ne_bis_in_idem", Text = "judged here" }, moved.Today))
            .ShouldBeTrue();
        await moved.Exchange.Settled();
        var copies = new OlderCopies(moved.Exchange);
        var id = request.Name["requests/".Length..];
        var facts = RequestFacts.Parser.ParseFrom(Convert.FromHexString((await copies.Rows("requests",
            $"SELECT encode(facts, 'hex') FROM requests WHERE id = '{id}'")).Single().Trim('(', ')')));
        facts.Answers.Single().Outcome.ShouldBe(Outcome.Refused);
        (facts.Status, facts.Answers[0].Outcome, facts.Answers[0].Ground) = (Status.Executed, Outcome.Executed, "");
        var forged = Convert.ToBase64String(Google.Protobuf.MessageExtensions.ToByteArray(facts));

        (await copies.Damage("requests",
            $"UPDATE requests SET status = {(int)Status.Executed}, facts = decode('{forged}', 'base64') WHERE id = '{id}'")).ShouldBe(1);

        var shown = (await moved.As("prosecutor").Requests.GetRequestAsync(new() { Name = request.Name })).Facts;
        (shown.Status, shown.Answers.Single().Outcome, shown.Answers[0].Ground)
            .ShouldBe((Status.Refused, Outcome.Refused, "ne_bis_in_idem"));
        (await moved.Exchange.Run("request", "history", facts.Reference, "--as", "prosecutor"))
            .ShouldContain("answer: refused, ne bis in idem");
        await Eventually.Holds(async () => (await Attention()).ShouldContain($"requests/{id}"));
        var (exitCode, _, told) = await moved.Exchange.Try("restore", "check", "--as", "operator");
        exitCode.ShouldBe(3);
        told.ShouldContain("changed outside this service");
        using var http = new HttpClient();
        var ready = new Uri($"http://127.0.0.1:{moved.Exchange.Requests.ProbePort}/health/ready");
        (await http.GetStringAsync(ready)).ShouldContain("made anew");
    }

    async Task<string> Attention() =>
        string.Join(' ', JsonDocument.Parse(await moved.Exchange.Run("status", "--as", "operator", "--format", "json")).RootElement
            .EnumerateArray().Select(one => one.GetProperty("attention").GetString()));
}
