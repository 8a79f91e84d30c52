using System.CommandLine;
using Exchange.Requests.V1;

namespace Exchange.Cli;

/// <summary>Reads letters, and summarises one for the officer who is about to approve or transmit it.</summary>
static class LetterClient
{
    public static Task<LetterView> Read(Session session, string request) => session.Services.Requests.Call(requests =>
        requests.GetLetterAsync(new() { Name = RequestNames.Of(request) }, session.CallOptions()).ResponseAsync);

    public static string Hex(LetterView view) => Convert.ToHexStringLower(view.LetterHash.Span);

    /// <param name="hash">The beginning of the hash he read before, if he says so.</param>
    public static async Task<LetterView> ReadAndSummarise(StepContext context, Option<string?> hash)
    {
        var (session, facts) = (context.Session, context.Request.Facts);
        var view = await Read(session, context.Request.Name);
        if (!Hex(view).StartsWith(context.Text(hash), StringComparison.OrdinalIgnoreCase))
            throw new CommandException(ExitCode.Failed, "The letter is not the one you read: it has another hash.",
                $"Read it again: exchange request letter {facts.Reference}.");
        var letter = view.Letter;
        session.Note($"{facts.Reference}: {letter.RequestingAuthority} to {letter.RequestedState}, {letter.Instrument}, {letter.Offence}");
        session.Note($"  asks for {string.Join(", ", letter.Measures.Select(measure => measure.Measure))}"
            + $"; names {TextFormat.Count(context.Request.Subjects.Count(subject => !subject.Withdrawn), "subject", "subjects")}; letter"
            + $" {Hex(view)[..16]}");
        return view;
    }
}
