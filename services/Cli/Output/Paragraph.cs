namespace Exchange.Cli;

/// <summary>Text in lines as wide as the screen, indented.</summary>
static class Paragraph
{
    public static void Write(Session session, string text, int indent)
    {
        foreach (var line in Lines(text, Math.Max(20, session.Screen.Profile.Width - indent)))
            session.Out.WriteLine((new string(' ', indent) + line).TrimEnd());
    }

    public static IEnumerable<string> Lines(string text, int width) => text.ReplaceLineEndings("\n").Split('\n').SelectMany(paragraph =>
    {
        List<string> lines = [""];
        foreach (var word in paragraph.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            if (lines[^1].Length == 0)
                lines[^1] = word;
            else if (lines[^1].Length + 1 + word.Length <= width)
                lines[^1] += " " + word;
            else
                lines.Add(word);
        return lines;
    });
}
