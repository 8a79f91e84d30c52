namespace Exchange.Contracts;

/// <summary>
/// What a caller may be, as his certificate says: <c>?role=</c> of an officer's identity. A service has no other role than its
/// own.
/// </summary>
public static class CallerRole
{
    /// <summary>Drafts requests of his state.</summary>
    public const string Investigator = "investigator";

    /// <summary>Approves and transmits requests of his state, and answers those that it was sent.</summary>
    public const string Prosecutor = "prosecutor";

    /// <summary>Acts for a partner state.</summary>
    public const string Liaison = "liaison";

    /// <summary>Runs the installation, and reads no request.</summary>
    public const string Operator = "operator";

    /// <summary>One of the exchange's own services.</summary>
    public const string Service = "service";

    /// <summary>The roles that an officer's certificate may give.</summary>
    public static IReadOnlyList<string> OfOfficers { get; } = [Investigator, Prosecutor, Liaison, Operator];
}
