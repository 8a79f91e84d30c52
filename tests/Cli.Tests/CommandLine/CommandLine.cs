using System.CommandLine;
using System.CommandLine.Parsing;

namespace Exchange.Cli.Tests;

public sealed class CommandLine
{
    static readonly ProcessContext Nowhere = new(
        TextWriter.Null, TextWriter.Null, new(80, false, true, false), new(80, false, true, false), _ => null, TimeProvider.System);

    public static TheoryData<string> Examples => [.. All(ExchangeCommand.Create(Nowhere)).SelectMany(Help.ExamplesOf)];

    public static TheoryData<string> Commands => [.. All(ExchangeCommand.Create(Nowhere))
        .Where(command => command.Subcommands.Count == 0 && command.Parents.All(parent => parent.Name != "pki"))
        .Select(PathOf)];

    [Theory]
    [MemberData(nameof(Examples))]
    public void Every_example_in_the_help_is_understood(string example) =>
        ExchangeCommand.Create(Nowhere)
            .Parse([.. CommandLineParser.SplitCommandLine(example.Split('>')[0].Replace('\'', '"')).Skip(1)], ExchangeCommand.Parsing)
            .Errors.Select(error => error.Message).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Every_command_explains_itself_with_examples(string command)
    {
        var printed = await Printed.By([.. command.Split(' ').Skip(1), "--help"]);
        printed.ExitCode.ShouldBe(ExitCode.Ok);
        printed.Out.ShouldContain("Examples:");
        printed.Out.ShouldContain($"  {command}");
    }

    [Fact]
    public async Task The_root_help_says_what_the_exit_codes_mean()
    {
        var printed = await Printed.By(["--help"]);
        printed.Out.ShouldContain("Exit codes:");
        foreach (var (code, meaning) in ExitCode.All)
            printed.Out.ShouldContain($"  {code,-4} {meaning}");
    }

    [Theory]
    [InlineData("turnaround --as-of 2008-13-01", "'2008-13-01' is not a day like 2008-12-31.")]
    [InlineData("turnaround --by rank", "'rank' is not one of partner, bloc")]
    [InlineData("turnaround --known-by yesterday", "'yesterday' is not an instant")]
    [InlineData("turnaround --timeout 0s", "'0s' is not a time like 30s")]
    [InlineData("unanswered --bloc EU,NATO", "'NATO' is not one of EU, CIS, other.")]
    [InlineData("register import somewhere", "'--observed-until' is required")]
    [InlineData("request list --top 0", "--top is 1 or more.")]
    [InlineData("request show BY-1 --subjects", "--subjects needs --purpose, --because and, but for recognition and execution, --case")]
    [InlineData("turnaruond", "'turnaruond'")]
    public async Task What_is_not_understood_ends_with_2_and_says_why(string line, string reason)
    {
        var printed = await Printed.By(line.Split(' '));
        printed.ExitCode.ShouldBe(ExitCode.Usage);
        printed.Error.ShouldContain(reason);
        printed.Error.ShouldContain("--help.");
        printed.Out.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("register")]
    public async Task A_command_that_is_only_a_group_lists_what_is_in_it(string line)
    {
        var printed = await Printed.By(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        printed.ExitCode.ShouldBe(ExitCode.Usage);
        printed.Error.ShouldContain("Commands:");
    }

    [Theory]
    [InlineData("90", 90)]
    [InlineData("30s", 30)]
    [InlineData("2m", 120)]
    [InlineData("1.5h", 5400)]
    [InlineData("500ms", 0.5)]
    public void Times_are_written_with_their_unit(string text, double seconds)
    {
        TypedOptions.TrySpan(text, out var span).ShouldBeTrue();
        span.TotalSeconds.ShouldBe(seconds);
    }

    [Theory]
    [InlineData("bash", "[suggest:${COMP_POINT}]")]
    [InlineData("zsh", "[suggest:${CURSOR}]")]
    [InlineData("fish", "[suggest:")]
    public async Task Completion_asks_this_program(string shell, string call)
    {
        var printed = await Printed.By(["completion", shell]);
        printed.Out.ShouldContain(call);
    }

    [Fact]
    public async Task Suggestions_name_the_words_of_a_choice()
    {
        var printed = await Printed.By(["[suggest:30]", "exchange turnaround --by offen"]);
        printed.Out.ShouldContain("offence");
        (await Printed.By(["[suggest:47]", "exchange request return BY-1 --ground translati"])).Out.Trim().ShouldBe("translation_missing");
    }

    [Theory]
    [InlineData("LANG", "en_US.ISO-8859-1", false)]
    [InlineData("LC_ALL", "C", false)]
    [InlineData("LANG", "be_BY.UTF-8", true)]
    [InlineData("TERM", "dumb", false)]
    [InlineData("HOME", "/root", true)]
    public void Drawing_is_toned_down_where_the_locale_says_so(string variable, string value, bool unicode) =>
        ProcessContext.ScreenOf(isTerminal: false, name => name == variable ? value : null).Unicode.ShouldBe(unicode);

    [Fact]
    public void Colours_are_only_for_terminals_that_want_them()
    {
        ProcessContext.ScreenOf(isTerminal: true, name => name == "COLUMNS" ? "80" : null).Colour.ShouldBeTrue();
        ProcessContext.ScreenOf(isTerminal: true, name => name is "NO_COLOR" or "COLUMNS" ? "1" : null).Colour.ShouldBeFalse();
        ProcessContext.ScreenOf(isTerminal: false, _ => null).Colour.ShouldBeFalse();
    }

    static IEnumerable<Command> All(Command command) => command.Subcommands.SelectMany(All).Prepend(command);

    static string PathOf(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{PathOf(parent)} {command.Name}" : "exchange";
}
