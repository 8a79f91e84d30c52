using System.Diagnostics;
using Npgsql;

namespace Exchange.Platform.Tests;

/// <summary>What an operator reads on the span of a statement: operation and table, and no value.</summary>
public sealed class NamingStatements
{
    [Theory]
    [InlineData("SELECT 1", "SELECT")]
    [InlineData("SELECT count(*) FROM outbox", "SELECT outbox")]
    [InlineData("SELECT * FROM unnest($1) AS t(a) JOIN journal USING (a)", "SELECT journal")]
    [InlineData("SELECT x FROM (SELECT x FROM seal) AS inner_one", "SELECT seal")]
    [InlineData("SELECT request_id FROM facts WHERE next_flag_at <= $1 FOR UPDATE SKIP LOCKED", "SELECT facts")]
    [InlineData("WITH input AS (SELECT * FROM unnest($1)), won AS (\n INSERT INTO journal SELECT * "
        + "FROM input ON CONFLICT (id) DO UPDATE SET a = 1) SELECT a FROM won", "INSERT journal")]
    [InlineData("WITH fast AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true)) DELETE FROM outbox USING fast "
        + "WHERE id = ANY($1)", "DELETE outbox")]
    [InlineData("UPDATE ONLY positions SET sealed_no = $1", "UPDATE positions")]
    [InlineData("COPY register_rows (reference) FROM STDIN (FORMAT BINARY)", "COPY register_rows")]
    [InlineData("DISCARD TEMP", "DISCARD")]
    [InlineData("", "")]
    public void A_statement_is_called_by_what_it_does_and_to_which_table(string statement, string called) =>
        StatementSpans.Of(statement).Text.ShouldBe(called);

    [Fact]
    public async Task Its_span_has_operation_and_table_by_the_conventions_and_no_value()
    {
        const string Value = "Канарейкин";
        await using var bench = await Workbench.Create();
        await using var source = new NpgsqlDataSourceBuilder(bench.ConnectionString).NameStatements().Build();
        using var heard = new HeardSpans("Npgsql");
        using var call = new Activity("call").Start();

        await new Database(source).Execute("UPDATE outbox SET type = $1", [Value], CancellationToken.None);
        call.Stop();

        var span = heard.In(call.TraceId).ShouldHaveSingleItem();
        span.DisplayName.ShouldBe("UPDATE outbox");
        span.GetTagItem("db.system.name").ShouldBe("postgresql");
        span.GetTagItem("db.operation.name").ShouldBe("UPDATE");
        span.GetTagItem("db.collection.name").ShouldBe("outbox");
        span.GetTagItem("db.query.summary").ShouldBe("UPDATE outbox");
        span.Events.ShouldBeEmpty();
        span.TagObjects.ShouldAllBe(tag => $"{tag.Value}".Contains(Value, StringComparison.Ordinal) == false);
    }
}
