using Exchange.Requests.V1;

namespace Exchange.Cli;

/// <summary>Takes a step: on the request as it was read, signed where it binds a state, and sent again when the answer was lost.</summary>
sealed class Stepping(Session session)
{
    Lifecycle? table;

    public Task<MlaRequest> Read(string reference) => session.Services.Requests.Ask(requests =>
        requests.GetRequestAsync(new() { Name = RequestNames.Of(reference) }, session.Call()).ResponseAsync);

    public async Task<int> Take(MlaRequest request, Act act)
    {
        StepResult.Show(session, await Send(request, act));
        return ExitCode.Ok;
    }

    public async Task<TakeStepResponse> Send(MlaRequest request, Act act)
    {
        act.Request = request.Name;
        act.Etag = request.Etag;
        act.CommandId = Guid.CreateVersion7().ToString();
        var step = new TakeStepRequest { Act = act };
        if (await Binds(StepOf(act), request.Facts.Status))
            step.Signature = Signing.Sign(act, session.Services.Own);
        return await Repeating.Send(session, () => session.Services.Requests.Ask(requests =>
            requests.TakeStepAsync(step, session.Call()).ResponseAsync));
    }

    /// <summary>The step that an act takes.</summary>
    public static StepCode StepOf(Act act) => act.StepCase switch
    {
        Act.StepOneofCase.ReturnLetter => StepCode.Return,
        Act.StepOneofCase.Answer => act.Answer.Outcome switch
        {
            Outcome.PartiallyExecuted => StepCode.ExecuteInPart,
            Outcome.Refused => StepCode.Refuse,
            Outcome.NotExecutable => StepCode.DeclareNotExecutable,
            _ => StepCode.Execute,
        },
        var other => Enum.Parse<StepCode>(other.ToString()),
    };

    // Asked of the service: its table is the only place that knows.
    async Task<bool> Binds(StepCode step, Status from)
    {
        table ??= await session.Services.Requests.Ask(requests => requests.GetLifecycleAsync(new(), session.Call()).ResponseAsync);
        return table.Moves.Any(move => move.Binds && move.Step == step && move.FromStatuses.Contains(from));
    }
}
