using Exchange.Platform;
using Exchange.Requests.V1;

namespace Exchange.Requests;

/// <summary>May this caller take this step on this request now? Asks the table and nothing else.</summary>
static class LifecycleRules
{
    /// <summary>The move the table permits.</summary>
    /// <param name="recording">The caller's side writes down what a partner off the exchange did.</param>
    /// <exception cref="Refusal">NotAllowedNow, its reason one of WRONG_SIDE, WRONG_ROLE, WRONG_CHANNEL, ADOPT_FIRST,
    /// ANSWER_IS_FINAL, STEP_NOT_ALLOWED.</exception>
    public static LifecycleMove Admit(RequestFacts facts, StepCode step, Caller caller, out bool recording)
    {
        var (move, refusal) = Judge(facts, step, caller, out recording);
        return move ?? throw refusal!();
    }

    /// <summary>The steps that table and dossier leave this caller now: what needs a second officer is not offered without him.</summary>
    public static IEnumerable<StepCode> Allowed(RequestState state, Caller caller) =>
        AllowedMoves(state.Facts, caller)
            .Where(move => move.Needs?.Holds(state, caller) is not false && !(move.OfferedUntilApproved && state.Dossier.IsApproved()))
            .Select(move => move.Step);

    /// <summary>The steps the table permits this caller now, in its order.</summary>
    public static IEnumerable<StepCode> Allowed(RequestFacts facts, Caller caller) => AllowedMoves(facts, caller).Select(move => move.Step);

    /// <summary>Measures asked for that no answer has spoken of; none once an answer is final.</summary>
    public static IEnumerable<string> Outstanding(RequestFacts facts) => facts.Answers.Any(answer => answer.Final)
        ? []
        : facts.Measures.Except(facts.Answers.SelectMany(answer => answer.Measures).Select(outcome => outcome.Measure));

    static IEnumerable<LifecycleMove> AllowedMoves(RequestFacts facts, Caller caller) => caller.IsService
        ? []
        : LifecycleTable.Of.Select(moves => Judge(facts, moves.Key, caller, out _).Move).OfType<LifecycleMove>()
            .Where(move => !move.TakenByService);

    /// <returns>The move, or what to refuse with: composed only when it is, for a list asks for every step of every request.</returns>
    static (LifecycleMove? Move, Func<Refusal>? Refusal) Judge(RequestFacts facts, StepCode step, Caller caller, out bool recording)
    {
        var own = caller.State == facts.RequestingState ? Side.RequestingSide : Side.RequestedSide;
        var off = facts.Channel == Channel.OffExchange;
        var ofStep = LifecycleTable.Of[step].ToList();
        var moves = ofStep.Where(move => move.Side == own).ToList();
        var record = recording = moves.Count == 0 && off && own == Side.RequestingSide && ofStep.Exists(move => move.Recorded);
        if (record)
            moves = [.. ofStep.Where(move => move.Recorded)];

        if (moves.Count == 0)
            return (null, () => RequestRefusals.WrongSide(step, own));
        if (!moves.Exists(Role))
            return (null, () => RequestRefusals.WrongRole(step, moves.SelectMany(move => move.Roles)));
        if (off && own == Side.RequestedSide && facts.TransmittedOn.Length > 0)
            return (null, RequestRefusals.WrongChannel);
        // An import observes and never acts; whoever wants to act takes the request over first.
        if (facts.Origin == Origin.Imported && !facts.Adopted && !moves.Exists(move => move.Adopts))
            return (null, () => RequestRefusals.AdoptFirst(facts.Reference));
        if (moves.Exists(move => move.Adopts) && (facts.Origin != Origin.Imported || facts.Adopted))
            return (null, () => RequestRefusals.NotToAdopt(facts.Reference));
        if (moves.FirstOrDefault(move => Fits(move) && Role(move)) is not { } fitting)
            return (null, () => RequestRefusals.StepNotAllowed(step, facts.Status));
        // Whatever the status: a correction can make an answer final that a question followed.
        if (fitting is { Side: Side.RequestedSide, Late: false, AfterFinalAnswer: false } && facts.Answers.Any(answer => answer.Final))
            return (null, RequestRefusals.AnswerIsFinal);
        return (fitting, null);

        bool Role(LifecycleMove move) => (record ? LifecycleTable.Recorders : move.Roles).Contains(caller.Role);

        bool Fits(LifecycleMove move) =>
            move.From.Contains(facts.Status) && (move.LateWordOf is not { } status || (off && !IsKnown(facts, status)));
    }

    /// <summary>Whether the day of a delivery or acknowledgement is known.</summary>
    static bool IsKnown(RequestFacts facts, Status status) =>
        (status is Status.Acknowledged ? facts.AcknowledgedOn : facts.DeliveredOn).Length > 0;
}
