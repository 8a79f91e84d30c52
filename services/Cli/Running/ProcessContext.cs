using System.Text;
using Spectre.Console;

namespace Exchange.Cli;

/// <summary>What one output stream can show.</summary>
/// <param name="Width">Columns.</param>
/// <param name="IsTerminal">Somebody is watching: progress may be redrawn.</param>
/// <param name="Unicode">Block and line characters can be shown; otherwise plain ASCII is drawn.</param>
/// <param name="Colour">Colours are wanted and possible.</param>
sealed record Screen(int Width, bool IsTerminal, bool Unicode, bool Colour);

/// <summary>Everything that the command line takes from its process: streams, screens, variables, clock. A test supplies its own.</summary>
sealed record ProcessContext(
    TextWriter Out, TextWriter Error, Screen OutScreen, Screen ErrorScreen, Func<string, string?> Variable, TimeProvider Time)
{
    /// <summary>Standard input.</summary>
    public TextReader In { get; init; } = TextReader.Null;

    // Files and pipes have no width; this suits a log and a mail.
    const int WidthOfAFile = 100;

    public static ProcessContext Current()
    {
        Func<string, string?> variable = name => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
        return new(
            Utf8(Console.OpenStandardOutput(), autoFlush: !Console.IsOutputRedirected),
            Utf8(Console.OpenStandardError(), autoFlush: true),
            ScreenOf(!Console.IsOutputRedirected, variable),
            ScreenOf(!Console.IsErrorRedirected, variable),
            variable,
            TimeProvider.System)
        {
            In = Console.In,
        };
    }

    public static Screen ScreenOf(bool isTerminal, Func<string, string?> variable)
    {
        var dumb = variable("TERM") == "dumb";
        return new(
            Width(isTerminal, variable),
            isTerminal && !dumb,
            !dumb && CanUnicode(variable),
            isTerminal && !dumb && variable("NO_COLOR") is null);
    }

    /// <summary>A console that draws on a stream what the screen can show; nothing is detected from the process.</summary>
    public static IAnsiConsole ConsoleOf(TextWriter writer, Screen screen)
    {
        var console = AnsiConsole.Create(new()
        {
            Ansi = screen.IsTerminal ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = screen.Colour ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = screen.IsTerminal ? InteractionSupport.Yes : InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = screen.Width;
        console.Profile.Capabilities.Unicode = screen.Unicode;
        return console;
    }

    // The names of partners and persons need UTF-8 whatever the locale says; only drawing is toned down by it.
    static StreamWriter Utf8(Stream stream, bool autoFlush) =>
        new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = autoFlush, NewLine = "\n" };

    static int Width(bool isTerminal, Func<string, string?> variable)
    {
        if (int.TryParse(variable("COLUMNS"), out var columns) && columns > 0)
            return columns;
        if (!isTerminal)
            return WidthOfAFile;
        return Console.WindowWidth is > 0 and var width ? width : 80;
    }

    static bool CanUnicode(Func<string, string?> variable)
    {
        var locale = variable("LC_ALL") ?? variable("LC_CTYPE") ?? variable("LANG");
        return locale is null
            || locale.Contains("UTF-8", StringComparison.OrdinalIgnoreCase)
            || locale.Contains("UTF8", StringComparison.OrdinalIgnoreCase);
    }
}
