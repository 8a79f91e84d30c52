using System.Globalization;
using Exchange.Platform;
using Exchange.Requests.V1;
using Exchange.Testing;

namespace Exchange.System.Tests.Faults;

/// <summary>
/// T10: two processes of Tracking whose clocks are ten minutes apart, killed at the instant a limit passes, in the night after
/// the clocks of Warsaw went forward: every letter that waits is flagged once, as of the right instant.
/// </summary>
public sealed class FlaggingOnce : IAsyncLifetime
{
    const int PolicyDays = 8;
    const string Sent = "2027-03-20T09:00:00Z";

    // Due on Sunday the 28th, when Warsaw goes to UTC+2; the flag is raised at 00:00 of the 29th there.
    const string RaisedAt = "2027-03-28T22:00:00Z";

    readonly string[] clocks = [Path.GetTempFileName(), Path.GetTempFileName(), Path.GetTempFileName()];
    RunningExchange exchange = null!;

    public async ValueTask InitializeAsync()
    {
        Move(Sent);
        exchange = await RunningExchange.Start("PL", ["BY"], new Dictionary<string, string?>
        {
            ["Testing__Clock"] = "@" + clocks[0],
            ["DOTNET_ENVIRONMENT"] = TestingClock.Environment,
            ["Requests__PolicyDays"] = PolicyDays.ToString(CultureInfo.InvariantCulture),
        }, each: 2);
        for (var number = 0; number < 2; number++)
        {
            exchange.Replicas("tracking")[number].Set("Testing__Clock", "@" + clocks[1 + number]);
            await exchange.Replicas("tracking")[number].Restart();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await exchange.DisposeAsync();
        foreach (var clock in clocks)
            File.Delete(clock);
    }

    [Fact]
    public async Task Whoever_wakes_first_and_whoever_dies()
    {
        var (waiting, answered) = (await Send(6), await Send(3));
        using var liaison = exchange.Officer("liaison-by");
        foreach (var request in answered)
            await liaison.Take(request, act => act.Answer = new() { Outcome = Outcome.Executed, Text = "Done." });
        await exchange.Settled();

        Move("2027-03-28T21:54:00Z");
        (await Raised()).ShouldBeEmpty();
        Move("2027-03-28T21:59:59Z");
        foreach (var process in exchange.Replicas("tracking"))
            await process.Kill();
        Move("2027-03-28T22:06:00Z");
        foreach (var process in exchange.Replicas("tracking"))
            await process.Restart();
        await Eventually.Holds(async () => (await Raised()).Count.ShouldBe(waiting.Count));
        foreach (var process in exchange.Replicas("tracking"))
            await process.Restart();
        Move("2027-03-29T09:00:00Z");
        await Send(1);
        await exchange.Settled();

        var raised = await Raised();
        raised.Select(flag => flag.Request).Order().ShouldBe(waiting.Order());
        raised.ShouldAllBe(flag => flag.At == DateTimeOffset.Parse(RaisedAt, CultureInfo.InvariantCulture) && flag.Told == 1);
    }

    Task<List<(string Request, DateTimeOffset At, long Told)>> Raised() => Rows.Read(exchange.Databases["tracking"],
        """
        SELECT request_id, raised_at, (
          SELECT count(*) FROM flag_changes c WHERE (c.request_id, c.limit_kind, c.due_on) = (f.request_id, f.limit_kind, f.due_on))
        FROM flags f
        """, row => ($"requests/{row.GetGuid(0)}", row.GetFieldValue<DateTimeOffset>(1), row.GetInt64(2)));

    async Task<List<string>> Send(int letters)
    {
        using var investigator = exchange.Officer("investigator");
        using var prosecutor = exchange.Officer("prosecutor");
        List<string> sent = [];
        for (var number = 0; number < letters; number++)
        {
            var draft = await investigator.Draft(Letters.Complete("UNTOC-2000", "BY"));
            await investigator.Take(draft.Name, act => act.Submit = new());
            await prosecutor.Approve(draft.Name);
            await prosecutor.Transmit(draft.Name);
            sent.Add(draft.Name);
        }
        return sent;
    }

    /// <summary>The time it is; one process of Tracking is five minutes ahead of it and the other as much behind.</summary>
    void Move(string instant)
    {
        var now = DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture);
        foreach (var (clock, skew) in clocks.Zip([0, 5, -5]))
        {
            File.WriteAllText(clock + ".next", (now + TimeSpan.FromMinutes(skew)).ToString("O", CultureInfo.InvariantCulture));
            File.Move(clock + ".next", clock, overwrite: true);
        }
    }
}
