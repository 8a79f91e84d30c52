using Exchange.Platform;
using Exchange.Requests.V1;

namespace Exchange.Requests;

/// <summary>Finds requests for an answer: what a caller may see of those that he may see.</summary>
sealed class RequestViews(RequestStore store, Journal journal)
{
    /// <summary>One request by the name a person typed or a client has.</summary>
    /// <exception cref="Refusal">Not a name, or not found.</exception>
    public async Task<RequestView> Find(string name, Caller caller, CancellationToken ct, string field = "name") =>
        await Of(await store.FindNamed(name, caller, ct, field), caller, ct);

    /// <summary>One request by its id; null when the caller may not see it.</summary>
    public async Task<RequestView?> Find(Guid id, Caller caller, CancellationToken ct) =>
        (await store.Find([id], caller, ct)).GetValueOrDefault(id) is { } state ? await Of(state, caller, ct) : null;

    /// <summary>The requests in the order of their names.</summary>
    /// <exception cref="Refusal">One was not found.</exception>
    public async Task<List<RequestView>> Find(IReadOnlyCollection<string> names, Caller caller, CancellationToken ct) =>
        await Of(await store.FindNamed(names, caller, ct), caller, ct);

    /// <summary>Those of these requests that the caller may see, in no order.</summary>
    public async Task<List<RequestView>> FindSeen(Guid[] ids, Caller caller, CancellationToken ct) =>
        await Of([.. (await store.Find(ids, caller, ct)).Values], caller, ct);

    /// <summary>A page of a list.</summary>
    public async Task<List<RequestView>> List(Caller caller, RequestListFilter filter, int count, CancellationToken ct) =>
        await Of(await store.List(caller, filter, count, ct), caller, ct);

    /// <summary>A request that the caller may see, as he may see it.</summary>
    public async Task<RequestView> Of(RequestState state, Caller caller, CancellationToken ct) => (await Of([state], caller, ct))[0];

    async Task<List<RequestView>> Of(IReadOnlyList<RequestState> states, Caller caller, CancellationToken ct)
    {
        List<RequestView> views = [];
        foreach (var state in states)
            views.Add(RequestView.Of(state, caller,
                RequestView.LeftTheExchange(state, caller) ? await LastTold(state, ct) : null));
        return await WithoutUnknown(views, caller, ct);
    }

    async Task<LastTold> LastTold(RequestState state, CancellationToken ct)
    {
        var entries = EntryChain.Read(await journal.OfAggregate(state.Id, ct)).Select(read => read.Entry)
            .TakeWhile(entry => entry.Version <= state.Dossier.ToldIn).ToList();
        var written = entries.SelectMany(entry => entry.Steps).LastOrDefault(step => step.LetterWritten is not null);
        var told = entries[^1];
        told.Facts = told.Facts.With(
            state.Key.Read(RequestKey.Particulars, told.EncryptedParticulars, RequestParticulars.Parser));
        return new(told, written?.LetterWritten.EncryptedLetter);
    }

    /// <summary>Leaves out the names of requests before and after, where they were sent to somebody else.</summary>
    async Task<List<RequestView>> WithoutUnknown(List<RequestView> views, Caller caller, CancellationToken ct)
    {
        var named = views.SelectMany(NamedBy).Where(name => name.Length > 0).Select(RequestId.Parse).Distinct().ToArray();
        if (caller.IsService || named.Length == 0)
            return views;
        var known = (await store.Find(named, caller, ct)).Keys.Select(RequestId.NameOf).ToHashSet();
        return [.. views.Select(view => NamedBy(view).All(name => name.Length == 0 || known.Contains(name)) ? view
            : view with { Facts = Without(view.Facts, known) })];
    }

    static string[] NamedBy(RequestView view) => [view.Facts.Supersedes, view.Facts.SupersededBy];

    static RequestFacts Without(RequestFacts facts, HashSet<string> known)
    {
        var told = facts.Clone();
        told.Supersedes = known.Contains(told.Supersedes) ? told.Supersedes : "";
        told.SupersededBy = known.Contains(told.SupersededBy) ? told.SupersededBy : "";
        return told;
    }
}
