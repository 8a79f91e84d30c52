using Exchange.Requests.V1;

namespace Exchange.Cli;

/// <summary>What a letter still lacks, each with the article that asks for it.</summary>
static class LetterFaults
{
    public static readonly Column<LetterFault>[] Columns =
    [
        new("field", row => row.Field),
        new("description", row => row.Description),
        new("source", row => row.Source),
    ];

    public static void Note(Session session, LetterView view)
    {
        if (view.Faults.Count == 0)
            session.Note("The letter is complete.");
        else
            session.Note($"Before it can be submitted, {TextFormat.Count(view.Faults.Count, "thing is", "things are")} to be mended:");
        foreach (var fault in view.Faults)
            session.Note("  - " + Line(fault));
    }

    public static string Line(LetterFault fault) =>
        $"{fault.Field}: {fault.Description}{(fault.Source.Length > 0 ? $" ({fault.Source})" : "")}";
}
