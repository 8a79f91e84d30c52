using Exchange.Requests.V1;
using Spectre.Console;
using Status = Exchange.Requests.V1.Status;

namespace Exchange.Cli;

/// <summary>The table of the lifecycle for people and for programs.</summary>
static class LifecycleText
{
    static readonly Status[] Statuses = [.. Enum.GetValues<Status>().Where(status => status != Status.Unspecified)];

    static readonly (string Heading, Side Side)[] Sides =
        [("The requesting side", Side.RequestingSide), ("The requested side", Side.RequestedSide)];

    static readonly int AllClocks = Enum.GetValues<ClockName>().Count(clock => clock != ClockName.Unspecified);

    public static readonly Column<Move>[] Columns =
    [
        new("step", move => EnumText.Code(move.Step)),
        new("side", move => EnumText.Code(move.Side)),
        new("roles", move => string.Join(';', move.Roles)),
        new("from", move => string.Join(';', move.FromStatuses.Select(EnumText.Code))),
        new("to", move => EnumText.Code(move.ToStatus)),
        new("clocks",
            move => string.Join(';', move.Clocks.Select(effect => $"{EnumText.Code(effect.Clock)}:{EnumText.Code(effect.Action)}"))),
        new("signed", move => YesOrNo(move.Binds)),
        new("recorded_off_exchange", move => YesOrNo(move.RecordedOffExchange)),
        new("late", move => YesOrNo(move.Late)),
        new("told", move => YesOrNo(move.Told)),
        new("command", move => StepResult.CommandFor(move.Step) ?? ""),
        new("meaning", move => move.Meaning),
    ];

    public static void WriteTable(Session session, Lifecycle table)
    {
        foreach (var (heading, side) in Sides)
        {
            session.Out.WriteLine(heading);
            var drawn = Rows.Table(session, "step", "who", "from", "to", "clocks");
            foreach (var column in drawn.Columns.Skip(1))
                column.NoWrap = false;
            foreach (var move in table.Moves.Where(move => move.Side == side))
                drawn.AddRow(
                    Markup.Escape(StepResult.CommandFor(move.Step) ?? EnumText.Plain(move.Step)), Markup.Escape(WhoOf(move)),
                    Markup.Escape(From(move)), Markup.Escape(To(move)), Markup.Escape(Clocks(move, "; ")));
            session.Screen.Write(drawn);
        }
    }

    /// <summary>What may be done with one request: the commands, ready to be copied.</summary>
    public static void WriteCommands(Session session, Lifecycle table, string reference)
    {
        foreach (var move in table.Moves)
        {
            session.Out.WriteLine(StepResult.CommandFor(move.Step) is { } command
                ? $"exchange {(command.Contains(' ') ? command : $"request {command}")} {reference}"
                : EnumText.Plain(move.Step));
            Paragraph.Write(session, move.Meaning + (move.Binds ? " You sign it." : ""), indent: 4);
        }
        if (table.Moves.Count == 0)
            session.Out.WriteLine($"There is nothing for you to do with {reference} now.");
    }

    /// <summary>Writes the table in Markdown, as it stands in contracts/LIFECYCLE.md.</summary>
    public static void WriteMarkdown(TextWriter writer, Lifecycle table)
    {
        writer.WriteLine("# The life of a request");
        writer.WriteLine();
        writer.WriteLine("Written by `exchange lifecycle --format markdown` from the one table in the code of Requests.");
        foreach (var (heading, side) in Sides)
        {
            writer.WriteLine();
            writer.WriteLine($"## {heading}");
            writer.WriteLine();
            writer.WriteLine("| Step | Who | From | To | Clocks | Signed | Other side told | Meaning |");
            writer.WriteLine("|---|---|---|---|---|---|---|---|");
            foreach (var move in table.Moves.Where(move => move.Side == side))
                writer.WriteLine($"| `{EnumText.Code(move.Step)}` | {string.Join(", ", move.Roles)} | {From(move)} | {To(move)} "
                    + $"| {Clocks(move, "<br>")} "
                    + $"| {Mark(move.Binds)} | {Mark(move.Told)} | {Meaning(move)} |");
        }
        writer.WriteLine();
        writer.WriteLine("## Words");
        writer.WriteLine();
        writer.WriteLine("* *Open* means " + Listed(Open) + ".");
        writer.WriteLine("* *Sent* means " + Listed(Sent) + ".");
        writer.WriteLine(
            "* *Recorded*: while the partner is off the exchange, the requesting side's prosecutor takes the step for him, with the day"
            + " and the document.");
        writer.WriteLine("* *Late*: word of an earlier step that came after a later one; sets its day and leaves the request where it is.");
    }

    static readonly Status[] Open = [.. Statuses.Where(status => status is >= Status.Transmitted and <= Status.Forwarded)];

    static readonly Status[] Sent = [.. Statuses.Where(status => status >= Status.Transmitted)];

    // Long lists are told by their name and what they have more or less than it.
    static string From(Move move)
    {
        var from = move.FromStatuses.ToHashSet();
        return Statuses.All(from.Contains) ? "anywhere"
            : Short("sent", Sent) ?? Short("open", Open) ?? Listed(from);

        string? Short(string name, Status[] whole)
        {
            var without = whole.Except(from).ToList();
            var more = from.Except(whole).ToList();
            return without.Count > 4 ? null : name
                + (without.Count > 0 ? $" (except {Listed(without)})" : "")
                + (more.Count > 0 ? $", {Listed(more)}" : "");
        }
    }

    static string To(Move move) => move.ToStatus == Status.Unspecified ? "stays" : EnumText.Plain(move.ToStatus);

    static string Clocks(Move move, string separator) =>
        string.Join(separator, move.Clocks.GroupBy(effect => effect.Action).Select(effects => $"{EnumText.Plain(effects.Key)} "
            + (effects.Count() == AllClocks ? "all" : string.Join(", ", effects.Select(effect => EnumText.Plain(effect.Clock))))));

    static string WhoOf(Move move) =>
        (move.Roles.Count == 3 ? "any officer" : string.Join(", ", move.Roles)) + (move.Binds ? " (signs)" : "");

    static string Meaning(Move move) => move.Meaning
        + (move.RecordedOffExchange ? " *Recorded.*" : "") + (move.Late ? " *Late.*" : "");

    static string Listed(IEnumerable<Status> statuses) => string.Join(", ", statuses.Order().Select(EnumText.Plain));

    static string Mark(bool said) => said ? "yes" : "";

    static string YesOrNo(bool said) => said ? "yes" : "no";
}
