using Exchange.Requests.V1;
using static Exchange.Contracts.CallerRole;
using static Exchange.Requests.V1.ClockAction;
using static Exchange.Requests.V1.ClockName;
using static Exchange.Requests.V1.Side;
using static Exchange.Requests.V1.Status;

namespace Exchange.Requests;

/// <summary>
/// The life of a request: which role of which side may take which step from which status, where it leads, and what it means
/// for each clock. The only place that knows; it is printed as <c>contracts/LIFECYCLE.md</c>.
/// </summary>
static class LifecycleTable
{
    // A step of the journal is called so too.
    const Status Transmitted = Status.Transmitted;

    static readonly string[] Anybody = [Investigator, Prosecutor, Liaison];

    /// <summary>The roles whose word binds their state.</summary>
    static readonly string[] Authorised = [Prosecutor, Liaison];

    /// <summary>The statuses of a request that was transmitted and waits for an answer.</summary>
    static readonly Status[] Open =
        [Transmitted, Delivered, Acknowledged, Recognised, InExecution, SupplementRequested, SupplementProvided, Postponed, Forwarded];

    static readonly Status[] Answered = [PartiallyExecuted, Executed, Refused, NotExecutable];

    static readonly Status[] OpenOrInPart = [.. Open, PartiallyExecuted];

    /// <summary>From transmission on any answer is legal, one that comes after the file was closed for want of it included.</summary>
    static readonly Status[] Answerable = [.. OpenOrInPart, ClosedUnanswered];

    static readonly Status[] Sent = [.. Open, .. Answered, Returned, Withdrawn, Closed, ClosedUnanswered];

    static readonly Status[] All = [Draft, Submitted, .. Sent];

    static readonly ClockName[] Clocks = [Gross, Net, Acknowledgement, Recognition, FinalAnswer, Limits, Silence, Ladder];

    static readonly (ClockName, ClockAction)[] Started = [.. Clocks.Select(clock => (clock, Start))];

    static readonly (ClockName, ClockAction)[] Everything = [.. Clocks.Select(clock => (clock, Restate))];

    static readonly (ClockName, ClockAction)[] FirstAnswer = [(Gross, Stop), (Net, Stop), (Limits, Stop), (Silence, Stop), (Ladder, Stop)];

    static readonly (ClockName, ClockAction)[] LastAnswer = [.. FirstAnswer, (FinalAnswer, Stop)];

    static readonly (ClockName, ClockAction)[] Censored =
        [(Gross, Censor), (Net, Censor), (FinalAnswer, Censor), (Limits, Stop), (Ladder, Stop)];

