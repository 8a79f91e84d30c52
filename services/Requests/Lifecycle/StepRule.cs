using Exchange.Client;
using Exchange.Platform;
using Exchange.Reference;
using Exchange.Requests.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Kind = Exchange.Requests.V1.Act.StepOneofCase;

namespace Exchange.Requests;

/// <summary>What an act is judged by beside the request: all of it read before the rule decides.</summary>
/// <param name="Today">The legal day of the state that acts, or for which it is recorded that it acted.</param>
/// <param name="Named">For NAME_SUBJECTS: the subjects as they will be; null for any other step.</param>
/// <param name="CaseOfLetter">The case that the act's letter names; null when it brings none, or the case is not kept here.</param>
/// <param name="Standing">For a correction: the steps that stand.</param>
/// <param name="Since">For a correction by one officer alone: the entry that is wrong, and all after it.</param>
/// <param name="Key">To read the letter with; null when the request has none (any longer).</param>
sealed record StepInputs(
    ReferenceData Reference, RequestsOptions Options, DateOnly Today, SubjectsNamed? Named, CaseState? CaseOfLetter,
    List<PlacedStep> Standing, IReadOnlyList<JournalEntry> Since, RequestKey? Key)
{
    /// <summary>The instant of the command.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>The letter that the act brings; null when it brings none.</summary>
    public required SaltedLetter? NewLetter { get; init; }

    /// <summary>SHA-256 of the statement of the act.</summary>
    public required ByteString StatementHash { get; init; }
}

/// <summary>
/// The rule: a request, an act the table admits, and what becomes of the request; or a refusal. Its content was found sound before.
/// </summary>
sealed class StepRule(RequestState state, Act act, LifecycleMove move, bool recording, Caller caller, StepInputs inputs)
{
    readonly string me = caller.ToString();
    readonly RequestDossier dossier = state.Dossier.Clone();
    readonly int version = state.Version + 1;

    /// <summary>The letter as it stands; decrypted only for an act that needs it.</summary>
    Letter Letter => field ??= state.ReadLetter(inputs.Key).Letter;

    SaltedLetter NewLetter => field ??= inputs.NewLetter ?? SaltedLetter.Of(new());

    string Today => inputs.Today.ToIso();

    /// <summary>The change; null when the act changes nothing, as a draft saved again just as it is.</summary>
    /// <exception cref="Refusal">Not now, by name.</exception>
    public RequestChange? Decide() => act.StepCase switch
    {
        Kind.SaveDraft => Save(NewLetter.Letter),
        Kind.Submit => Submit(),
        Kind.SendBack => SendBack(),
        Kind.Approve => Approve(act.Approve),
        Kind.Transmit => Transmit(act.Transmit),
        Kind.TransmitAlone => TransmitAlone(act.TransmitAlone),
        Kind.ConfirmTransmission => ConfirmTransmission(act.ConfirmTransmission),
        Kind.Amend => Amend(NewLetter.Letter),
        Kind.NameSubjects => Name(inputs.Named!),
        Kind.Assign => Assign(act.Assign),
        Kind.RequestStatusReport or Kind.ReportStatus => Done(new Step
        {
            OccurredOn = recording ? act.OccurredOn : Today,
            StatusReported = new() { Side = move.Side, RecordedBy = Recorder },
        }),
        Kind.Adopt => Done(new Step { OccurredOn = Today, Adopted = new() }),
        Kind.ChangeChannel => Done(new Step { OccurredOn = Today, ChannelChanged = new() { Channel = act.ChangeChannel.Channel } }),
        Kind.ProposeCorrection => Propose(act.ProposeCorrection),
        Kind.ConfirmCorrection => Confirm(act.ConfirmCorrection),
        Kind.CorrectOwnEntry => CorrectOwnEntry(act.CorrectOwnEntry),
        Kind.RejectCorrection => Reject(Waiting(act.RejectCorrection.ProposedIn)),
        _ when move.Side == Side.RequestingSide => Done(RequesterStep()),
        _ => Done(PartnerStep()),
    };

    Side Recorder => recording || move.Side == Side.RequestingSide ? Side.RequestingSide : Side.RequestedSide;

    RequestChange? Save(Letter letter) => letter.Equals(Letter) ? null : Written(letter, amendment: false);

    // Whom a letter names is part of what it says.
    RequestChange Name(SubjectsNamed named)
    {
        dossier.AddAuthor(caller);
        return Done(new Step { OccurredOn = Today, SubjectsNamed = named }) with { Subjects = named };
    }

