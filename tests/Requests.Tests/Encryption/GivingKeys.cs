using Exchange.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Exchange.Requests.Tests;

/// <summary>Keys of requests that are made at the same moment share transactions; each is durable, and a request has one only.</summary>
public sealed class GivingKeys : IAsyncLifetime
{
    TestDatabase database = null!;
    NpgsqlDataSource source = null!;
    RequestKeyWriter writer = null!;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.Create();
        source = NpgsqlDataSource.Create(database.ConnectionString);
        writer = new(source, TimeProvider.System, NullLogger<RequestKeyWriter>.Instance);
        await using var command =
            source.CreateCommand(
            "CREATE TABLE request_keys (request_id uuid PRIMARY KEY, wrapped bytea NOT NULL CHECK (length(wrapped) = 1))");
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await source.DisposeAsync();
        await database.DisposeAsync();
    }

    [Fact]
    public async Task A_thousand_at_once_are_durable_in_far_fewer_transactions()
    {
        var requests = Enumerable.Range(0, 1_000).Select(_ => Guid.CreateVersion7()).ToArray();

        (await Task.WhenAll(requests.Select(request => writer.Write(request, [1], CancellationToken.None)))).ShouldAllBe(first => first);

        (await One("SELECT count(*) FROM request_keys")).ShouldBe(1_000);
        (await One("SELECT count(DISTINCT xmin::text) FROM request_keys")).ShouldBeLessThan(500);
    }

    [Fact]
    public async Task Of_those_who_bring_a_key_for_the_same_request_one_is_told_that_it_stands()
    {
        for (var round = 0; round < 20; round++)
        {
            var request = Guid.CreateVersion7();
            var told = await Task.WhenAll(Enumerable.Range(0, 8)
                .Select(async n => (n, Stands: await writer.Write(request, [(byte)n], CancellationToken.None))));

            (await One($"SELECT get_byte(wrapped, 0)::bigint FROM request_keys WHERE request_id = '{request}'"))
                .ShouldBe(told.Single(one => one.Stands).n);
        }
    }

    [Fact]
    public async Task A_failure_reaches_its_callers_and_the_next_are_served()
    {
        await Should.ThrowAsync<PostgresException>(() => writer.Write(Guid.CreateVersion7(), [1, 2], CancellationToken.None));

        (await writer.Write(Guid.CreateVersion7(), [1], CancellationToken.None)).ShouldBeTrue();
    }

    async Task<long> One(string sql)
    {
        await using var command = source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
