using System.Security.Cryptography;
using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Requests.V1;
using Exchange.Tracking.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Exchange.Tracking;

/// <summary>A rung as it is journalled, kept and told.</summary>
static class RungEntry
{
    public const string Prefix = "rungs/";

    public static Guid IdOf(TakenRung taken) => Guid.Parse(taken.Name.AsSpan(Prefix.Length));

    /// <summary>Tells a command from another under the same id. Without a key, for nothing in it is about a person.</summary>
    public static byte[] Digest(TakeRungRequest request, Caller caller)
    {
        var content = request.Clone();
        content.CommandId = "";
        return SHA256.HashData([.. System.Text.Encoding.ASCII.GetBytes(caller.State!), .. content.ToByteArray()]);
    }

    /// <summary>The entry, the row and the event of one rung.</summary>
    public static (Append Append, TakenRung Taken) Compose(
        TakeRungRequest request, IReadOnlyList<RungRequest> requests, Guid commandId, Caller caller, DateOnly today, DateTimeOffset now)
    {
        var id = Guid.CreateVersion7(now);
        // As finely as the table counts, or a page would not find its place again.
        var recordedAt = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
        var actor = new Actor { Identity = caller.ToString(), Certificate = caller.Thumbprint };
        var taken = new TakenRung
        {
            Name = Prefix + id,
            Partner = request.Partner,
            Rung = request.Rung,
            Requests = { requests },
            Letter = request.Letter,
            TakenOn = today.Text(),
            ConfirmedBy = actor.Identity,
            RecordedAt = recordedAt.ToTimestamp(),
        };
        var entry = new TrackingEntry
        {
            Aggregate = taken.Name,
            Version = 1,
            CommandId = commandId.ToString(),
            RecordedAt = taken.RecordedAt,
            Actor = actor,
            RungTaken = new()
            {
                RequestingState = caller.State,
                Partner = taken.Partner,
                Rung = taken.Rung,
                Requests = { requests.Select(r => r.Request) },
                References = { requests.Select(r => r.Reference) },
                Letter = taken.Letter,
                TakenOn = taken.TakenOn,
            },
        };
        return (new(id, 1, commandId, Digest(request, caller), CanonicalBytes.Of(entry), recordedAt,
            RungStore.Row(caller.State!, taken, requests.Select(r => RequestId(r.Request))),
            new RungConfirmed(taken.Name, taken.Rung, taken.TakenOn, [.. requests.Select(r => r.Request)], actor)), taken);

        static Guid RequestId(string name) => Guid.Parse(name.AsSpan("requests/".Length));
    }
}