    /// <summary>Every line of the table, in the order of a request's life.</summary>
    public static IReadOnlyList<LifecycleMove> Moves { get; } =
    [
        new(StepCode.SaveDraft, RequestingSide, Anybody, [Draft], null) { Meaning = "The letter is saved as it is, complete or not." },
        new(StepCode.NameSubjects, RequestingSide, Anybody, [Draft], null) { Meaning = "Subjects are added or withdrawn." },
        new(StepCode.AddDocument, RequestingSide, Anybody, [Draft, .. OpenOrInPart], null)
        {
            Meaning = "A document is handed in; the partner gets it with the letter, an amendment or a reply.",
        },
        new(StepCode.Submit, RequestingSide, Anybody, [Draft], Submitted)
        {
            NewsToOwnSide = true, Meaning = "The letter is complete and waits for approval.",
        },
        new(StepCode.SendBack, RequestingSide, Authorised, [Submitted], Draft)
        {
            NewsToOwnSide = true, Meaning = "The letter goes back to its author, with a reason.",
        },
        new(StepCode.Approve, RequestingSide, Authorised, [Submitted], null)
        {
            NewsToOwnSide = true, Needs = StepCondition.SecondOfficer, OfferedUntilApproved = true,
            Meaning = "A second officer, not an author of the letter, approves it as it stands.",
        },
        new(StepCode.Transmit, RequestingSide, Authorised, [Submitted], Transmitted)
        {
            Replaces = true, Needs = StepCondition.ApprovedLetter, Binds = true, Told = true, Clocks = Started,
            Meaning = "The approved letter goes to the partner; the time limits are fixed.",
        },
        new(StepCode.TransmitAlone, RequestingSide, Authorised, [Submitted], Transmitted)
        {
            Replaces = true, OfferedUntilApproved = true, NewsToOwnSide = true, Binds = true, Told = true, Clocks = Started,
            Meaning = "Life, custody or evidence is at stake and no second officer is to be had: one transmits alone, with the reason.",
        },
        new(StepCode.ConfirmTransmission, RequestingSide, Authorised, Sent, null)
        {
            NewsToOwnSide = true, Needs = StepCondition.UnconfirmedTransmission, Binds = true, Told = true,
            Meaning = "A second officer, not an author of the letter, confirms what one transmitted alone.",
        },
        new(StepCode.LapseTransmission, RequestingSide, Authorised, OpenOrInPart, Withdrawn)
        {
            TakenByService = true, NewsToOwnSide = true, Told = true, Clocks = Censored,
            Meaning = "Nobody confirmed within 48 hours what one transmitted alone: the service withdraws it, and the partner is told.",
        },
        new(StepCode.LapseTransmission, RequestingSide, Authorised, [.. Sent.Except(OpenOrInPart)], null)
        {
            TakenByService = true, NewsToOwnSide = true,
            Meaning = "Nobody confirmed it, and it had ended before: that is noted, and nothing is left to withdraw.",
        },
        new(StepCode.Withdraw, RequestingSide, Anybody, [Draft, Submitted], Withdrawn)
        {
            Meaning = "The draft is given up; no clock ever ran and the partner never knew.",
        },

        new(StepCode.ConfirmDelivery, RequestedSide, Authorised, [Transmitted], Delivered)
        {
            Recorded = true, Told = true, Meaning = "The letter has arrived: the carrier's doing, not the partner's.",
        },
        new(StepCode.ConfirmDelivery, RequestedSide, Authorised, [.. Sent.Except([Transmitted, Delivered])], null)
        {
            Recorded = true, LateWordOf = Delivered, Meaning = "Proof of delivery came late; its day is kept.",
        },
        new(StepCode.Acknowledge, RequestedSide, Authorised, [Transmitted, Delivered, Forwarded], Acknowledged)
        {
            Recorded = true, Told = true, Clocks = [(Acknowledgement, Stop), (Silence, Stop)],
            Meaning = "The partner confirms receipt (EIO art. 16(1)); no answer.",
        },
        new(StepCode.Acknowledge, RequestedSide, Authorised, [.. Sent.Except([Transmitted, Delivered, Acknowledged, Forwarded])], null)
        {
            Recorded = true, LateWordOf = Acknowledged, Clocks = [(Acknowledgement, Stop), (Silence, Stop)],
            Meaning = "The acknowledgement came after something later; its day is kept.",
        },
        new(StepCode.Recognise, RequestedSide, Authorised,
            [Transmitted, Delivered, Acknowledged, Forwarded, Postponed, SupplementProvided], Recognised)
        {
            Recorded = true, Told = true, Clocks = [(Recognition, Stop), (Silence, Stop), (Ladder, Resume)],
            Meaning = "The partner decides to execute (EIO art. 12(3)).",
        },
        new(StepCode.StartExecution, RequestedSide, Authorised,
            [Transmitted, Delivered, Acknowledged, Recognised, Forwarded, Postponed, SupplementProvided], InExecution)
        {
            Recorded = true, Told = true, Clocks = [(Recognition, Stop), (Silence, Stop), (Ladder, Resume)],
            Meaning = "The partner has begun; who executes has recognised.",
        },
        new(StepCode.RequestSupplement, RequestedSide, Authorised, OpenOrInPart, SupplementRequested)
        {
            Recorded = true, Told = true, Clocks = [(Net, Pause), (Silence, Stop), (Ladder, Pause)],
            Meaning = "The partner needs more; it is the requester's turn.",
        },
        new(StepCode.ProvideSupplement, RequestingSide, Anybody, [SupplementRequested], SupplementProvided)
        {
            Told = true, Clocks = [(Net, Resume), (Ladder, Resume)],
            Meaning = "The requester answers every open question; it is the partner's turn again.",
        },
        new(StepCode.Postpone, RequestedSide, Authorised, [.. Open.Except([SupplementRequested])], Postponed)
        {
            Recorded = true, Told = true, Clocks = [(Silence, Stop), (Ladder, Pause)],
            Meaning = "The partner will answer later, on a ground (UNTOC 18(25)): unanswered, not silent.",
        },
        new(StepCode.Forward, RequestedSide, Authorised, [.. Open.Except([SupplementRequested])], Forwarded)
        {
            Recorded = true, Told = true, Clocks = [(Silence, Stop)],
            Meaning = "Passed on to the competent authority; the same clocks run on.",
        },
        new(StepCode.RequestStatusReport, RequestingSide, Anybody, OpenOrInPart, null)
        {
            Told = true, Meaning = "The requester asks how things stand (UNTOC 18(24)).",
        },
        new(StepCode.ReportStatus, RequestedSide, Authorised, OpenOrInPart, null)
        {
            Recorded = true, Told = true, Clocks = [(Silence, Stop)],
            Meaning = "The partner says how things stand: no answer, and no silence.",
        },
        new(StepCode.AddDocument, RequestedSide, Anybody, OpenOrInPart, null)
        {
            Recorded = true, Meaning = "A document is handed in; the requester gets it with the question or answer that names it.",
        },

        new(StepCode.Execute, RequestedSide, Authorised, Answerable, Executed)
        {
            Binds = true, Recorded = true, Told = true, Clocks = LastAnswer,
            Meaning = "Answered: done in full, or what was still outstanding.",
        },
        new(StepCode.ExecuteInPart, RequestedSide, Authorised, Answerable, PartiallyExecuted)
        {
            Binds = true, Recorded = true, Told = true, Clocks = FirstAnswer,
            Meaning = "Answered in part; the clock of the final answer runs on unless nothing more is to come.",
        },
        new(StepCode.Refuse, RequestedSide, Authorised, Answerable, Refused)
        {
            Binds = true, Recorded = true, Told = true, Clocks = LastAnswer,
            Meaning = "Answered: refused on a lawful ground, with reasons (UNTOC 18(21) to (23)).",
        },
        new(StepCode.DeclareNotExecutable, RequestedSide, Authorised, Answerable, NotExecutable)
        {
            Binds = true, Recorded = true, Told = true, Clocks = LastAnswer,
            Meaning = "Answered: cannot be executed, with reasons (Minsk art. 8(5)).",
        },
        new(StepCode.Return, RequestedSide, Authorised, Open, Returned)
        {
            Binds = true, Recorded = true, Told = true, Clocks = [.. Censored, (Silence, Stop)],
            Meaning = "Sent back for authority, form or language (EIO art. 16(2)): ends this letter and is no answer.",
        },

        new(StepCode.Amend, RequestingSide, Authorised, Open, null)
        {
            Binds = true, Told = true, Meaning = "A new version of the letter, which the partner must see before its next step.",
        },
        new(StepCode.NameSubjects, RequestingSide, Authorised, Open, null)
        {
            Told = true, Meaning = "Subjects are added or withdrawn; the partner is told.",
        },
        new(StepCode.Remind, RequestingSide, Authorised, Open, null)
        {
            Told = true, Meaning = "A rung of the escalation ladder, confirmed in Tracking.",
        },
        new(StepCode.ChangeChannel, RequestingSide, Authorised, OpenOrInPart, null)
        {
            ToldOffExchange = true, Told = true, Meaning = "The partner is reached another way from now on.",
        },
        new(StepCode.Withdraw, RequestingSide, Authorised, OpenOrInPart, Withdrawn)
        {
            Binds = true, Told = true, Clocks = Censored, Meaning = "Assistance is no longer needed (UNTOC 18(24)); the partner is told.",
        },
        new(StepCode.Close, RequestingSide, Authorised, [.. Answered, Returned, Withdrawn], Closed)
        {
            Told = true, Meaning = "The matter is done with.",
        },
        new(StepCode.CloseUnanswered, RequestingSide, Authorised, Open, ClosedUnanswered)
        {
            Told = true, Clocks = [(Ladder, Stop)], Meaning = "Closed for want of an answer; stays unanswered in every figure.",
        },
        new(StepCode.Supersede, RequestingSide, Authorised, [.. Answered, Returned, Withdrawn, Closed, ClosedUnanswered], null)
        {
            TakenByService = true, Told = true,
            Meaning = "Another request replaces it; taken by the service when that one is transmitted.",
        },
        new(StepCode.Adopt, RequestingSide, Anybody, Sent, null)
        {
            Adopts = true, Clocks = [(Gross, Resume), (Net, Resume), (Limits, Resume), (Silence, Resume), (Ladder, Start)],
            Meaning = "An officer takes an imported request over; from now on it acts like one filed here.",
        },
        new(StepCode.Assign, RequestingSide, Anybody, All, null)
        {
            NewsToOwnSide = true, AfterFinalAnswer = true, Meaning = "The side says who of its own sees to it.",
        },
        new(StepCode.Assign, RequestedSide, Authorised, Sent, null)
        {
            NewsToOwnSide = true, AfterFinalAnswer = true,
            Meaning = "The side says who of its own sees to it, and may read whom it names.",
        },
        new(StepCode.ProposeCorrection, RequestingSide, Authorised, Sent, null)
        {
            NewsToOwnSide = true, AfterFinalAnswer = true, Needs = StepCondition.NoWaitingCorrection,
            Meaning = "An entry of the own side is wrong; waits for a second officer.",
        },
        new(StepCode.ProposeCorrection, RequestedSide, Authorised, Sent, null)
        {
            NewsToOwnSide = true, AfterFinalAnswer = true, Needs = StepCondition.NoWaitingCorrection,
            Meaning = "An entry of the own side is wrong; waits for a second officer.",
        },
        new(StepCode.ConfirmCorrection, RequestingSide, Authorised, Sent, null)
        {
            NewsToOwnSide = true, AfterFinalAnswer = true, Needs = StepCondition.WaitingCorrection,
            Binds = true, Told = true, Clocks = Everything,
            Meaning = "A second officer agrees; the request stands where the corrected steps lead, and every figure restates.",
        },
        new(StepCode.ConfirmCorrection, RequestedSide, Authorised, Sent, null)
        {
            NewsToOwnSide = true, AfterFinalAnswer = true, Needs = StepCondition.WaitingCorrection,
            Binds = true, Told = true, Clocks = Everything,
            Meaning = "A second officer agrees; the request stands where the corrected steps lead, and every figure restates.",
        },
        new(StepCode.CorrectOwnEntry, RequestingSide, Authorised, Sent, null)
        {
            NewsToOwnSide = true, Needs = StepCondition.NoWaitingCorrection, Binds = true, Clocks = Everything,
            Meaning = "Who wrote an entry the same day corrects it alone, if the other side was not told and nobody acted since.",
        },
        new(StepCode.CorrectOwnEntry, RequestedSide, Authorised, Sent, null)
        {
            NewsToOwnSide = true, AfterFinalAnswer = true, Needs = StepCondition.NoWaitingCorrection, Binds = true, Clocks = Everything,
            Meaning = "Who wrote an entry the same day corrects it alone, if the other side was not told and nobody acted since.",
        },
        new(StepCode.RejectCorrection, RequestingSide, Authorised, Sent, null)
        {
            NewsToOwnSide = true, AfterFinalAnswer = true, Needs = StepCondition.WaitingCorrection,
            Meaning = "A second officer does not agree; nothing changes.",
        },
        new(StepCode.RejectCorrection, RequestedSide, Authorised, Sent, null)
        {
            NewsToOwnSide = true, AfterFinalAnswer = true, Needs = StepCondition.WaitingCorrection,
            Meaning = "A second officer does not agree; nothing changes.",
        },
    ];

    /// <summary>The lines of the table by their step.</summary>
    public static ILookup<StepCode, LifecycleMove> Of { get; } = Moves.ToLookup(move => move.Step);

    /// <summary>Whose word stands for a partner off the exchange, when its step is recorded here.</summary>
    public static IReadOnlyList<string> Recorders => Authorised;

    /// <summary>Whether the other side is told of the step.</summary>
    public static bool IsTold(StepCode step) => Of[step].Any(move => move.Told);

    /// <summary>Whether the other side is told when the requesting side brings a request to this status.</summary>
    public static bool IsTold(Status reached) =>
        Moves.Any(move => move is { Side: RequestingSide, Told: true } && move.To == reached);

    /// <summary>Whether the step makes a request replace the one it supersedes.</summary>
    public static bool Replaces(StepCode step) => Of[step].Any(move => move.Replaces);
}
