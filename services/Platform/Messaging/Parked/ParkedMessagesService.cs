using System.Text;
using System.Text.Json;
using Exchange.Operations.V1;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace Exchange.Platform;

/// <summary>The messages this service has set aside, for the operators of the installation.</summary>
sealed class ParkedMessagesService(
    ParkedMessageStore parked, OperatorJournal journal, CommandDigest digests, IEnumerable<MessageReplay> replays,
    IOptions<InstallationOptions> installation)
    : ParkedMessages.ParkedMessagesBase
{
    const int UsualPage = 100;
    const int LongestJustification = 1_000;

    /// <summary>
    /// A message that killed the service when it was replayed is parked again by the next try, and does not kill another.
    /// </summary>
    const int DeadlyAfter = 1;

    [Allow(Caller.OperatorRole)]
    public override async Task<ListParkedResponse> ListParked(ListParkedRequest request, ServerCallContext context)
    {
        installation.Value.AdmitOwn(context.Caller());
        List<Violation> faults = [];
        var size = PageSize.Of(request.PageSize, UsualPage, fault => faults.Add(new("page_size", fault)));
        if (!ParkedMessageStore.TryRead(request.PageToken, out var after))
            faults.Add(new("page_token", "is not one that this list was answered with."));
        if (faults.Count > 0)
            throw Refusal.Invalid(faults);
        var messages = await parked.List(after, size + 1, context.CancellationToken);
        return new()
        {
            Messages = { messages.Take(size) },
            NextPageToken = messages.Count > size ? ParkedMessageStore.TokenAfter(messages[size - 1]) : "",
        };
    }

    [Allow(Caller.OperatorRole)]
    public override async Task<ParkedMessage> GetParked(GetParkedRequest request, ServerCallContext context)
    {
        installation.Value.AdmitOwn(context.Caller());
        return CommandIdentity.TryParseUuid(request.Id, out var id)
            ? await parked.Find(id, context.CancellationToken) ?? throw NotParked()
            : throw Refusal.Invalid([NoId("id")]);
    }

    [Allow(Caller.OperatorRole)]
    public override Task<ParkedAnswer> ReplayParked(ReplayParkedRequest request, ServerCallContext context) =>
        Handle("replay", request.Id, request.Justification, request.CommandId, Replay, context);

    [Allow(Caller.OperatorRole)]
    public override Task<ParkedAnswer> DiscardParked(DiscardParkedRequest request, ServerCallContext context) =>
        Handle("discard", request.Id, request.Justification, request.CommandId,
            (_, _) => Task.FromResult(new ParkedAnswer { Outcome = ParkedOutcome.Discarded }), context);

    /// <summary>
    /// Done first, then written down, then taken away: a death in between leaves the message parked, and the same command
    /// brings it to its end. Taking a message in twice changes nothing.
    /// </summary>
    async Task<ParkedAnswer> Handle(
        string verb, string message, string justification, string commandId,
        Func<ParkedMessage, CancellationToken, Task<ParkedAnswer>> act, ServerCallContext context)
    {
        var (caller, ct) = (context.Caller(), context.CancellationToken);
        installation.Value.AdmitOwn(caller);
        List<Violation> faults = [];
        if (!CommandIdentity.TryParseUuid(message, out var id))
            faults.Add(NoId("id"));
        if (!CommandIdentity.TryParseId(commandId, out var command))
            faults.Add(new("command_id", CommandIdentity.IdFault));
        if (justification.Trim().Length == 0 || justification.Length > LongestJustification)
            faults.Add(new("justification", $"is empty, or longer than {LongestJustification} characters."));
        if (faults.Count > 0)
            throw Refusal.Invalid(faults);

        var identity = digests.Identify(command, Encoding.UTF8.GetBytes($"{verb}\n{id}\n{caller}\n{justification}"));
        var (handled, texts) = await journal.Handle(identity, caller, id, async stop =>
        {
            var found = await parked.Find(id, stop) ?? throw NotParked();
            var answer = await act(found, stop);
            return new(
                new() { Message = found.Id, Type = found.Type, ParkedAt = found.ParkedAt, Tries = found.Tries, Outcome = answer.Outcome },
                new() { ParkedFor = found.Cause, Justification = justification, Cause = answer.Cause });
        }, ct);
        if (handled.Outcome is not ParkedOutcome.StillParked)
            await parked.Remove(handled, ct);
        return new() { Outcome = handled.Outcome, Cause = texts.Cause };
    }

    async Task<ParkedAnswer> Replay(ParkedMessage message, CancellationToken ct)
    {
        var replay = replays.FirstOrDefault(replay => replay.Type == message.Type)
            ?? throw new Refusal(RefusalKind.NotAllowedNow, "TYPE_NOT_TAKEN", $"This version of the service takes in no {message.Type}.");
        Exception? cause;
        try
        {
            cause = await replay.Replay(Guid.Parse(message.Id), message.Body.Memory, DeadlyAfter, ct);
        }
        catch (JsonException fault)
        {
            await parked.Park(Guid.Parse(message.Id), message.Type, message.Body.Memory, fault, ct);
            cause = fault;
        }
        catch (CalledServiceException away) when (away.StatusCode is not StatusCode.Cancelled)
        {
            throw new Refusal(RefusalKind.Unavailable, "JOURNAL_AWAY", "The journal that the message is in cannot be read now; try again.");
        }
        return cause is null
            ? new() { Outcome = ParkedOutcome.TakenIn }
            : new() { Outcome = ParkedOutcome.StillParked, Cause = ParkedMessageStore.TextOf(cause) };
    }

    static Refusal NotParked() => new(RefusalKind.NotFound, "NOT_PARKED", "No such message is parked here.");

    static Violation NoId(string field) => new(field, "is not the id of a message, a UUID.");
}
