using Exchange.Requests.V1;

namespace Exchange.Client;

/// <summary>Which acts bind a state, and so have to be signed. The table that the service gives out decides, and nothing here.</summary>
public static class BindingActs
{
    /// <summary>True when the step that the act takes is a binding one for a request of this status.</summary>
    /// <param name="table">As <c>GetLifecycle</c> answers.</param>
    public static bool Binds(this Lifecycle table, Act act, Status from)
    {
        var step = StepOf(act);
        return table.Moves.Any(move => move.Binds && move.Step == step && move.FromStatuses.Contains(from));
    }

    /// <summary>
    /// The step that an act takes. Acts are named like their steps, but for the return of a letter and the four kinds of answer.
    /// </summary>
    public static StepCode StepOf(Act act) => act.StepCase switch
    {
        Act.StepOneofCase.ReturnLetter => StepCode.Return,
        Act.StepOneofCase.Answer => act.Answer.Outcome switch
        {
            Outcome.PartiallyExecuted => StepCode.ExecuteInPart,
            Outcome.Refused => StepCode.Refuse,
            Outcome.NotExecutable => StepCode.DeclareNotExecutable,
            _ => StepCode.Execute,
        },
        var other => Enum.Parse<StepCode>(other.ToString()),
    };
}
