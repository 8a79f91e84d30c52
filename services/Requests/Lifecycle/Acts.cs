using Exchange.Requests.V1;
using Kind = Exchange.Requests.V1.Act.StepOneofCase;

namespace Exchange.Requests;

/// <summary>What an act is in the words of the lifecycle.</summary>
static class Acts
{
    /// <summary>The step of the table; unspecified when the act holds none, or an answer without an outcome.</summary>
    public static StepCode Code(this Act act) => act.StepCase switch
    {
        Kind.SaveDraft => StepCode.SaveDraft,
        Kind.Submit => StepCode.Submit,
        Kind.SendBack => StepCode.SendBack,
        Kind.Approve => StepCode.Approve,
        Kind.Transmit => StepCode.Transmit,
        Kind.Amend => StepCode.Amend,
        Kind.NameSubjects => StepCode.NameSubjects,
        Kind.Assign => StepCode.Assign,
        Kind.ConfirmDelivery => StepCode.ConfirmDelivery,
        Kind.Acknowledge => StepCode.Acknowledge,
        Kind.Recognise => StepCode.Recognise,
        Kind.StartExecution => StepCode.StartExecution,
        Kind.RequestSupplement => StepCode.RequestSupplement,
        Kind.ProvideSupplement => StepCode.ProvideSupplement,
        Kind.Postpone => StepCode.Postpone,
        Kind.Forward => StepCode.Forward,
        Kind.RequestStatusReport => StepCode.RequestStatusReport,
        Kind.ReportStatus => StepCode.ReportStatus,
        Kind.ReturnLetter => StepCode.Return,
        Kind.Answer => act.Answer.Outcome switch
        {
            Outcome.Executed => StepCode.Execute,
            Outcome.PartiallyExecuted => StepCode.ExecuteInPart,
            Outcome.Refused => StepCode.Refuse,
            Outcome.NotExecutable => StepCode.DeclareNotExecutable,
            _ => StepCode.Unspecified,
        },
        Kind.Withdraw => StepCode.Withdraw,
        Kind.Close => StepCode.Close,
        Kind.CloseUnanswered => StepCode.CloseUnanswered,
        Kind.Adopt => StepCode.Adopt,
        Kind.ChangeChannel => StepCode.ChangeChannel,
        Kind.ProposeCorrection => StepCode.ProposeCorrection,
        Kind.ConfirmCorrection => StepCode.ConfirmCorrection,
        Kind.RejectCorrection => StepCode.RejectCorrection,
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
