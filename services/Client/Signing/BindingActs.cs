using Exchange.Requests.V1;

namespace Exchange.Client;

/// <summary>Which acts bind a state, and so have to be signed. The table that the service gives out decides, and nothing here.</summary>
public static class BindingActs
{
    /// <summary>True when the step that the act takes is a binding one for a request of this status.</summary>
    /// <param name="table">As <c>GetLifecycle</c> answers.</param>
    public static bool Binds(this Lifecycle table, Act act, Status from)
    {
        var step = act.Code();
        return table.Moves.Any(move => move.Binds && move.Step == step && move.FromStatuses.Contains(from));
    }
}
