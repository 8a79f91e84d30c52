using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;

namespace Exchange.Platform.Tests;

/// <summary>The one way from a command to its entry: recorded once, answered as at first, decided again where that is allowed.</summary>
public sealed class HandlingCommands : IAsyncLifetime
{
    readonly Guid item = Guid.CreateVersion7();
    Workbench bench = null!;
    Ledger ledger = null!;
    Journal journal = null!;
    CommandHandler handler = null!;

    public async ValueTask InitializeAsync()
    {
        bench = await Workbench.Create();
        ledger = await bench.Start(bench.Ledger());
        journal = new(bench.Database, bench.EntryMac);
        handler = new(journal, ledger);
    }

    public async ValueTask DisposeAsync() => await bench.DisposeAsync();

    [Fact]
    public async Task A_command_sent_again_is_answered_as_at_first_and_not_judged()
    {
        var command = Command("open");

        var first = await Handle(command);
        var again = await Handle(command, rule: _ => throw new InvalidOperationException("It was judged."));

        (first, again).ShouldBe((1, 1));
        (await bench.Rows()).Journal.ShouldBe(1);
    }

    [Fact]
    public async Task An_id_that_belongs_to_another_command_is_refused_before_the_rule_is_asked()
    {
        var command = Command("open");
        await Handle(command);

        var refusal = await Should.ThrowAsync<Refusal>(() =>
            Handle(command with { Digest = [9] }, rule: _ => throw new InvalidOperationException("It was judged.")));

        refusal.Violations.Single().Field.ShouldBe("command_id");
    }

    [Fact]
    public async Task A_copy_recorded_while_the_first_is_judged_is_answered_like_it()
    {
        var command = Command("open");

        var answer = await Handle(command, whileJudged: () => ledger.Append(Entry(command, 1), default));

        answer.ShouldBe(1);
        (await bench.Rows()).Journal.ShouldBe(1);
    }

    [Fact]
    public async Task Whoever_loses_decides_again_on_what_stands_then()
    {
        var once = true;

        var answer = await Handle(Command("change"), whileJudged: async () =>
        {
            if (once)
                await ledger.Append(Workbench.Item(item, 1), default);
            once = false;
        });

        answer.ShouldBe(2);
    }

    [Fact]
    public async Task Whoever_may_not_decide_again_is_refused_in_his_own_words()
    {
        var refusal = await Should.ThrowAsync<Refusal>(() => Handle(Command("change"),
            whileJudged: () => ledger.Append(Workbench.Item(item, 1), default),
            onConflict: version => new(RefusalKind.ChangedMeanwhile, "MINE", $"Judged on version {version}.")));

        (refusal.Reason, refusal.Message).ShouldBe(("MINE", "Judged on version 0."));
    }

    [Fact]
    public async Task Whoever_always_loses_gives_up_at_last()
    {
        var version = 0;

        var refusal = await Should.ThrowAsync<Refusal>(() =>
            Handle(Command("change"), whileJudged: () => ledger.Append(Workbench.Item(item, ++version), default)));

        refusal.Reason.ShouldBe("CHANGED_MEANWHILE");
        version.ShouldBe(CommandHandler.MaxTries);
    }

    [Fact]
    public async Task What_was_stored_for_an_entry_is_removed_when_the_entry_was_not_written_and_only_then()
    {
        List<int> stored = [];
        List<int> removed = [];

        await Handle(Command("change"),
            whileJudged: () => stored.Count == 0 ? ledger.Append(Workbench.Item(item, 1), default) : Task.CompletedTask,
            store: stored.Add, remove: removed.Add);

        stored.ShouldBe([1, 2]);
        removed.ShouldBe([1]);
    }

