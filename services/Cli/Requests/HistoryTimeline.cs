using Exchange.Requests.V1;
using Spectre.Console;

namespace Exchange.Cli;

/// <summary>A history as a timeline: when, who, what, and in whose words. What was superseded is struck out, and says so.</summary>
static class HistoryTimeline
{
    const string Indent = "         ";

    public static void Draw(IAnsiConsole console, IEnumerable<HistoryEntry> entries)
    {
        var mark = Glyphs.For(console.Profile.Capabilities.Unicode).Mark;
        foreach (var entry in entries)
        {
            console.MarkupLine($"[teal]{mark}[/] [bold]{entry.Version,3}[/]  {Markup.Escape(TextFormat.Minute(entry.RecordedAt))}  "
                + $"[bold]{Markup.Escape(HistoryText.StepOf(entry.Step).Replace('_', ' '))}[/]{(entry.Signed ? ", signed" : "")}");
            console.MarkupLine($"{Indent}[grey]{Markup.Escape(entry.Actor)}[/]");
            foreach (var (step, at) in entry.Steps.Select((step, at) => (step, at)))
                DrawStep(console, step, entry.SupersededSteps.Contains(at));
            if (HistoryText.FreeTextOf(entry.Act) is { Length: > 0 } words)
                Write(console, $"\"{words}\"", "italic");
        }
    }

    static void DrawStep(IAnsiConsole console, Step step, bool superseded) =>
        Write(console, $"{step.OccurredOn}  {HistoryText.Of(step)}".Trim() + (superseded ? " (superseded)" : ""),
            superseded ? "strikethrough" : "default");

    static void Write(IAnsiConsole console, string text, string style)
    {
        foreach (var line in Paragraph.Lines(text, Math.Max(20, console.Profile.Width - Indent.Length)))
            console.MarkupLine($"{Indent}[{style}]{Markup.Escape(line)}[/]");
    }
}
