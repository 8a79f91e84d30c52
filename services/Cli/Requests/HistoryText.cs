using Exchange.Requests.V1;
using Google.Protobuf;

namespace Exchange.Cli;

/// <summary>Entries of a history in words.</summary>
static class HistoryText
{
    // What officers say freely, by the names of the contract.
    static readonly string[] FreeTexts = ["note", "reason", "question", "reply", "report", "text", "reference", "authority"];

    public static string StepOf(StepCode step) => step == StepCode.Unspecified ? "import" : EnumText.Code(step);

    /// <summary>What the officer said in his own words.</summary>
    public static string FreeTextOf(Act? act) =>
        act is null || act.StepCase == Act.StepOneofCase.None ? "" : string.Join("; ", new[] { Said(act), act.DocumentReference }
        .Where(words => words.Length > 0));

    /// <summary>What a step changed, in words.</summary>
    public static string Of(Step step) => step.KindCase switch
    {
        Step.KindOneofCase.PartnerActed => Partner(step.PartnerActed),
        Step.KindOneofCase.RequesterActed => EnumText.Plain(step.RequesterActed.Status) + With(step.RequesterActed.Documents.Count),
        Step.KindOneofCase.Transmitted => $"transmitted, {EnumText.Plain(step.Transmitted.Channel)}",
        Step.KindOneofCase.Observed => $"a register observed until {step.Observed.ObservedUntil}",
        Step.KindOneofCase.SubjectsNamed =>
            $"{TextFormat.Count(step.SubjectsNamed.Subjects.Count(subject => subject.WithdrawnIn == 0), "subject", "subjects")} named",
        Step.KindOneofCase.Corrected => $"version {step.Corrected.SupersededVersion}, step {step.Corrected.SupersededStep} corrected"
            + (step.Corrected.Reason.Length > 0 ? $": {step.Corrected.Reason}" : ""),
        Step.KindOneofCase.LetterWritten => step.LetterWritten.Amendment ? "letter amended" : "letter saved",
        Step.KindOneofCase.ChannelChanged => $"channel: {EnumText.Plain(step.ChannelChanged.Channel)}",
        Step.KindOneofCase.StatusReported =>
            step.StatusReported.Side == Side.RequestingSide ? "status report asked for" : "status reported",
        Step.KindOneofCase.Reminded => $"rung of the ladder: {EnumText.Plain(step.Reminded.Rung)}",
        Step.KindOneofCase.Superseded => $"replaced by {step.Superseded.By}",
        Step.KindOneofCase.Assigned => "assigned to " + string.Join('/',
            new[] { step.Assigned.To.Authority, step.Assigned.To.Unit, step.Assigned.To.Officer }.Where(part => part.Length > 0)),
        Step.KindOneofCase.DocumentAdded =>
            $"{EnumText.Plain(step.DocumentAdded.Document.Kind)} handed in, {TextFormat.Thousands(step.DocumentAdded.Document.Size)} bytes",
        Step.KindOneofCase.CorrectionProposed when step.CorrectionProposed.Proposal is { } proposal =>
            $"correction of version {proposal.Version}, step {proposal.Step} proposed:"
                + $" {(proposal.Replacement is { } instead ? $"{instead.OccurredOn} {Of(instead)}" : "it never happened")}",
        Step.KindOneofCase.CorrectionProposed => "correction turned down",
        var other => EnumText.Plain(other),
    };

    static string Partner(PartnerActed acted) =>
        (acted.Outcome == Outcome.Unspecified ? EnumText.Plain(acted.Status) : $"answer: {EnumText.Plain(acted.Outcome)}")
        + (acted.Ground.Length > 0 ? $", {acted.Ground.Replace('_', ' ')}" : "")
        + string.Concat(acted.Measures.Select(measure => $", {measure.Measure.Replace('_', ' ')} "
            + (measure.Done ? "done" : $"not done ({measure.Ground.Replace('_', ' ')})")))
        + (acted.ExpectedOn.Length > 0 ? $", expected on {acted.ExpectedOn}" : "")
        + With(acted.Documents.Count)
        + (acted.Late ? ", heard of late" : "")
        + (acted.RecordedBy == Side.RequestingSide ? " (recorded by the requester)" : "");

    static string With(int documents) => documents == 0 ? "" : $", with {TextFormat.Count(documents, "document", "documents")}";

    static string Said(Act act)
    {
        var taken = (IMessage)Act.Descriptor.Oneofs[0].Accessor.GetCaseFieldDescriptor(act).Accessor.GetValue(act);
        return string.Join("; ", FreeTexts
            .Select(name => taken.Descriptor.FindFieldByName(name)?.Accessor.GetValue(taken) as string)
            .Where(text => !string.IsNullOrEmpty(text)));
    }
}
