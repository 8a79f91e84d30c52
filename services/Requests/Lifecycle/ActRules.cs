using Exchange.Platform;
using Exchange.Reference;
using Exchange.Requests.V1;
using Kind = Exchange.Requests.V1.Act.StepOneofCase;

namespace Exchange.Requests;

/// <summary>What is wrong with an act's own content, all of it at once; whether it may be taken now is the table's to say.</summary>
sealed class ActRules(Act act, RequestState state, bool recording, DateOnly today, ReferenceData reference)
{
    const int Short = 200;
    const int Note = 2_000;
    const int Long = 10_000;

    readonly List<Violation> faults = [];

    public IReadOnlyList<Violation> Faults()
    {
        CheckRecording();
        switch (act.StepCase)
        {
            case Kind.Submit: Text("submit.note", act.Submit.Note, Note); break;
            case Kind.SendBack: Text("send_back.reason", act.SendBack.Reason, Note, "what is to be mended"); break;
            case Kind.Transmit: CheckTransmit("transmit", act.Transmit.Channel, act.Transmit.PostedOn); break;
            case Kind.TransmitAlone: CheckTransmitAlone(act.TransmitAlone); break;
            case Kind.Amend: Text("amend.reason", act.Amend.Reason, Note, "why the letter is amended"); break;
            case Kind.NameSubjects when state.Facts.TransmittedOn.Length > 0:
                Text("name_subjects.reason", act.NameSubjects.Reason, Note, "why, for the letter was sent already"); break;
            case Kind.NameSubjects: Text("name_subjects.reason", act.NameSubjects.Reason, Note); break;
            case Kind.Assign: CheckAssign(act.Assign); break;
            case Kind.Acknowledge: Text("acknowledge.reference", act.Acknowledge.Reference, Short); break;
            case Kind.Recognise: Text("recognise.note", act.Recognise.Note, Note); break;
            case Kind.StartExecution: Text("start_execution.note", act.StartExecution.Note, Note); break;
            case Kind.RequestSupplement: Text("request_supplement.question", act.RequestSupplement.Question, Long, "what is needed"); break;
            case Kind.ProvideSupplement: Text("provide_supplement.reply", act.ProvideSupplement.Reply, Long, "the reply"); break;
            case Kind.Postpone: CheckPostpone(act.Postpone); break;
            case Kind.Forward: Text("forward.authority", act.Forward.Authority, Short, "the competent authority"); break;
            case Kind.RequestStatusReport: Text("request_status_report.note", act.RequestStatusReport.Note, Note); break;
            case Kind.ReportStatus: Text("report_status.report", act.ReportStatus.Report, Long, "how things stand"); break;
            case Kind.ReturnLetter: CheckReturn(act.ReturnLetter); break;
            case Kind.Answer: CheckAnswer(act.Answer); break;
            case Kind.Withdraw: Text("withdraw.reason", act.Withdraw.Reason, Note, "why it is called back"); break;
            case Kind.Close: Text("close.note", act.Close.Note, Note); break;
            case Kind.CloseUnanswered:
                Text("close_unanswered.reason", act.CloseUnanswered.Reason, Note,
                "why it is closed without an answer"); break;
            case Kind.Adopt: Text("adopt.note", act.Adopt.Note, Note); break;
            case Kind.ChangeChannel: CheckChannel(act.ChangeChannel); break;
            case Kind.ProposeCorrection: Text("propose_correction.reason", act.ProposeCorrection.Reason, Note, "what was wrong"); break;
            case Kind.CorrectOwnEntry: Text("correct_own_entry.reason", act.CorrectOwnEntry.Reason, Note, "what was wrong"); break;
            case Kind.RejectCorrection: Text("reject_correction.reason", act.RejectCorrection.Reason, Note, "why not"); break;
            default: break; // Nothing in it that could be wrong by itself.
        }
        return faults;
    }

    void CheckRecording()
    {
        if (recording)
        {
            Text("document_reference", act.DocumentReference, Short, "the reference of the partner's document this is recorded from");
            if (LegalDay.ParseEntered(act.OccurredOn) is not { } day)
                Fault("occurred_on", "must be the day the partner acted, YYYY-MM-DD: its step is recorded here for it.");
            else if (day > today)
                Fault("occurred_on", $"must not lie after today, {today.ToIso()} in {state.Facts.RequestedState}.");
            else if (LegalDay.ParseEntered(state.Facts.TransmittedOn) is { } sent && day < sent.AddDays(-1))
                Fault("occurred_on", $"must not lie before the letter was sent, {state.Facts.TransmittedOn}.");
            return;
        }
        if (act.OccurredOn.Length > 0)
            Fault("occurred_on",
                "must be empty: a step taken here carries today's date. Only what a partner off the exchange did is recorded with its "
                + "day.");
        if (act.DocumentReference.Length > 0)
            Fault("document_reference", "must be empty: it belongs to what is recorded for a partner off the exchange.");
    }

    void CheckTransmit(string step, Channel channel, string postedOn)
    {
        if (channel is not (Channel.OnExchange or Channel.OffExchange))
            Fault($"{step}.channel", "must be ON_EXCHANGE or OFF_EXCHANGE: how the partner is reached.");
        if (postedOn.Length == 0)
            return;
        if (channel != Channel.OffExchange)
            Fault($"{step}.posted_on", "must be empty on the exchange: the letter arrives the day it is sent.");
        else if (LegalDay.ParseEntered(postedOn) is not { } day || day > today)
            Fault($"{step}.posted_on", "must be a day, YYYY-MM-DD, not after today.");
    }

