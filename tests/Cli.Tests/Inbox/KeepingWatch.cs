using System.Security.Cryptography;
using System.Text.Json;
using Exchange.Client;
using Exchange.Contracts;
using Exchange.Requests.V1;
using Exchange.Tracking.V1;
using Google.Protobuf;

namespace Exchange.Cli.Tests;

public sealed class KeepingWatch : IClassFixture<CannedServices>
{
    readonly CannedServices services;

    public KeepingWatch(CannedServices services)
    {
        this.services = services;
        services.Inbox.Items.Clear();
        services.Inbox.Items.AddRange([Sample.Item(7, StepCode.Transmit), Sample.Item(9, StepCode.Withdraw)]);
        services.Inbox.Lists.Clear();
        services.Inbox.Marks.Clear();
        services.Inbox.Watches.Clear();
        services.Escalation.Taken = null;
    }

    [Theory]
    [InlineData("inbox", true)]
    [InlineData("inbox --no-mark", false)]
    [InlineData("inbox --mine", false)]
    [InlineData("inbox --mine --mark", true)]
    [InlineData("inbox --all", false)]
    public async Task What_was_shown_whole_counts_as_seen(string line, bool marked)
    {
        var printed = await services.Run(line);
        printed.ExitCode.ShouldBe(ExitCode.Ok, printed.Error);
        printed.Lines.ShouldBe(
        [
            "2026-11-18 11:06Z  BY-2006-000042  BY to PL: transmit, now acknowledged",
            "2026-11-18 11:06Z  BY-2006-000042  BY to PL: withdraw, now acknowledged",
        ]);
        services.Inbox.Marks.ShouldBe(marked ? [100] : []);
        services.Inbox.Lists.Select(list => list.AfterSealedNo).ShouldBe([line.EndsWith("all") ? -1 : 0, 7]);
        services.Inbox.Lists.ShouldAllBe(list => list.Mine == line.Contains("mine"));
    }

    [Fact]
    public async Task An_inbox_is_a_list_for_programs_too()
    {
        (await services.Run("inbox --format csv")).Lines[2].ShouldStartWith(
            "9,BY-2006-000042,BY,PL,withdraw,acknowledged,requested_side,2026-11-21,");
        using var json = JsonDocument.Parse((await services.Run("inbox --format json")).Out);
        json.RootElement.GetArrayLength().ShouldBe(2);
        services.Inbox.Items.Clear();
        (await services.Run("inbox")).Error.ShouldBe("There is nothing new.\n");
    }

    [Fact]
    public async Task A_watch_goes_on_from_the_last_number_heard_and_tells_everything_once()
    {
        using var stop = new CancellationTokenSource();
        services.Inbox.AllHeard = stop.Cancel;
        var printed = await services.Run(["inbox", "--watch", "--format", "json"], stop: stop.Token);
        printed.ExitCode.ShouldBe(ExitCode.Stopped);
        printed.Lines.Select(line => InboxItem.Parser.ParseJson(line).SealedNo).ShouldBe([7, 9, 101, 106]);
        services.Inbox.Watches.Take(3).Select(watch => watch.AfterSealedNo).ShouldBe([100, 105, 106]);
        services.Inbox.Marks.ShouldBe([100, 101, 106]);
        printed.Error.ShouldContain("The connection to Requests was cut; listening again in");
    }

    [Fact]
    public async Task Cases_are_kept_with_their_units_and_officers()
    {
        var printed = await services.Run("case keep BY-1 --lead a/b --participant c/d --participant e/f --restricted --officer a/b/1");
        services.Cases.Kept!.Case.ShouldBe(
            new CriminalCase { Number = "BY-1", Lead = "a/b", Participants = { "c/d", "e/f" }, Restricted = true, Officers = { "a/b/1" } });
        Guid.Parse(services.Cases.Kept.CommandId).Version.ShouldBe(7);
        printed.Out.ShouldContain("seen by     lead, participants and officers named");
        (await services.Run("case show BY-1")).Out.ShouldContain("BY-2006-000042  to PL  2006-01-10  partially executed");
        (await services.Run("case list --format csv")).Lines.Skip(1).Select(line => line.Split(',')[0]).ShouldBe(["BY-1", "BY-more1"]);
        (await services.Run("case list")).Out.ShouldContain("2 cases kept.");
    }

