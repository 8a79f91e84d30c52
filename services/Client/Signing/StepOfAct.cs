using System.Collections.Frozen;
using Exchange.Requests.V1;
using Kind = Exchange.Requests.V1.Act.StepOneofCase;

namespace Exchange.Client;

/// <summary>Which step of the lifecycle an act takes, alike for who sends it and for who judges it.</summary>
public static class StepOfAct
{
    // The message of an act is named like its step, but for the two that say more than one word.
    static readonly FrozenDictionary<Kind, StepCode> StepOfMessage = Enum.GetValues<Kind>().Except([Kind.None, Kind.Answer])
        .ToFrozenDictionary(kind => kind, kind => kind is Kind.ReturnLetter ? StepCode.Return : Enum.Parse<StepCode>(kind.ToString()));

    /// <summary>The step of the table; unspecified when the act holds none, or an answer without an outcome.</summary>
    public static StepCode Code(this Act act) =>
        act.StepCase is not Kind.Answer ? StepOfMessage.GetValueOrDefault(act.StepCase) : act.Answer.Outcome switch
        {
            Outcome.Executed => StepCode.Execute,
            Outcome.PartiallyExecuted => StepCode.ExecuteInPart,
            Outcome.Refused => StepCode.Refuse,
            Outcome.NotExecutable => StepCode.DeclareNotExecutable,
            _ => StepCode.Unspecified,
        };
}
