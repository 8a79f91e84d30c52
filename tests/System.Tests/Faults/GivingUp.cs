using Exchange.Requests.V1;
using Exchange.Testing;
using Grpc.Core;
using Npgsql;

namespace Exchange.System.Tests.Faults;

/// <summary>A caller's deadline reaches the database: what nobody waits for any more is not worked on.</summary>
[Collection(TwoOfEach.Name)]
public sealed class GivingUp(TwoOfEach two)
{
    [Fact]
    public async Task Ends_the_query_too()
    {
        using var channel = two.Exchange.Connect(two.Exchange.Requests, "prosecutor");
        var requests = new RequestRegistry.RequestRegistryClient(channel);
        await requests.ListRequestsAsync(new());
        await using var open = new NpgsqlConnection(two.Exchange.Databases["requests"]);
        await open.OpenAsync();
        await using var held = await open.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand("LOCK TABLE requests IN ACCESS EXCLUSIVE MODE", open))
            await hold.ExecuteNonQueryAsync();

        using var givenUp = new CancellationTokenSource();
        var call = requests.ListRequestsAsync(new(), cancellationToken: givenUp.Token).ResponseAsync;
        await Eventually.Holds(async () => (await Waiting()).ShouldBe(1));
        await givenUp.CancelAsync();
        (await Should.ThrowAsync<RpcException>(call)).StatusCode.ShouldBe(StatusCode.Cancelled);
        await Eventually.Holds(async () => (await Waiting()).ShouldBe(0));

        (await Should.ThrowAsync<RpcException>(
            () => requests.ListRequestsAsync(
                new(), deadline: (TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(1)).UtcDateTime).ResponseAsync))
            .StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
        await Eventually.Holds(async () => (await Waiting()).ShouldBe(0));
    }

    Task<long> Waiting() => Rows.Count(two.Exchange.Databases["requests"],
        """
        SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%FROM requests WHERE%($1::text IS NULL%'
        """);
}
