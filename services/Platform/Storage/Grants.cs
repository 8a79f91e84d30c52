namespace Exchange.Platform;

/// <summary>
/// What the role that serves on a database may do in it: read and write rows, but only add to a table whose comment begins with
/// <c>Append-only</c>, and change no table. The tables belong to another role, which only the argument <c>migrate</c> uses.
/// </summary>
static class Grants
{
    const string AppendOnly = "coalesce(obj_description(c.oid, 'pg_class'), '') LIKE 'Append-only%'";
    const string Tables = "pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')";

    /// <summary>Gives the role what it needs and takes everything else, also what somebody gave it by hand.</summary>
    public static async Task Set(AdvisoryLock sole, string role, CancellationToken ct)
    {
        var to = $"\"{role.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        var database = await sole.Session.Query("SELECT quote_ident(current_database())", [], row => row.GetString(0));
        var tables = await sole.Session.Query($"SELECT quote_ident(c.relname), c.relname, {AppendOnly} FROM {Tables} ORDER BY 1", [],
            row => (Quoted: row.GetString(0), Name: row.GetString(1), AppendOnly: row.GetBoolean(2)));
        // At once, so that a service that runs is never without them.
        await using var transaction = await sole.Connection.BeginTransactionAsync(ct);
        string[] statements =
        [
            $"REVOKE ALL ON DATABASE {database.Single()} FROM PUBLIC",
            $"GRANT CONNECT, TEMPORARY ON DATABASE {database.Single()} TO {to}",
            $"REVOKE ALL ON SCHEMA public FROM PUBLIC, {to}",
            $"GRANT USAGE ON SCHEMA public TO {to}",
            $"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {to}",
            .. tables.Select(table => $"GRANT {PrivilegesOn(table.Name, table.AppendOnly)} ON {table.Quoted} TO {to}"),
        ];
        foreach (var statement in statements)
            await sole.Session.Execute(statement, []);
        await transaction.CommitAsync(ct);
    }

    /// <summary>Returns where the present role may not change what must only grow.</summary>
    /// <param name="setting">The connection string that names the role.</param>
    /// <exception cref="InvalidOperationException">It may, as the owner of the tables may; says what to set.</exception>
    public static async Task EnsureServing(Database database, string setting, CancellationToken ct)
    {
        var tables = await database.Query(
            $"""
            SELECT c.relname FROM {Tables} AND (pg_has_role(c.relowner, 'USAGE') OR ({AppendOnly} AND
              (has_table_privilege(c.oid, 'UPDATE') OR has_table_privilege(c.oid, 'DELETE') OR has_table_privilege(c.oid, 'TRUNCATE'))))
            ORDER BY 1
            """, [], row => row.GetString(0), ct);
        if (tables.Count > 0)
            throw new InvalidOperationException(
                $"The role in {setting} owns or may change {string.Join(", ", tables)}. A role that serves has grants only; "
                + $"the owner of the database belongs into {setting}Owner, for the argument migrate.");
    }

    static string PrivilegesOn(string table, bool appendOnly) => table == "migrations" ? "SELECT"
        : appendOnly ? "SELECT, INSERT"
        : "SELECT, INSERT, UPDATE, DELETE";
}
