using System.CommandLine;
using Exchange.Requests.V1;

namespace Exchange.Cli;

/// <summary>Reads a letter for somebody who puts his name to it: he sees in short what he says yes to.</summary>
static class ReadLetter
{
    public static Task<LetterView> Of(Session session, string request) => session.Services.Requests.Call(requests =>
        requests.GetLetterAsync(new() { Name = RequestNames.Of(request) }, session.CallOptions()).ResponseAsync);

    public static string Hex(LetterView view) => Convert.ToHexStringLower(view.LetterHash.Span);

    /// <param name="hash">The beginning of the hash he read before, if he says so.</param>
    public static async Task<LetterView> Shown(Taking taking, Option<string?> hash)
    {
        var (session, facts) = (taking.Session, taking.Request.Facts);
        var view = await Of(session, taking.Request.Name);
        if (!Hex(view).StartsWith(taking.Text(hash), StringComparison.OrdinalIgnoreCase))
            throw new Problem(ExitCode.Failed, "The letter is not the one you read: it has another hash.",
                $"Read it again: exchange request letter {facts.Reference}.");
        var letter = view.Letter;
        session.Note($"{facts.Reference}: {letter.RequestingAuthority} to {letter.RequestedState}, {letter.Instrument}, {letter.Offence}");
        session.Note($"  asks for {string.Join(", ", letter.Measures.Select(measure => measure.Measure))}"
            + $"; names {Words.Count(taking.Request.Subjects.Count(subject => !subject.Withdrawn), "subject", "subjects")}; letter {Hex(view)[..16]}");
        return view;
    }
}
