using Exchange.Requests.V1;
using Kind = Exchange.Requests.V1.Act.StepOneofCase;

namespace Exchange.Requests;

/// <summary>What an act brings along.</summary>
static class Acts
{
    /// <summary>The letter it brings; null when it brings none.</summary>
    public static Letter? Letter(this Act act) => act.StepCase switch
    {
        Kind.SaveDraft => act.SaveDraft.Letter ?? new(),
        Kind.Amend => act.Amend.Letter ?? new(),
        _ => null,
    };
}
