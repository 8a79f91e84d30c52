using Exchange.Requests.V1;
using Spectre.Console;

namespace Exchange.Cli;

/// <summary>One letter as a page: what it is, and what happened to it day by day, its limits among the days.</summary>
static class RequestPage
{
    public static void Draw(IAnsiConsole console, MlaRequest request, IReadOnlyList<Document> documents)
    {
        var facts = request.Facts;
        console.MarkupLine($"[bold]{Markup.Escape(facts.Reference)}[/]  {Markup.Escape(EnumText.Plain(facts.Status))}");
        Field(console, "from", $"{facts.RequestingState}, {facts.RequestingAuthority}");
        Field(console, "to", facts.RequestedState + (facts.Channel == Channel.Unspecified ? "" : $" ({EnumText.Plain(facts.Channel)})"));
        Field(console, "case", facts.CaseNumber);
        Field(console, "basis", facts.Instrument);
        Field(console, "offence", facts.Offence.Replace('_', ' '));
        Field(console, "measures", string.Join(", ", facts.Measures).Replace('_', ' '));
        Field(console, "urgency", EnumText.Plain(facts.Urgency));
        Field(console, "origin", Origin(facts));
        Field(console, "replaces", facts.Supersedes);
        Field(console, "replaced by", facts.SupersededBy);
        Field(console, "letter",
            facts.LetterVersion > 1 ? $"version {facts.LetterVersion}, amended on {string.Join(", ", facts.AmendedOn)}" : "");
        Field(console, "outstanding", string.Join(", ", request.OutstandingMeasures).Replace('_', ' '));
        Field(console, "assigned to", request.AssignedTo);
        Field(console, "correction",
            request.ProposedCorrection > 0 ? $"proposed in version {request.ProposedCorrection}; waits for a second officer" : "");
        DrawDays(console, facts);
        DrawSubjects(console, request);
        DrawDocuments(console, documents);
        console.WriteLine();
        console.MarkupLine(Markup.Escape(StepResult.Next(request)));
    }

    /// <summary>Every day of the letter, the earliest first; on one day in the order of a letter's life.</summary>
    public static IEnumerable<(string Day, string What)> DaysOf(RequestFacts facts)
    {
        IEnumerable<(string Day, string What)> days =
        [
            (facts.TransmittedOn, "transmitted"),
            (facts.DeliveredOn, "delivered"),
            (facts.AcknowledgedOn, "acknowledged"),
            (facts.ForwardedOn, "forwarded to the competent authority"),
            (facts.RecognisedOn, "recognised"),
            .. facts.Supplements.SelectMany(supplement => new[]
            {
                (supplement.RequestedOn, "the partner asked for more"),
                (supplement.ProvidedOn, "supplied"),
            }),
            .. facts.AmendedOn.Select((day, at) => (day, $"letter amended, version {at + 2}")),
            .. facts.StatusReports.SelectMany(report => new[]
            {
                (report.RequestedOn, "status report asked for"),
                (report.ReportedOn, "the partner reported how things stand"),
            }),
            .. facts.Reminders.Select(reminder => (reminder.RemindedOn, EnumText.Plain(reminder.Rung))),
            .. facts.Postponements.Select(postponed => (postponed.PostponedOn, Postponement(postponed))),
            .. facts.Answers.Select(answer => (answer.AnsweredOn, Answer(answer))),
            .. facts.Ending is { } ending ? [(ending.EndedOn, EnumText.Plain(ending.Outcome) + Ground(ending.Ground))]
                : Array.Empty<(string, string)>(),
            (facts.ClosedOn, "closed"),
            .. facts.TimeLimits.Select(limit => (limit.DueOn, Limit(limit))),
            (facts.ObservedUntil, "the register ends here"),
        ];
        return days.Where(day => day.Day.Length > 0).OrderBy(day => day.Day, StringComparer.Ordinal);
    }

    static void DrawDays(IAnsiConsole console, RequestFacts facts)
    {
        var mark = Glyphs.For(console.Profile.Capabilities.Unicode).Mark;
        if (DaysOf(facts).Any())
            console.WriteLine();
        foreach (var (day, what) in DaysOf(facts))
            console.MarkupLine($"  {Markup.Escape(day)}  [teal]{mark}[/] {Markup.Escape(what)}");
        if (facts.Answers.Count == 0 && facts.Ending is null && facts.TransmittedOn.Length > 0)
            console.MarkupLine($"              [grey]{mark} no answer so far[/]");
    }

    static void DrawSubjects(IAnsiConsole console, MlaRequest request)
    {
        if (request.Subjects.Count == 0)
            return;
        console.WriteLine();
        console.MarkupLine("[bold]Subjects[/]");
        foreach (var subject in request.Subjects)
        {
            console.MarkupLine(Markup.Escape(
                $"  {subject.Number}. {EnumText.Plain(subject.Role)}, {EnumText.Plain(subject.Kind)}{IdentityOf(subject)}"
                + (subject.Withdrawn ? " (withdrawn)" : "")));
            foreach (var identifier in subject.Identity?.Identifiers ?? [])
                console.MarkupLine(Markup.Escape($"    {EnumText.Plain(identifier.Kind)} {identifier.Value}"));
        }
        if (request.Subjects.All(subject => subject.Identity is null))
            console.MarkupLine("[grey]  Who they are is read with --subjects, for a purpose.[/]");
    }

    static void DrawDocuments(IAnsiConsole console, IReadOnlyList<Document> documents)
    {
        if (documents.Count == 0)
            return;
        console.WriteLine();
        console.MarkupLine("[bold]Documents[/]");
        foreach (var (document, number) in documents.Select((document, at) => (document, at + 1)))
            console.MarkupLine(Markup.Escape(
                $"  {number}. {EnumText.Plain(document.Kind)}: {document.Title}, {TextFormat.Thousands(document.Size)} bytes,"
                + $" {document.HandlingCode}"
                + (document.Released ? "" : ", not given to the other side")));
    }

    static void Field(IAnsiConsole console, string name, string value)
    {
        if (value.Length > 0)
            console.MarkupLine($"  [grey]{name,-12}[/]{Markup.Escape(value)}");
    }

    static string IdentityOf(Subject subject) => subject.Identity is { } identity
        ? $": {string.Join(" / ", identity.Names)}{(identity.BirthDate.Length > 0 ? $", born {identity.BirthDate}" : "")}"
        : "";

    static string Origin(RequestFacts facts) => facts.Origin == Requests.V1.Origin.Imported
        ? $"a register observed until {facts.ObservedUntil}{(facts.Adopted ? ", adopted by an officer" : "")}"
        : EnumText.Plain(facts.Origin);

    static string Answer(Answer answer) =>
        $"answer: {EnumText.Plain(answer.Outcome)}{Ground(answer.Ground)}{(answer.Final ? "" : ", more to come")}"
        + (answer.RecordedBy == Side.RequestingSide ? " (recorded by the requester)" : "");

    static string Postponement(Postponement postponed) =>
        $"postponed{Ground(postponed.Ground)}{(postponed.ExpectedOn.Length > 0 ? $", expected on {postponed.ExpectedOn}" : "")}";

    static string Limit(TimeLimit limit) =>
        $"due: {EnumText.Plain(limit.Kind)} limit{(limit.PolicyVersion.Length > 0 ? $" ({limit.PolicyVersion})" : "")}";

    static string Ground(string ground) => ground.Length > 0 ? $", {ground.Replace('_', ' ')}" : "";
}
