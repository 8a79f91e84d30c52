using Exchange.Platform;
using Exchange.Requests.V1;

namespace Exchange.Requests;

/// <summary>One line of the <see cref="LifecycleTable"/>.</summary>
/// <param name="Step">The step.</param>
/// <param name="Side">The side whose step it is.</param>
/// <param name="Roles">The roles of that side that may take it.</param>
/// <param name="From">The statuses it may be taken from.</param>
/// <param name="To">The status it leads to; null when the request stays where it is.</param>
sealed record LifecycleMove(StepCode Step, Side Side, IReadOnlyList<string> Roles, IReadOnlyList<Status> From, Status? To)
{
    /// <summary>The step binds a state and needs the officer's signature.</summary>
    public bool Binds { get; init; }

    /// <summary>While the partner is off the exchange the requesting side's authorised officer records it for him.</summary>
    public bool Recorded { get; init; }

    /// <summary>Off the exchange only: the status of an earlier step of which word came late; null for any other move.</summary>
    public Status? LateWordOf { get; init; }

    /// <summary>It only keeps the day of an earlier step of which word came late.</summary>
    public bool Late => LateWordOf is not null;

    /// <summary>The other side is told: it sees the step in the history and finds it in its inbox.</summary>
    public bool Told { get; init; }

    /// <summary>
    /// Told, it enters the inbox of a partner off the exchange too, who is told of everything else by post: it says where to look from
    /// now on.
    /// </summary>
    public bool ToldOffExchange { get; init; }

    /// <summary>It asks something of colleagues, or answers them, and so enters the own side's inbox.</summary>
    public bool NewsToOwnSide { get; init; }

    /// <summary>It takes over a request known from a register only; such a request admits no other step.</summary>
    public bool Adopts { get; init; }

    /// <summary>The requested side may take it although its answer was final.</summary>
    public bool AfterFinalAnswer { get; init; }

    /// <summary>The request replaces from then on the one it supersedes, and that one is marked with SUPERSEDE.</summary>
    public bool Replaces { get; init; }

    /// <summary>The service itself takes the step; it is offered to no officer.</summary>
    public bool TakenByService { get; init; }

    /// <summary>
    /// What the dossier must hold besides: without it the step is neither offered nor taken. Null where the table's leave is enough.
    /// </summary>
    public StepCondition? Needs { get; init; }

    /// <summary>Not offered once a second officer has approved the letter as it stands, although it may be taken again.</summary>
    public bool OfferedUntilApproved { get; init; }

    /// <summary>What it means for each clock; a clock not named runs on as it is.</summary>
    public IReadOnlyList<(ClockName Clock, ClockAction Action)> Clocks { get; init; } = [];

    /// <summary>What the step means, in a sentence for officers.</summary>
    public required string Meaning { get; init; }
}

/// <summary>What a step needs beyond the table's leave, going by what the dossier holds and who the caller is.</summary>
/// <param name="Holds">Whether it is so.</param>
/// <param name="Refusal">What a caller is refused with who takes the step though it is not.</param>
sealed record StepCondition(Func<RequestState, Caller, bool> Holds, Func<Refusal> Refusal)
{
    /// <summary>The caller did not write the letter: a second officer approves it.</summary>
    public static StepCondition SecondOfficer { get; } =
        new((request, caller) => !request.Dossier.IsWrittenBy(caller), RequestRefusals.OwnLetter);

    /// <summary>A second officer approved the letter as it stands.</summary>
    public static StepCondition ApprovedLetter { get; } = new((request, _) => request.Dossier.IsApproved(), RequestRefusals.NotApproved);

    /// <summary>One officer transmitted the letter alone, and the caller is a second: neither he nor an author.</summary>
    public static StepCondition UnconfirmedTransmission { get; } = new(
        (request, caller) => request.Dossier.ConfirmBy is not null && !caller.IsPersonOf(request.Dossier.TransmittedAloneBy)
            && !request.Dossier.IsWrittenBy(caller),
        RequestRefusals.NotToConfirm);

    /// <summary>No correction waits for a second officer.</summary>
    public static StepCondition NoWaitingCorrection { get; } =
        new((request, _) => request.Dossier.ProposedCorrection is null, RequestRefusals.CorrectionWaits);

    /// <summary>A correction of the caller's side waits for a second officer.</summary>
    public static StepCondition WaitingCorrection { get; } =
        new((request, caller) => request.Dossier.ProposedCorrection?.Side == request.SideOf(caller.State),
            RequestRefusals.NoSuchCorrection);

    /// <exception cref="Platform.Refusal">It is not so.</exception>
    public void Require(RequestState request, Caller caller)
    {
        if (!Holds(request, caller))
            throw Refusal();
    }
}
