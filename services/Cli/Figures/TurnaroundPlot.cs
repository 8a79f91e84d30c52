using Exchange.Reference;
using Exchange.Tracking.V1;
using Spectre.Console;

namespace Exchange.Cli;

/// <summary>
/// Draws who answers: a line per group with the response rate, its interval and what else judges it. Groups stand
/// in the order of their codes, never of their rates: a bare ranking would read more into the numbers than is in them.
/// </summary>
sealed class TurnaroundPlot
{
    static readonly string[] Blocs = ["EU", "CIS", "other"];

    readonly IAnsiConsole console;
    readonly Glyphs glyphs;
    readonly GetTurnaroundResponse answer;
    readonly GetTurnaroundRequest question;
    readonly Dictionary<string, string> names;
    readonly int longestCode;
    readonly TurnaroundLayout layout;

    TurnaroundPlot(IAnsiConsole console, GetTurnaroundRequest question, GetTurnaroundResponse answer)
    {
        (this.console, this.question, this.answer) = (console, question, answer);
        glyphs = Glyphs.For(console.Profile.Capabilities.Unicode);
        names = question.Grouping == Grouping.Partner ? NamesOfStates(answer) : [];
        longestCode = answer.Rows.Max(row => row.Group.Length);
        layout = TurnaroundLayout.For(
            console.Profile.Width,
            longestCode,
            names.Values.Select(name => name.Length).DefaultIfEmpty(0).Max(),
            answer.Rows.Max(row => TurnaroundRowText.Answered(row).Length));
    }

    public static void Draw(IAnsiConsole console, GetTurnaroundRequest question, GetTurnaroundResponse answer)
    {
        if (answer.Rows.Count == 0)
            console.WriteLine($"No request matches, as of {answer.AsOf}.");
        else
            new TurnaroundPlot(console, question, answer).Draw();
    }

    void Draw()
    {
        if (question.Grouping is Grouping.Partner)
            DrawPartners();
        else
            DrawGroups();
        DrawLegend();
    }

    void DrawPartners()
    {
        foreach (var total in answer.Rows.Where(IsTotal))
        {
            if (total.Group == "ALL")
                continue;
            var partners = answer.Rows.Where(row => !IsTotal(row) && row.Bloc == total.Group)
                .OrderBy(row => row.Group, StringComparer.Ordinal).ToArray();
            if (partners.Length == 0 && total.Counts is not { Requests: > 0 })
                continue;
            DrawTotal(total);
            DrawHeading();
            DrawLine(total);
            foreach (var partner in partners)
                DrawLine(partner);
            console.WriteLine();
        }
        if (answer.Rows.FirstOrDefault(row => row.Group == "ALL") is { } all)
            DrawTotal(all);
    }

    void DrawGroups()
    {
        foreach (var total in answer.Rows.Where(IsTotal).Where(row => row.Counts is { Requests: > 0 }))
            DrawTotal(total);
        DrawHeading();
        foreach (var row in answer.Rows)
            DrawLine(row);
    }

    void DrawTotal(TurnaroundRow total) =>
        console.MarkupLine($"[bold]{Markup.Escape(TurnaroundRowText.Sentence(total, answer.AsOf, question.Direction))}[/]");

    void DrawHeading()
    {
        var half = layout.Bar / 2;
        var scale = "0 %".PadRight(half - 1) + "50 %".PadRight(layout.Bar - half + 1 - 5) + "100 %";
        Write($"[grey]{Cells("", layout.Bar < 16 ? "" : scale, "rate", "95 % int.", "answered", "median", "on time", "silent")}[/]");
    }

    void DrawLine(TurnaroundRow row)
    {
        var (bar, whisker) = row.Rates?.Response is { HasValue: true } share
            ? RateBar.Draw(share.Value, share.HasLow ? share.Low : share.Value, share.HasHigh ? share.High : share.Value, layout.Bar,
                glyphs)
            : ("", "nothing fell due".PadRight(layout.Bar)[..layout.Bar]);
        var cells = Cells(
            Label(row), "\u0001",
            RateBar.Percent(row.Rates?.Response.Rate),
            RateBar.Interval(row.Rates?.Response is { HasLow: true } low ? low.Low : null,
                row.Rates?.Response is { HasHigh: true } high ? high.High : null, glyphs),
            TurnaroundRowText.Answered(row),
            TurnaroundRowText.Median(row),
            RateBar.Percent(row.Rates?.OnTime.Rate),
            RateBar.Percent(row.Rates?.Silence.Rate));
        var line = cells.Replace("\u0001".PadRight(layout.Bar), $"[teal]{bar}[/][grey]{whisker}[/]", StringComparison.Ordinal);
        Write(IsTotal(row) ? $"[bold]{line}[/]" : line);
    }

    string Cells(string label, string bar, string rate, string interval, string answered, string median, string onTime, string silent)
    {
        string[] always =
        [
            Markup.Escape(Cut(label).PadRight(layout.Label)), bar.PadRight(layout.Bar),
            rate.PadLeft(TurnaroundLayout.Rate), interval.PadLeft(TurnaroundLayout.Interval), answered.PadLeft(layout.Answered),
        ];
        string[] whereThereIsRoom =
        [
            median.PadLeft(TurnaroundLayout.Median), onTime.PadLeft(TurnaroundLayout.OnTime), silent.PadLeft(TurnaroundLayout.Silent),
        ];
        return string.Join(new string(' ', layout.Gap), layout.IsNarrow ? always : always.Concat(whereThereIsRoom));
    }

    void Write(string markup) => console.MarkupLine(markup);

    string Label(TurnaroundRow row) =>
        layout.ShowsNames && names.TryGetValue(row.Group, out var name) ? $"{row.Group.PadRight(longestCode)} {name}" : row.Group;

    string Cut(string label) => label.Length <= layout.Label ? label : label[..layout.Label];

    void DrawLegend()
    {
        console.WriteLine();
        var bar = $"{glyphs.Solid}{glyphs.Within}";
        var whisker = $"{glyphs.Within}{glyphs.Beyond}{glyphs.End}";
        console.MarkupLine(Markup.Escape($"{bar} rate: the share of what fell due that is answered, late answers included;"));
        console.MarkupLine(Markup.Escape($"{whisker} its 95 % interval. median: days to the first answer, the open counted in;"));
        console.MarkupLine(Markup.Escape("on time: answered by the due day; silent: no sign of life. More with --explain."));
        console.MarkupLine($"[grey]{Markup.Escape(Basis())}[/]");
    }

    string Basis()
    {
        var limit = question.LimitKind is Requests.V1.LimitKind.Unspecified ? Requests.V1.LimitKind.Policy : question.LimitKind;
        var knownBy = question.KnownBy is { } instant ? $", as known by {instant.ToDateTimeOffset():yyyy-MM-ddTHH:mm:ssZ}" : "";
        return $"As of {answer.AsOf}{knownBy}; limit: {EnumText.Plain(limit)}; journal up to {TextFormat.Thousands(answer.SealedNo)}.";
    }

    static bool IsTotal(TurnaroundRow row) => row.Group == "ALL" || Blocs.Contains(row.Group);

    static Dictionary<string, string> NamesOfStates(GetTurnaroundResponse answer)
    {
        var states = ReferenceData.Load().States;
        return answer.Rows.Where(row => states.ContainsKey(row.Group)).ToDictionary(row => row.Group, row => states[row.Group].Name);
    }
}
