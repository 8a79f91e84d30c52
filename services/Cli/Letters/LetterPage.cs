using Exchange.Requests.V1;
using Google.Protobuf.Reflection;

namespace Exchange.Cli;

/// <summary>A letter as a page to read before one puts one's name to it: what it says, in its own order, and what it lacks.</summary>
static class LetterPage
{
    const int NameWidth = 22;

    // Headings by the first field below them.
    static readonly Dictionary<int, string> Headings = new()
    {
        [Letter.CaseNumberFieldNumber] = "Who asks whom",
        [Letter.UrgencyFieldNumber] = "By when",
        [Letter.SubjectMatterFieldNumber] = "The case",
        [Letter.MeasuresFieldNumber] = "What is asked for",
        [Letter.ConfidentialFieldNumber] = "How it is to be handled",
        [Letter.LegalRemediesFieldNumber] = "What else",
    };

    public static void Write(Session session, string reference, LetterView view)
    {
        session.Out.WriteLine($"{reference}, {(view.LetterVersion > 0 ? $"letter {view.LetterVersion}" : "draft")}");
        session.Out.WriteLine($"hash {LetterClient.Hex(view)}");
        if (view.ApprovedBy.Length > 0)
            session.Out.WriteLine($"approved by {view.ApprovedBy}");
        var heading = "";
        foreach (var field in Letter.Descriptor.Fields.InDeclarationOrder())
        {
            heading = Headings.GetValueOrDefault(field.FieldNumber, heading);
            if (field.FieldNumber == Letter.MeasuresFieldNumber && view.Letter.Measures.Count > 0)
            {
                Begin(session, ref heading);
                WriteMeasures(session, view.Letter);
            }
            else if (Said(view.Letter, field) is { Length: > 0 } said)
            {
                Begin(session, ref heading);
                WriteField(session, Name(field), said);
            }
        }
        session.Out.WriteLine();
        session.Out.WriteLine(view.Faults.Count == 0 ? "It is complete." : "Still missing or wrong:");
        foreach (var fault in view.Faults)
            Paragraph.Write(session, LetterFaults.Line(fault), indent: 2);
    }

    static void Begin(Session session, ref string heading)
    {
        if (heading.Length == 0)
            return;
        session.Out.WriteLine();
        session.Out.WriteLine(heading);
        heading = "";
    }

    static void WriteMeasures(Session session, Letter letter)
    {
        foreach (var (measure, number) in letter.Measures.Select((measure, at) => (measure, at + 1)))
        {
            var period = measure.PeriodFrom.Length + measure.PeriodTo.Length > 0 ? $" ({measure.PeriodFrom} to {measure.PeriodTo})" : "";
            session.Out.WriteLine($"  {number}. {measure.Measure.Replace('_', ' ')}{period}");
            if (measure.Details.Length > 0)
                Paragraph.Write(session, measure.Details, indent: 5);
        }
    }

    static void WriteField(Session session, string name, string said)
    {
        var lines = Paragraph.Lines(said, Math.Max(20, session.Screen.Profile.Width - NameWidth - 2)).ToList();
        for (var at = 0; at < lines.Count; at++)
            session.Out.WriteLine($"  {(at == 0 ? name : ""),-NameWidth}{lines[at]}".TrimEnd());
    }

    static string Said(Letter letter, FieldDescriptor field) => field.Accessor.GetValue(letter) switch
    {
        string text => text,
        bool said => said ? "yes" : "",
        Enum word => Word(field, (int)(object)word),
        System.Collections.IEnumerable list =>
            string.Join(", ", list.Cast<object>().Select(one => one is Enum ? Word(field, (int)one) : $"{one}")),
        _ => "",
    };

    // Handling codes stay as they are: H1 is a name.
    static string Word(FieldDescriptor field, int number) => field.EnumType.FindValueByNumber(number)?.Name switch
    {
        _ when number == 0 => "",
        null => $"{number}",
        { Length: <= 2 } name => name,
        var name => name.ToLowerInvariant().Replace('_', ' '),
    };

    static string Name(FieldDescriptor field) => field.Name.Replace('_', ' ');
}
