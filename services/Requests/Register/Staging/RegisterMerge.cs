using System.Runtime.CompilerServices;
using System.Text;
using Exchange.Requests.V1;

namespace Exchange.Requests;

/// <summary>
/// Brings requests and their subjects together, both ordered by reference. A request goes on only whole: one faulty
/// subject leaves it out.
/// </summary>
sealed class RegisterMerge(RegisterStaging staging, RegisterTally tally, bool withSubjects)
{
    /// <summary>Most subjects of one request; bounds memory and the size of a journal entry.</summary>
    public const int MaxSubjects = 1_000;

    public async IAsyncEnumerable<RegisteredRequest> Whole([EnumeratorCancellation] CancellationToken ct)
    {
        await using var requests = new StagedCursor(staging.Requests(ct));
        await using var subjects = new StagedCursor(staging.Subjects(ct));
        await requests.Advance();
        await subjects.Advance();
        while (StagedCursor.Least(requests, subjects) is { } reference)
        {
            var (known, candidates) = await TakeRequests(requests, reference);
            var (named, spoilt) = await TakeSubjects(subjects, reference, known, candidates.Count > 1);
            foreach (var (number, request) in candidates)
            {
                if (spoilt.Length == 0)
                    yield return new(number, request, withSubjects ? named : null);
                else
                    await LeaveOut(number, request.Reference, "subject_at_fault", spoilt);
            }
        }
    }

    async Task<(bool Known, List<(long Number, RequestRow Request)> Candidates)> TakeRequests(StagedCursor requests, byte[] reference)
    {
        var known = false;
        List<(long Number, RequestRow Request)> candidates = [];
        for (; requests.IsAt(reference); await requests.Advance())
        {
            known = true;
            var (_, number, content) = requests.Current!.Value;
            if (content is null)
                continue;

            var request = RegisterStaging.Content<RequestRow>(content);
            var first = candidates.Find(c => c.Request.RequestingState == request.RequestingState).Number;
            if (first == 0)
                candidates.Add((number, request));
            else
                await LeaveOut(number, request.Reference, "repeated_reference",
                    $"Row {first} has the same reference and requesting state, and counts. Remove one of the two rows.");
        }

        return (known, candidates);
    }

    /// <summary>The subjects, and why the request must be left out; empty when it need not.</summary>
    async Task<(List<SubjectRow> Named, string Spoilt)> TakeSubjects(StagedCursor subjects, byte[] reference, bool known, bool ambiguous)
    {
        var spoilt = "";
        List<SubjectRow> named = [];
        HashSet<SubjectRow> seen = [];
        for (; subjects.IsAt(reference); await subjects.Advance())
        {
            var (_, number, content) = subjects.Current!.Value;
            Task Report(Severity severity, string code, string message) => tally.Remarks([new()
            {
                Severity = severity, File = RegisterFile.Subjects, Row = number, Reference = Encoding.UTF8.GetString(reference),
                Field = "reference", Code = code, Message = message,
            }]);

            if (!known)
            {
                await Report(Severity.Fault, "unknown_reference",
                    "No row of the requests file has this reference. Add the request, or mend the reference.");
            }
            else if (ambiguous)
            {
                await Report(Severity.Fault, "ambiguous_reference",
                    "Requests of several states have this reference, so it cannot be said whose subject this is. Import them as "
                    + "registers of their own.");
                spoilt = "Requests of several states have this reference and share rows of the subjects file. Import them as "
                    + "registers of their own.";
            }
            else if (content is null)
            {
                spoilt = $"Row {number} of the subjects file belongs to this request and has a fault; the request is left out as a "
                    + "whole. Mend that row.";
            }
            else if (named.Count == MaxSubjects)
            {
                spoilt = $"The request has more than {MaxSubjects} subjects. Divide it.";
            }
            else if (RegisterStaging.Content<SubjectRow>(content) is var subject && seen.Add(subject))
            {
                named.Add(subject);
            }
            else
            {
                await Report(Severity.Warning, "repeated_subject", "The same row is there more than once and counts once.");
            }
        }

        return (named, spoilt);
    }

    async Task LeaveOut(long number, string reference, string code, string message)
    {
        await tally.Remarks([Remark.Fault(RegisterFile.Requests, number, reference, "reference", code, message)]);
        await tally.LeftOut();
    }
}
