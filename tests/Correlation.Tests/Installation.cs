using Exchange.Cli;
using Exchange.Contracts;
using Exchange.Correlation.V1;
using Exchange.Platform;
using Exchange.Requests.V1;
using Exchange.Testing;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Exchange.Correlation.Tests;

/// <summary>Certificates, a stand-in for Requests and an empty database with the tables of the service.</summary>
sealed class Installation : IAsyncDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("exchange-correlation-").FullName;
    RequestsStandIn requests = null!;
    NpgsqlDataSource source = null!;
    Keyring keyring = null!;
    RequestChangedConsumer consumer = null!;

    Installation() => Pki = new(folder, TimeProvider.System);

    public PkiFolder Pki { get; }

    public TestDatabase Database { get; private set; } = null!;

    public Book Book => requests.Book;

    public Uri RequestsAddress => requests.Address;

    public static async Task<Installation> Create()
    {
        var installation = new Installation();
        installation.Pki.Initialise("BY", ["PL"], []);
        installation.requests = await RequestsStandIn.Start(installation.Pki);
        installation.Database = await TestDatabase.CreateFor("correlation");
        installation.source = NpgsqlDataSource.Create(installation.Database.ConnectionString);
        installation.keyring = await TestKeys.KeyringIn(
            installation.source, TestKeys.ServiceKeyIn(installation.Pki.ServiceKey), IdentifierKey.Purpose);
        installation.consumer = installation.NewConsumer();
        return installation;
    }

    public Task Take(params IReadOnlyList<RequestChanged> batch) => consumer.Consume(batch, default);

    /// <summary>The links as they are told, sorted by the numbers of their cases.</summary>
    public async Task<List<CaseLink>> Links(string state = "BY", string caseNumber = "", int cap = 50, params Guid[] closed) =>
        Told(await Found(state, caseNumber, CasePair.None, 1_000, cap, closed));

    /// <summary>The links page by page, in the order of the pages.</summary>
    public async Task<List<CaseLink>> Pages(int size)
    {
        List<FoundLink> pages = [];
        while (await Found("BY", "", pages is [.., var last] ? last.Cases : CasePair.None, size) is { Count: > 0 } page)
            pages.AddRange(page);
        return Told(pages);
    }

    Task<List<FoundLink>> Found(string state, string caseNumber, CasePair after, int count, int cap = 50, params Guid[] closed) =>
        new LinkQuery(new(source), Options.Create(new CorrelationOptions { ValueCap = cap })).Links(
            state, closed, caseNumber.Length == 0 ? null : new IdentifierKey(keyring).HashOfCase(state, caseNumber), after, count, default);

    List<CaseLink> Told(List<FoundLink> links)
    {
        var numbers = links.SelectMany(link => link.Shared).SelectMany(one => new[] { one.RequestA, one.RequestB }).Distinct()
            .ToDictionary(request => request, request => Book.SubjectsOf(request).CaseNumber);
        return [.. links.Select(link => link.ToProto(numbers)).OrderBy(link => link.CaseA, StringComparer.Ordinal)
            .ThenBy(link => link.CaseB, StringComparer.Ordinal)];
    }

    /// <summary>Every row of every table as text, as a thief of a dump would read it.</summary>
    public async Task<string> Dump()
    {
        var database = new Database(source);
        var tables = await database.Query(
            "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'", [], row => row.GetString(0), default);
        List<string> rows = [];
        foreach (var table in tables)
            rows.AddRange(await database.Query($"SELECT t::text FROM {table} t", [], row => row.GetString(0), default));
        return string.Join('\n', rows);
    }

    public Task Execute(string sql) => new Database(source).Execute(sql, [], default);

    public async ValueTask DisposeAsync()
    {
        consumer.Dispose();
        await source.DisposeAsync();
        await Database.DisposeAsync();
        await requests.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    RequestChangedConsumer NewConsumer() => new(
        new(
            new RequestRegistry.RequestRegistryClient(RequestsStandIn.Channel(Pki, Pki.Service("correlation"), requests.Address,
                "requests")),
            new(keyring),
            Options.Create(new SubjectReadingOptions())),
        new(new(source)));
}
