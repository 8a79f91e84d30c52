using System.Collections.Concurrent;
using Exchange.Requests.V1;
using Exchange.Testing;
using Grpc.Core;
using Registry = Exchange.Requests.V1.RequestRegistry.RequestRegistryClient;

namespace Exchange.System.Tests.Faults;

/// <summary>
/// Officers who go on whatever breaks: a command that was not answered is given again, under its id, to the next replica. All
/// that was intended, and what was heard of it, is recorded for the <see cref="Checker"/>.
/// </summary>
/// <param name="careless">Gives a command again under a new id, as a client does that the command's id should save from itself.</param>
sealed class RecordingClient(RunningExchange exchange, bool careless = false) : IDisposable
{
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(8);
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    readonly ConcurrentDictionary<(string Persona, int Replica), Officer> officers = [];
    int next;

    public ConcurrentBag<Operation> Operations { get; } = [];

    /// <summary>Answers nobody should ever get.</summary>
    public ConcurrentBag<string> Surprises { get; } = [];

    /// <summary>Requests that reached the partner, as far as the client knows.</summary>
    public ConcurrentBag<string> Transmitted { get; } = [];

    /// <summary>Calls that were not answered and made again.</summary>
    public int Repeats;

    /// <summary>Gives a command until it is answered.</summary>
    /// <returns>The request after it; null when it was refused or never answered.</returns>
    public async Task<MlaRequest?> Give(
        string persona, string step, string request, Func<Officer, Guid, CallOptions, AsyncUnaryCall<TakeStepResponse>> call)
    {
        List<Guid> commands = [Guid.CreateVersion7()];
        try
        {
            var answer = await UntilAnswered(persona, (officer, options) => call(officer, commands[^1], options), again: () =>
            {
                if (careless)
                    commands.Add(Guid.CreateVersion7());
            });
            Operations.Add(new(step, answer.Request.Name, commands, Known.Ok, answer.Version));
            return answer.Request;
        }
        catch (RpcException e)
        {
            Operations.Add(new(step, request, commands, IsNoAnswer(e) ? Known.Unknown : Known.Fail, 0));
            return null;
        }
    }

    /// <summary>Takes a step on the request as it stands.</summary>
    public async Task<MlaRequest?> Take(string persona, string request, Action<Act> step)
    {
        var seen = await Read(persona, (requests, options) => requests.GetRequestAsync(new() { Name = request }, options));
        return await Take(persona, seen, step);
    }

    /// <summary>Takes a step on the request as it was seen.</summary>
    public Task<MlaRequest?> Take(string persona, MlaRequest seen, Action<Act> step)
    {
        var act = new Act { Request = seen.Name, Etag = seen.Etag };
        step(act);
        return Give(persona, act.StepCase.ToString(), seen.Name, (officer, command, options) =>
        {
            act.CommandId = command.ToString();
            return officer.Requests.TakeStepAsync(officer.Signed(act), options);
        });
    }

    /// <summary>Asks until it is answered.</summary>
    public Task<T> Read<T>(string persona, Func<Registry, CallOptions, AsyncUnaryCall<T>> call) =>
        UntilAnswered(persona, (officer, options) => call(officer.Requests, options), again: () => { });

    public void Dispose()
    {
        foreach (var officer in officers.Values)
            officer.Dispose();
    }

    async Task<T> UntilAnswered<T>(string persona, Func<Officer, CallOptions, AsyncUnaryCall<T>> call, Action again)
    {
        var began = TimeProvider.System.GetTimestamp();
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            var officer = OfficerAt(persona, Interlocked.Increment(ref next) % exchange.Replicas("requests").Count);
            try
            {
                return await call(officer, new(deadline: (TimeProvider.System.GetUtcNow() + Deadline).UtcDateTime));
            }
            catch (RpcException e) when (IsNoAnswer(e) && TimeProvider.System.GetElapsedTime(began) < Patience)
            {
                Interlocked.Increment(ref Repeats);
                again();
                await pause.WaitForNextTickAsync();
            }
            catch (RpcException e)
            {
                if (e.StatusCode is StatusCode.Internal or StatusCode.Unknown or StatusCode.DataLoss)
                    Surprises.Add($"{e.StatusCode}: {e.Status.Detail}");
                throw;
            }
        }
    }

    Officer OfficerAt(string persona, int replica) =>
        officers.GetOrAdd((persona, replica), key => exchange.Officer(key.Persona, key.Replica));

    /// <summary>It may have been done all the same. What broke on the way has its cause with it; what a service said has none.</summary>
    static bool IsNoAnswer(RpcException e) => e.Status.DebugException is not null
        || e.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Cancelled or StatusCode.ResourceExhausted;
}
