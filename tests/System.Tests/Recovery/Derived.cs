namespace Exchange.System.Tests;

/// <summary>The tables that follow from the journal of Requests, and those that hold a service's own knowledge.</summary>
static class Derived
{
    public const string Facts =
        "SELECT request_id, version, recorded_at, requesting_state, requested_state, transmitted_on, md5(body), next_flag_at FROM facts";
    public const string Versions =
        "SELECT request_id, version, recorded_at, requesting_state, requested_state, transmitted_on, md5(body) FROM facts_versions";
    public const string Flags = "SELECT * FROM flags";
    public const string Told = "SELECT change_no, md5(body), is_last FROM flag_changes";
    public const string Identifiers = "SELECT * FROM identifiers";

    public static async Task<List<string>> OfTracking(this OlderCopies copies) =>
        [.. await copies.Rows("tracking", Facts), .. await copies.Rows("tracking", Versions), .. await copies.Rows("tracking", Flags)];
}
