using System.Collections.Frozen;
using Exchange.Requests.V1;
using Kind = Exchange.Requests.V1.Act.StepOneofCase;

namespace Exchange.Requests;

/// <summary>What an act is in the words of the lifecycle.</summary>
static class Acts
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

    /// <summary>The documents it hands over.</summary>
    public static IReadOnlyList<string> Documents(this Act act) => act.StepCase switch
    {
        Kind.RequestSupplement => act.RequestSupplement.Documents,
        Kind.ProvideSupplement => act.ProvideSupplement.Documents,
        Kind.Answer => act.Answer.Evidence,
        _ => [],
    };

    /// <summary>The letter it brings; null when it brings none.</summary>
    public static Letter? Letter(this Act act) => act.StepCase switch
    {
        Kind.SaveDraft => act.SaveDraft.Letter ?? new(),
        Kind.Amend => act.Amend.Letter ?? new(),
        _ => null,
    };
}
