using Exchange.Requests.V1;
using Microsoft.Extensions.Options;

namespace Exchange.Correlation;

/// <summary>
/// Reads subjects from Requests and makes keyed hashes of what identifies them. Every reading is journalled there as a disclosure.
/// </summary>
sealed class SubjectReading(RequestRegistry.RequestRegistryClient requests, IdentifierKey key, IOptions<SubjectReadingOptions> options)
{
    /// <summary>Requests whose subjects are read by one call, at most; Requests allows no more.</summary>
    public const int MaxRequests = 200;

    public async Task<List<IndexedRequest>> Read(Guid[] ids, CancellationToken ct)
    {
        // Not a gRPC deadline: that is an instant, and a clock set for a test would make it pass.
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(ct);
        bound.CancelAfter(options.Value.Timeout);
        var asked = new ReadSubjectsRequest
        {
            Purpose = Purpose.Correlation,
            Names = { ids.Select(RequestId.NameOf) },
        };
        return [.. (await requests.ReadSubjectsAsync(asked, cancellationToken: bound.Token)).Requests.Select(Index)];
    }

    /// <summary>
    /// The version at which the subjects must have been read. A draft is saved every few seconds and an answer names nobody: what
    /// changed no subject is no reason to disclose them again. Registers of old did not say when subjects changed.
    /// </summary>
    public static int NeededAt(RequestFacts facts) =>
        facts.SubjectsVersion == 0 && facts.Origin == Origin.Imported ? facts.Version : facts.SubjectsVersion;

    IndexedRequest Index(SubjectsOfRequest request)
    {
        var id = RequestId.Parse(request.Request);
        var caseHash = key.HashOfCase(request.RequestingState, request.CaseNumber);
        return new(id, request.Version,
        [
            .. from subject in request.Subjects
               where !subject.Withdrawn
               from identifier in subject.Identity?.Identifiers ?? []
               let form = NormalForm.Of(identifier.Kind, identifier.Value)
               where form is not null
               select new IndexedIdentifier(id, SubjectIdOf(subject.Name), request.RequestingState, caseHash,
                   (short)identifier.Kind, key.Hash(request.RequestingState, identifier.Kind, form)),
        ]);
    }

    static Guid SubjectIdOf(string subject) => Guid.Parse(subject.AsSpan(subject.LastIndexOf('/') + 1));
}
