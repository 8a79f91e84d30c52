using Exchange.Testing;
using Npgsql;

namespace Exchange.System.Tests.Faults;

/// <summary>T5: one in ten appends commits long after its numbers were taken, and one transaction never ends.</summary>
[Collection(TwoOfEach.Name)]
public sealed class CommittingLate(TwoOfEach two)
{
    const string Late =
        """
        CREATE TABLE noted (seq bigint GENERATED ALWAYS AS IDENTITY, aggregate_id uuid);
        CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS
          'BEGIN INSERT INTO noted (aggregate_id) VALUES (NEW.aggregate_id); RETURN NULL; END';
        CREATE FUNCTION commit_late() RETURNS trigger LANGUAGE plpgsql AS
          'BEGIN IF random() < 0.1 THEN PERFORM pg_sleep(0.4); END IF; RETURN NULL; END';
        CREATE TRIGGER note AFTER INSERT ON journal FOR EACH ROW EXECUTE FUNCTION note();
        CREATE CONSTRAINT TRIGGER commit_late AFTER INSERT ON journal DEFERRABLE INITIALLY DEFERRED
          FOR EACH ROW EXECUTE FUNCTION commit_late();
        """;

    [Fact]
    public async Task Skips_no_entry_where_a_cursor_would()
    {
        var database = two.Exchange.Databases["requests"];
        await Rows.Run(database, Late);
        await using var open = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database) { Pooling = false }.ConnectionString);
        await open.OpenAsync();
        await using var neverEnds = await open.BeginTransactionAsync();
        await using (var number = new NpgsqlCommand("SELECT pg_current_xact_id()", open))
            await number.ExecuteScalarAsync();
        var cursor = new NaiveCursor(database);
        try
        {
            await two.WhileOfficersWork(async officers =>
            {
                cursor.Follow();
                // The proof that commits come late here: whoever trusts the order of numbers has missed something.
                await Eventually.Holds(async () => (await cursor.Missed()).ShouldBeGreaterThan(0), TimeSpan.FromMinutes(2));
                await officers.Answer(FaultRun.Rounds(shortly: 5, fully: 500));
            });
        }
        finally
        {
            await cursor.End();
            await neverEnds.RollbackAsync();
            await Rows.Run(database, "DROP TABLE noted CASCADE; DROP FUNCTION note CASCADE; DROP FUNCTION commit_late CASCADE");
        }
    }

    /// <summary>Reads on from the highest number it has seen, as an outbox with a cursor would.</summary>
    sealed class NaiveCursor(string database)
    {
        readonly HashSet<long> seen = [];
        volatile bool enough;
        long last;
        Task following = Task.CompletedTask;

        public void Follow() => following = Task.Run(async () =>
        {
            while (!enough)
            {
                foreach (var seq in await Rows.Read(
                    database, $"SELECT seq FROM noted WHERE seq > {last} ORDER BY seq", row => row.GetInt64(0)))
                {
                    lock (seen)
                        seen.Add(last = seq);
                }
            }
        });

        public async Task<int> Missed()
        {
            var before = Volatile.Read(ref last);
            var there = await Rows.Read(database, $"SELECT seq FROM noted WHERE seq <= {before}", row => row.GetInt64(0));
            lock (seen)
                return there.Count(seq => !seen.Contains(seq)) - (seen.Count == 0 ? there.Count : 0);
        }

        public Task End()
        {
            enough = true;
            return following;
        }
    }
}