    [Fact]
    public async Task What_was_stored_for_an_entry_stays_when_the_entry_may_have_been_written()
    {
        var command = Command("change");
        List<int> removed = [];

        await Handle(command, whileJudged: () => ledger.Append(Entry(command, 1), default), remove: removed.Add);

        removed.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_changes_nothing_makes_no_entry()
    {
        var answer = await handler.Handle(Command("nothing"), _ => Task.FromResult(0),
            (_, _) => Task.FromResult(Decision.Unchanged("same")),
            (_, _) => Task.FromResult("first"), default);

        answer.ShouldBe("same");
        (await bench.Rows()).Journal.ShouldBe(0);
    }

    [Fact]
    public async Task What_the_ledger_does_not_take_on_leaves_nothing_behind()
    {
        List<string> kept = [];
        await ledger.StopAsync(default);

        var refusal = await Should.ThrowAsync<Refusal>(() => Handle(Command("open"),
            store: version => kept.Add($"{version}"), remove: version => kept.Remove($"{version}")));

        refusal.Reason.ShouldBe("STOPPING");
        kept.ShouldBeEmpty();
    }

    [Fact]
    public async Task Nothing_is_judged_while_the_database_is_a_copy()
    {
        // Closed until it has looked whether it is one.
        var closed = new DatabaseHistory(bench.Database, [], TimeProvider.System, NullLogger<DatabaseHistory>.Instance);
        handler = new(journal, bench.Ledger(history: closed));

        var refusal = await Should.ThrowAsync<Refusal>(() =>
            Handle(Command("open"), rule: _ => throw new InvalidOperationException("It was judged.")));

        refusal.Kind.ShouldBe(RefusalKind.Unavailable);
    }

    [Theory]
    [InlineData("0199d3c0-7f00-7abc-8def-0123456789ab", true)]
    [InlineData("8c1b5e2e-3f64-4f0e-9a55-0123456789ab", true)]
    [InlineData("00000000-0000-0000-0000-000000000000", false)]
    // Written otherwise it would not be equal, letter by letter, to what stands in the entry and was signed.
    [InlineData("0199D3C0-7F00-7ABC-8DEF-0123456789AB", false)]
    [InlineData("0199d3c07f007abc8def0123456789ab", false)]
    [InlineData("{0199d3c0-7f00-7abc-8def-0123456789ab}", false)]
    [InlineData("x", false)]
    [InlineData("", false)]
    public void Callers_name_their_commands_by_UUIDs(string text, bool accepted) =>
        CommandIdentity.TryParseId(text, out _).ShouldBe(accepted);

    // Or whoever can reckon it would use it up beforehand, and what follows from another's command was never recorded.
    [Fact]
    public void A_derived_id_is_nobody_elses() =>
        CommandIdentity.TryParseId(CommandIdentity.DerivedFrom("request 7 SUPERSEDE").Id.ToString(), out _).ShouldBeFalse();

    [Fact]
    public void The_same_cause_is_the_same_command()
    {
        var derived = CommandIdentity.DerivedFrom("request 7 SUPERSEDE");

        CommandIdentity.DerivedFrom("request 7 SUPERSEDE").Id.ShouldBe(derived.Id);
        CommandIdentity.DerivedFrom("request 8 SUPERSEDE").Id.ShouldNotBe(derived.Id);
        derived.Id.Version.ShouldBe(8);
        derived.Digest.ShouldBe(SHA256.HashData("request 7 SUPERSEDE"u8));
    }

    static CommandIdentity Command(string content) => new(Guid.CreateVersion7(), SHA256.HashData(Encoding.UTF8.GetBytes(content)));

    Append Entry(CommandIdentity command, int version) =>
        Workbench.Item(item, version) with { CommandId = command.Id, CommandDigest = command.Digest };

    /// <summary>Appends the item's next version; the answer is the version that the command wrote.</summary>
    Task<int> Handle(
        CommandIdentity command, Action<int>? rule = null, Func<Task>? whileJudged = null, Func<int, Refusal>? onConflict = null,
        Action<int>? store = null, Action<int>? remove = null) => handler.Handle(command,
        async ct => (await journal.Newest(item, ct)).Version,
        async (version, _) =>
        {
            rule?.Invoke(version);
            await (whileJudged?.Invoke() ?? Task.CompletedTask);
            store?.Invoke(version + 1);
            return Decision.Write(Entry(command, version + 1), version + 1) with
            {
                Undo = () =>
                {
                    remove?.Invoke(version + 1);
                    return Task.CompletedTask;
                },
            };
        },
        (written, _) => Task.FromResult(written.Version), default, onConflict);
}
