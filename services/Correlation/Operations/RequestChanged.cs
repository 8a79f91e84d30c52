using System.Diagnostics;
using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Requests.V1;
using Microsoft.Extensions.Options;

namespace Exchange.Correlation;

/// <summary>Reads the subjects of changed requests and keeps the keyed hashes of what identifies them.</summary>
sealed class RequestChangedTaker(
    RequestRegistry.RequestRegistryClient requests, IdentifierStore store, IdentifierKey key, IOptions<RequestsOptions> options)
    : ITake<RequestChanged>, IDisposable
{
    const int MostPerReading = 200;
    const int PrefixLength = 9; // "requests/"

    // Events and journal bring the same requests at the same time; one at a time reads each identity once, for every
    // reading is a disclosure with an entry of its own.
    readonly SemaphoreSlim turn = new(1);

    public async Task Take(IReadOnlyList<RequestChanged> batch, CancellationToken ct)
    {
        var newest = batch.GroupBy(m => IdOf(m.Request)).ToDictionary(g => g.Key, g => g.Max(m => ToBeRead(m.Facts)));
        await turn.WaitAsync(ct);
        try
        {
            foreach (var ids in (await store.Outdated(newest, ct)).Chunk(MostPerReading))
                await store.Replace([.. (await Read(ids, ct)).Select(Index)], ct);
        }
        finally
        {
            turn.Release();
        }
    }

    public void Describe(RequestChanged message, Activity span) => message.Describe(span);

    public void Dispose() => turn.Dispose();

    async Task<IReadOnlyList<SubjectsOfRequest>> Read(Guid[] ids, CancellationToken ct)
    {
        // Not a gRPC deadline: that is an instant, and a clock set for a test would make it pass.
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(ct);
        bound.CancelAfter(options.Value.Timeout);
        var asked = new ReadSubjectsRequest { Purpose = Purpose.Correlation, CaseNumber = "correlation", Names = { ids.Select(id => $"requests/{id}") } };
        return (await requests.ReadSubjectsAsync(asked, cancellationToken: bound.Token)).Requests;
    }

    IndexedRequest Index(SubjectsOfRequest request)
    {
        var id = IdOf(request.Request);
        return new(id, request.Version,
        [
            .. from subject in request.Subjects
               where !subject.Withdrawn
               from identifier in subject.Identity?.Identifiers ?? []
               let form = NormalForm.Of(identifier.Kind, identifier.Value)
               where form is not null
               select new IndexedIdentifier(id, SubjectIdOf(subject.Name), request.RequestingState, request.CaseNumber, (short)identifier.Kind,
                   key.Hash(request.RequestingState, identifier.Kind, form)),
        ]);
    }

    /// <summary>
    /// The version at which the subjects must have been read. A draft is saved every few seconds and an answer names nobody: what
    /// changed no subject is no reason to disclose them again. Registers of old did not say when subjects changed.
    /// </summary>
    static int ToBeRead(RequestFacts facts) =>
        facts.SubjectsVersion == 0 && facts.Origin == Origin.Imported ? facts.Version : facts.SubjectsVersion;

    static Guid IdOf(string request) => Guid.Parse(request.AsSpan(PrefixLength));

    static Guid SubjectIdOf(string subject) => Guid.Parse(subject.AsSpan(subject.LastIndexOf('/') + 1));
}
