using Exchange.Platform;
using Exchange.Requests.V1;

namespace Exchange.Requests;

/// <summary>Who sees to what: an authority, a unit of it or one officer, written <c>authority/unit/officer</c>.</summary>
static class Assignments
{
    /// <summary>All that an officer counts as: his authority, his unit, himself.</summary>
    public static string[] CountsAs(this Caller caller) => caller.IsService
        ? []
        : [caller.Authority, $"{caller.Authority}/{caller.Unit}", $"{caller.Authority}/{caller.Unit}/{caller.OfficerNumber}"];

    /// <summary>Who sees to it on this side; null when nobody in particular.</summary>
    public static string? To(this IEnumerable<Assignment> assignments, Side side) =>
        assignments.FirstOrDefault(assignment => assignment.Side == side) is { } assignment
            ? string.Join('/', new[] { assignment.Authority, assignment.Unit, assignment.Officer }.Where(part => part.Length > 0))
            : null;
}