    RequestChange Submit()
    {
        RequireComplete(Letter);
        return Done(RequesterStep());
    }

    RequestChange SendBack()
    {
        dossier.ApprovedBy = "";
        return Done(new Step { OccurredOn = Today, RequesterActed = new() { Status = Status.Draft } });
    }

    RequestChange Approve(Approve approve)
    {
        move.Needs?.Require(state, caller);
        RequireRead(approve.LetterHash);
        RequireComplete(Letter);
        dossier.ApprovedBy = me;
        return Done(new Step { OccurredOn = Today, Approved = new() { LetterHash = approve.LetterHash } });
    }

    RequestChange Transmit(Transmit transmit)
    {
        RequireRead(transmit.LetterHash);
        move.Needs?.Require(state, caller);
        return Sent(transmit.Channel, transmit.PostedOn, Stake.Unspecified);
    }

    // What is asked of an approval a second officer does within the time, or it lapses; see LoneTransmissionWorker.
    RequestChange TransmitAlone(TransmitAlone transmit)
    {
        RequireRead(transmit.LetterHash);
        dossier.TransmittedAloneBy = me;
        dossier.ConfirmBy = (inputs.Now + LoneTransmissionWorker.TimeToConfirm).ToTimestamp();
        return Sent(transmit.Channel, transmit.PostedOn, transmit.Stake);
    }

    RequestChange ConfirmTransmission(ConfirmTransmission confirm)
    {
        move.Needs?.Require(state, caller);
        RequireRead(confirm.LetterHash);
        dossier.ConfirmBy = null;
        return Done(new Step { OccurredOn = Today, TransmissionConfirmed = new() { LetterHash = confirm.LetterHash } });
    }

    RequestChange Sent(Channel channel, string postedOn, Stake alone)
    {
        RequireComplete(Letter);
        dossier.ReleaseAll(Side.RequestingSide, version);
        var on = LegalDay.ParseEntered(postedOn) ?? inputs.Today;
        return Done(new Step
        {
            OccurredOn = on.ToIso(),
            Transmitted = new()
            {
                Channel = channel, Alone = alone,
                TimeLimits = { TimeLimits.At(state.Facts, on, LegalDay.ParseEntered(Letter.AnswerBy), inputs.Reference, inputs.Options) },
            },
        });
    }

    RequestChange Amend(Letter letter)
    {
        RequireComplete(letter);
        List<Violation> faults = [];
        foreach (var (field, was, now) in new[]
                 {
                     ("requested_state", Letter.RequestedState, letter.RequestedState),
                     ("instrument", Letter.Instrument, letter.Instrument),
                     ("urgency", $"{Letter.Urgency}", $"{letter.Urgency}"), ("answer_by", Letter.AnswerBy, letter.AnswerBy),
                 })
        {
            if (was != now)
                faults.Add(new($"act.amend.letter.{field}",
                    "must stay as it was sent, for the time limits rest on it. Withdraw the letter and send another that supersedes it."));
        }
        if (faults.Count > 0)
            throw Refusal.Invalid(faults);
        dossier.ReleaseAll(Side.RequestingSide, version);
        return Written(letter, amendment: true);
    }

    RequestChange Assign(Assign assign)
    {
        var to = new Assignment { Side = move.Side, Authority = assign.Authority, Unit = assign.Unit, Officer = assign.Officer };
        return Done(new Step { OccurredOn = Today, Assigned = new() { To = new() { Side = move.Side } } }) with
        {
            Assignments = [.. state.Assignments.Where(before => before.Side != move.Side), to],
        };
    }

    RequestChange Propose(ProposeCorrection proposal)
    {
        move.Needs?.Require(state, caller);
        dossier.ProposedCorrection = Corrections.Propose(
            "act.propose_correction", proposal, state, inputs.Standing, caller, inputs.Today, inputs.Reference);
        dossier.ProposedCorrection.StatementHash = inputs.StatementHash;
        return Done(new Step { OccurredOn = Today, CorrectionProposed = new() { Proposal = dossier.ProposedCorrection } });
    }

    RequestChange Confirm(ConfirmCorrection confirm)
    {
        var proposal = Waiting(confirm.ProposedIn);
        return confirm.StatementHash.Equals(proposal.StatementHash) ? Correct(proposal) : throw RequestRefusals.NoSuchCorrection();
    }

