using Exchange.Requests.V1;

namespace Exchange.Requests.Tests;

/// <summary>What a list of steps comes to, reckoned for the tests alone: no shared line with the product.</summary>
sealed class NaiveLife
{
    readonly List<(StepCode Step, string On)> done = [];

    public void Add(StepCode step, string on) => done.Add((step, on));

    /// <summary>The facts that matter to a clock, as text.</summary>
    public string Facts()
    {
        List<string> supplements = [];
        List<string> reports = [];
        foreach (var (step, on) in done)
        {
            if (step == StepCode.RequestSupplement)
                supplements.Add(on + "..");
            if (step == StepCode.ProvideSupplement)
                supplements = [.. supplements.Select(s => s.EndsWith("..", StringComparison.Ordinal) ? s + on : s)];
            if (step == StepCode.RequestStatusReport)
                reports.Add(on + "..");
            if (step == StepCode.ReportStatus)
                reports = reports.Exists(Owed) ? [.. reports.Select(r => Owed(r) ? r + on : r)] : [.. reports, ".." + on];
        }
        return Told(First(StepCode.Transmit, StepCode.TransmitAlone), First(StepCode.ConfirmDelivery), First(StepCode.Acknowledge),
            First(StepCode.Recognise, StepCode.StartExecution),
            First(StepCode.Forward), supplements,
            All(StepCode.Execute, StepCode.ExecuteInPart, StepCode.Refuse, StepCode.DeclareNotExecutable), All(StepCode.Postpone),
            reports, All(StepCode.Amend),
            done.Exists(d => d.Step is StepCode.Transmit or StepCode.TransmitAlone) ? Last(StepCode.Return, StepCode.Withdraw) : "",
                Last(StepCode.Close, StepCode.CloseUnanswered));

        static bool Owed(string report) => report.EndsWith("..", StringComparison.Ordinal);
    }

    /// <summary>The same of what the product keeps.</summary>
    public static string Of(RequestFacts facts) =>
        Told(facts.TransmittedOn, facts.DeliveredOn, facts.AcknowledgedOn, facts.RecognisedOn, facts.ForwardedOn,
        facts.Supplements.Select(s => s.RequestedOn + ".." + s.ProvidedOn), facts.Answers.Select(a => a.AnsweredOn),
        facts.Postponements.Select(p => p.PostponedOn), facts.StatusReports.Select(r => r.RequestedOn + ".." + r.ReportedOn),
        facts.AmendedOn,
        facts.Ending?.EndedOn ?? "", facts.ClosedOn);

    static string Told(
        string transmitted, string delivered, string acknowledged, string recognised, string forwarded, IEnumerable<string> supplements,
        IEnumerable<string> answers, IEnumerable<string> postponements, IEnumerable<string> reports, IEnumerable<string> amendments,
            string ended, string closed) =>
        $"""
        sent {transmitted} delivered {delivered} acknowledged {acknowledged} recognised {recognised} forwarded {forwarded}
        supplements {string.Join(' ', supplements)} answers {string.Join(' ', answers)} postponed {string.Join(' ', postponements)}
        reports {string.Join(' ', reports)} amended {string.Join(' ', amendments)} ended {ended} closed {closed}
        """;

    string First(params StepCode[] steps) => All(steps).FirstOrDefault() ?? "";

    string Last(params StepCode[] steps) => All(steps).LastOrDefault() ?? "";

    IEnumerable<string> All(params StepCode[] steps) => done.Where(d => steps.Contains(d.Step)).Select(d => d.On);
}
