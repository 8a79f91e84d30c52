namespace Exchange.Platform;

/// <summary>Why something is refused; each kind has one gRPC status.</summary>
public enum RefusalKind
{
    /// <summary>The input is faulty: INVALID_ARGUMENT.</summary>
    Invalid,

    /// <summary>Absent, or not for this caller, and he cannot tell which: NOT_FOUND.</summary>
    NotFound,

    /// <summary>The caller's role does not permit the call at all: PERMISSION_DENIED.</summary>
    NotAllowed,

    /// <summary>Sound, but not in the present state: FAILED_PRECONDITION.</summary>
    NotAllowedNow,

    /// <summary>Somebody else was faster; read again and decide again: ABORTED.</summary>
    ChangedMeanwhile,

    /// <summary>Too much at once; try later: RESOURCE_EXHAUSTED.</summary>
    Exhausted,

    /// <summary>Something that the service needs is unavailable; try later: UNAVAILABLE.</summary>
    Unavailable,

    /// <summary>What is stored is not what was stored: DATA_LOSS. Trying again does not help.</summary>
    Damaged,
}

/// <summary>One fault of the input.</summary>
/// <param name="Field">Path of the field, as in the contract.</param>
/// <param name="Description">What is wrong and how to mend it; never a value about a person.</param>
public sealed record Violation(string Field, string Description);

/// <summary>
/// The refusal of what a caller asked for: the only exception thrown on purpose. The error interceptor answers it as
/// google.rpc.Status with an
/// ErrorInfo (<see cref="Reason"/>, domain <c>exchange</c>) and a BadRequest naming every violation.
/// </summary>
public sealed class Refusal(RefusalKind kind, string reason, string message, IReadOnlyList<Violation>? violations = null)
    : Exception(message)
{
    /// <summary>The kind, and so the status of the answer.</summary>
    public RefusalKind Kind { get; } = kind;

    /// <summary>Stable code for programs, UPPER_SNAKE_CASE.</summary>
    public string Reason { get; } = reason;

    /// <summary>All faults found, not only the first.</summary>
    public IReadOnlyList<Violation> Violations { get; } = violations ?? [];

    /// <summary>The input has these faults.</summary>
    public static Refusal Invalid(IReadOnlyList<Violation> violations) => new(
        RefusalKind.Invalid, "INVALID_INPUT",
        "The input has faults: " + string.Join(" ", violations.Select(v => $"{v.Field}: {v.Description}")), violations);
}