    RequestChange Correct(ProposedCorrection proposal)
    {
        var steps = Corrections.Steps(proposal, Today);
        Corrections.Replace(inputs.Standing, proposal.Version, proposal.Step,
            [.. steps.Skip(1).Select(step => new PlacedStep(version, 1, step))]);
        dossier.ProposedCorrection = null;
        return Changed(Corrections.Replay(state.Facts, inputs.Standing), steps);
    }

    RequestChange CorrectOwnEntry(ProposeCorrection correction)
    {
        move.Needs?.Require(state, caller);
        if (!OwnEntries.MayCorrect(inputs.Since, state.SideOf(caller.State), caller, inputs.Today, inputs.Reference))
            throw RequestRefusals.NotOwnEntry();
        return Correct(Corrections.Propose(
            "act.correct_own_entry", correction, state, inputs.Standing, caller, inputs.Today, inputs.Reference));
    }

    RequestChange Reject(ProposedCorrection proposal)
    {
        dossier.ProposedCorrection = null;
        return Done(new Step { OccurredOn = Today, CorrectionProposed = new() });
    }

    ProposedCorrection Waiting(int proposedIn)
    {
        move.Needs?.Require(state, caller);
        var proposal = dossier.ProposedCorrection!;
        if (proposal.ProposedIn != proposedIn)
            throw RequestRefusals.NoSuchCorrection();
        return caller.IsPersonOf(proposal.ProposedBy) ? throw RequestRefusals.OwnCorrection() : proposal;
    }

    Step RequesterStep()
    {
        dossier.Release(act.Documents(), version);
        return new() { OccurredOn = Today, RequesterActed = new() { Status = move.To!.Value, Documents = { act.Documents() } } };
    }

    Step PartnerStep()
    {
        dossier.Release(act.Documents(), version);
        var acted = new PartnerActed
        {
            Status = move.To ?? move.LateWordOf!.Value, Late = move.Late,
            RecordedBy = Recorder, Documents = { act.Documents() },
            Ground = act.StepCase switch
            {
                Kind.Postpone => act.Postpone.Ground,
                Kind.ReturnLetter => act.ReturnLetter.Ground,
                Kind.Answer => act.Answer.Ground,
                _ => ""
            },
            ExpectedOn = act.Postpone?.ExpectedOn ?? "",
            Outcome = act.Answer?.Outcome ?? (act.ReturnLetter is null ? Outcome.Unspecified : Outcome.Returned),
        };
        if (act.Answer is { } answer)
        {
            // As he said it: an answer in full is final by itself, and corrected to one in part it must not stay so.
            acted.Final = answer.Final;
            acted.Measures.Add(answer.Measures.Count > 0 ? answer.Measures : LifecycleRules.Outstanding(state.Facts)
                .Select(measure => new MeasureOutcome
                {
                    Measure = measure, Done = answer.Outcome == Outcome.Executed,
                    Ground = answer.Ground
                }));
        }
        return new() { OccurredOn = recording ? act.OccurredOn : Today, PartnerActed = acted };
    }

    RequestChange Written(Letter letter, bool amendment)
    {
        dossier.LetterHash = ByteString.CopyFrom(NewLetter.Commitment);
        dossier.LetterChangedIn = version;
        dossier.SetCase(inputs.CaseOfLetter, caller).AddAuthor(caller);
        var step = new Step { OccurredOn = Today, LetterWritten = new() { Amendment = amendment } };
        var facts = state.Facts.Clone();
        RequestFold.Apply(facts, step);
        return Changed(facts.CopyFrom(letter), [step]) with { NewLetter = NewLetter };
    }

    RequestChange Done(Step step)
    {
        var facts = state.Facts.Clone();
        RequestFold.Apply(facts, step);
        return Changed(facts, [step]);
    }

    RequestChange Changed(RequestFacts facts, IReadOnlyList<Step> steps) =>
        RequestChange.Of(state, facts, steps) with { Dossier = dossier, Code = move.Step };

    void RequireRead(ByteString hash)
    {
        if (!hash.Span.SequenceEqual(LetterHash.Of(state.Dossier, state.Subjects)))
            throw RequestRefusals.LetterChanged();
    }

    void RequireComplete(Letter letter)
    {
        var faults = LetterRules.FaultsBeforeTransmission(letter, state.Facts.RequestingState, state.Subjects.Subjects, inputs.Today,
            inputs.Reference);
        if (faults.Count > 0)
            throw RequestRefusals.LetterIncomplete(faults);
    }
}