    [Fact]
    public async Task Flags_say_for_whom_one_waits()
    {
        var printed = await services.Run("flag list --standing --partner pl --limit policy");
        printed.Out.ShouldContain("raised, waiting on us");
        services.Escalation.Listing.ShouldBe(
            new ListFlagsRequest { Standing = true, Partners = { "PL" }, LimitKind = LimitKind.Policy, PageSize = 50 });
        (await services.Run("flag list --format csv")).Lines[1].ShouldStartWith("BY-2006-000042,BY,PL,policy,2006-07-09,raised,");
    }

    [Fact]
    public async Task A_watch_of_flags_goes_on_from_the_last_change_heard()
    {
        using var stop = new CancellationTokenSource();
        services.Escalation.AllHeard = stop.Cancel;
        var printed = await services.Run(["flag", "watch", "--format", "csv"], stop: stop.Token);
        printed.ExitCode.ShouldBe(ExitCode.Stopped);
        printed.Lines.Length.ShouldBe(2);
        services.Escalation.Watches.ShouldBe([-1, 7]);
    }

    [Theory]
    [InlineData("y\n", true)]
    [InlineData("n\n", false)]
    [InlineData("", false)]
    public async Task A_rung_is_taken_only_after_its_letter_was_seen(string answer, bool taken)
    {
        var printed = await services.Run(["ladder", "take", "pl", "--rung", "reminder"], input: answer);
        printed.Error.ShouldContain(Sample.DueRung.Letter);
        (services.Escalation.Taken is not null).ShouldBe(taken);
        printed.ExitCode.ShouldBe(taken ? ExitCode.Ok : ExitCode.Failed);
    }

    [Fact]
    public async Task A_rung_for_some_of_the_requests_names_no_other_in_its_letter()
    {
        var printed = await services.Run("ladder take PL --rung reminder --request BY-2026-000002 --yes");
        var asked = services.Escalation.Taken!.Clone();
        ActSigning.Fault(asked.Signature, Convert.ToHexStringLower(SHA256.HashData(asked.Signature.Certificate.Span))).ShouldBeNull();
        CanonicalBytes.Parse(asked.Signature.Content.Span, RungAct.Parser).ShouldBe(RungSigning.ActOf(asked));
        (asked.CommandId, asked.LetterSalt, asked.Signature) = ("", ByteString.Empty, null);
        asked.ShouldBe(new TakeRungRequest
        {
            Partner = "PL", Rung = Rung.Reminder, Requests = { "requests/b" },
            Letter = "We refer to:\n- BY-2026-000002, due 2026-07-10\nPlease answer.",
        });
        printed.Out.ShouldBe("reminder to PL taken on 2026-11-21 (rungs/1).\n");
    }

    [Theory]
    [InlineData("ladder take PL --rung liaison-channel --yes", "No liaison channel is due with PL.")]
    [InlineData("ladder take PL --rung reminder --request BY-2026-000009 --yes", "Not due for this rung: BY-2026-000009.")]
    public async Task What_is_not_due_is_not_taken(string line, string why)
    {
        (await services.Run(line)).Error.ShouldContain(why);
        services.Escalation.Taken.ShouldBeNull();
    }

    [Fact]
    public async Task The_ladder_shows_what_is_due_and_what_was_taken()
    {
        (await services.Run("ladder due --letters")).Out.ShouldContain("- BY-2026-000002, due 2026-07-10");
        (await services.Run("ladder due --format csv")).Lines[1].ShouldBe("PL,reminder,2,2026-07-09,BY-2026-000001;BY-2026-000002");
        (await services.Run("ladder list --format csv")).Lines[1].ShouldStartWith("2026-11-21,PL,reminder,BY-2026-000001;BY-2026-000002,");
    }
}
