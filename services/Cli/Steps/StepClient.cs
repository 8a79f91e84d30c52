using Exchange.Client;
using Exchange.Requests.V1;

namespace Exchange.Cli;

/// <summary>Takes a step: on the request as it was read, signed where it binds a state, and sent again when the answer was lost.</summary>
sealed class StepClient(Session session)
{
    Lifecycle? table;

    public Task<MlaRequest> Read(string reference) => session.Services.Requests.Call(requests =>
        requests.GetRequestAsync(new() { Name = RequestNames.Of(reference) }, session.CallOptions()).ResponseAsync);

    public async Task<int> Take(MlaRequest request, Act act, params IReadOnlyCollection<Document> documents)
    {
        StepResult.Show(session, await Send(request, act, documents));
        return ExitCode.Ok;
    }

    /// <param name="documents">Those that the act hands over.</param>
    public async Task<TakeStepResponse> Send(MlaRequest request, Act act, params IReadOnlyCollection<Document> documents)
    {
        act.Request = request.Name;
        act.Etag = request.Etag;
        act.CommandId = Guid.CreateVersion7().ToString();
        var step = new TakeStepRequest { Act = act };
        if (await Binds(act, request.Facts.Status))
            Sign(step, documents);
        return await session.Repeat(() => session.Services.Requests.Call(requests =>
            requests.TakeStepAsync(step, session.CallOptions()).ResponseAsync));
    }

    // Asked of the service: its table is the only place that knows.
    async Task<bool> Binds(Act act, Status from)
    {
        table ??= await session.Services.Requests.Call(requests => requests.GetLifecycleAsync(new(), session.CallOptions()).ResponseAsync);
        return table.Binds(act, from);
    }

    void Sign(TakeStepRequest step, IReadOnlyCollection<Document> documents)
    {
        if (!ActSigning.CanSign(session.Services.Own))
        {
            throw new CommandException(ExitCode.Usage, "This step is signed, and the key of your certificate is not one of ECDSA P-256.",
                "--as or --certificate chooses another.");
        }
        ActSigning.Sign(step, session.Services.Own, documents);
    }
}