    void CheckTransmitAlone(TransmitAlone transmit)
    {
        CheckTransmit("transmit_alone", transmit.Channel, transmit.PostedOn);
        if (transmit.Stake is Stake.Unspecified || !Enum.IsDefined(transmit.Stake))
            Fault("transmit_alone.stake", "must be LIFE, CUSTODY or EVIDENCE: for nothing less does one officer act alone.");
        Text("transmit_alone.reason", transmit.Reason, Note, "why it cannot wait for a second officer");
    }

    void CheckAssign(Assign assign)
    {
        if (assign.Authority.Length == 0)
            Fault("assign.authority", "must name the authority, as in the certificates of its officers.");
        if (assign.Officer.Length > 0 && assign.Unit.Length == 0)
            Fault("assign.unit", "must be given with an officer.");
        foreach (var (field, part) in new[] { ("authority", assign.Authority), ("unit", assign.Unit), ("officer", assign.Officer) })
            if (part.Length > 64 || part.Contains('/', StringComparison.Ordinal))
                Fault($"assign.{field}", "must have at most 64 characters and no slash.");
    }

    void CheckPostpone(Postpone postpone)
    {
        Ground("postpone.ground", postpone.Ground, ground => ground.Postpones, "permits postponement, UNTOC 18(25)");
        Text("postpone.note", postpone.Note, Note);
        if (postpone.ExpectedOn.Length > 0
            && !(LegalDay.ParseEntered(postpone.ExpectedOn) > (LegalDay.ParseEntered(act.OccurredOn) ?? today)))
            Fault("postpone.expected_on", "must be a day, YYYY-MM-DD, after the one the postponement was declared on.");
    }

    void CheckReturn(Return returned)
    {
        Ground("return_letter.ground", returned.Ground, ground => ground.Returns, "is a defect of the letter, for which it is returned");
        Text("return_letter.reason", returned.Reason, Note, "what is to be mended");
    }

    void CheckAnswer(GiveAnswer answer)
    {
        var reasons = answer.Outcome is Outcome.Refused or Outcome.NotExecutable ? "the reasons, UNTOC 18(23)" : null;
        Text("answer.text", answer.Text, Long, reasons);
        if (answer.Outcome == Outcome.Refused)
            Ground("answer.ground", answer.Ground, ground => ground.IsRefusal, "is a lawful refusal");
        else if (answer.Outcome == Outcome.NotExecutable)
            Ground("answer.ground", answer.Ground, ground => ground.NotExecutable, "says why it cannot be executed");
        else if (answer.Ground.Length > 0)
            Fault("answer.ground", "must be empty: only a refusal and a declaration that it cannot be executed have one.");
        if (answer.Outcome == Outcome.Refused && reference.Grounds.GetValueOrDefault(answer.Ground)?.BarredUnder == state.Facts.Instrument)
            Fault("answer.ground", $"may not be the sole ground of refusal under {state.Facts.Instrument}, UNTOC 18(22).");
        if (answer.Final && answer.Outcome != Outcome.PartiallyExecuted)
            Fault("answer.final", "belongs to PARTIALLY_EXECUTED; any other answer is final by itself.");
        if (answer.Outcome == Outcome.PartiallyExecuted && answer.Measures.Count == 0)
            Fault("answer.measures", "must say what became of one measure at least.");
        CheckMeasures(answer);
    }

    void CheckMeasures(GiveAnswer answer)
    {
        foreach (var (i, outcome) in answer.Measures.Index())
        {
            if (!state.Facts.Measures.Contains(outcome.Measure))
                Fault($"answer.measures[{i}].measure", $"is not among those asked for: {string.Join(", ", state.Facts.Measures)}.");
            else if (answer.Measures.Take(i).Any(earlier => earlier.Measure == outcome.Measure))
                Fault($"answer.measures[{i}].measure", "is spoken of twice.");
            if (outcome.Done && outcome.Ground.Length > 0)
                Fault($"answer.measures[{i}].ground", "must be empty for a measure that was done.");
            if (!outcome.Done && !reference.Grounds.ContainsKey(outcome.Ground))
                Fault($"answer.measures[{i}].ground", "must say why it was not done, a code of refusal-grounds.");
            if (answer.Outcome == Outcome.Executed && !outcome.Done)
                Fault($"answer.measures[{i}].done", "must be done in an answer in full; answer PARTIALLY_EXECUTED otherwise.");
        }
        if (answer.Outcome == Outcome.Executed && answer.Measures.Count > 0
            && LifecycleRules.Outstanding(state.Facts).Except(answer.Measures.Select(outcome => outcome.Measure))
                .ToList() is { Count: > 0 } left)
            Fault("answer.measures", $"must speak of every measure still outstanding, and leaves out {string.Join(", ", left)}.");
    }

    void CheckChannel(ChangeChannel change)
    {
        if (change.Channel is not (Channel.OnExchange or Channel.OffExchange) || change.Channel == state.Facts.Channel)
            Fault("change_channel.channel", "must be the other one: ON_EXCHANGE or OFF_EXCHANGE.");
        Text("change_channel.reason", change.Reason, Note, "why");
    }

    void Ground(string field, string code, Func<Ground, bool> fits, string meaning)
    {
        if (reference.Grounds.GetValueOrDefault(code) is not { } ground || !fits(ground))
        {
            var codes = reference.Grounds.Values.Where(fits).Select(known => known.Code).Order(StringComparer.Ordinal);
            Fault(field, $"must be a code of refusal-grounds that {meaning}: {string.Join(", ", codes)}.");
        }
    }

    /// <param name="required">What it must say; null when it may be empty.</param>
    void Text(string field, string text, int most, string? required = null)
    {
        if (required is not null && string.IsNullOrWhiteSpace(text))
            Fault(field, $"must say {required}.");
        if (text.Length > most)
            Fault(field, $"must not be longer than {most} characters.");
    }

    void Fault(string field, string description) => faults.Add(new("act." + field, description));
}
