using System.Diagnostics;
using System.Text.Json.Serialization;
using Exchange.Requests.V1;

namespace Exchange.Contracts;

/// <summary>
/// A request is as <see cref="Facts"/> says, as of <see cref="Version"/>. Cumulative: a consumer writes it where its own
/// version is lower, so that duplicates, reordering and replays change nothing. Holds no personal data.
/// </summary>
/// <param name="Request">Resource name, <c>requests/{uuid}</c>.</param>
/// <param name="Version">Version of the request, from 1; the same as in the facts.</param>
/// <param name="Facts">Everything known; in JSON by protobuf's own mapping.</param>
public sealed record RequestChanged(string Request, int Version, RequestFacts Facts)
{
    /// <summary>
    /// The entry of the journal behind the event, for a consumer that needs its steps. Null where the event came from the broker: it is
    /// no part of the message.
    /// </summary>
    [JsonIgnore]
    public JournalEntry? Entry { get; init; }

    /// <summary>All that a span may say of it: the opaque id and the two states, never a reference or a case number.</summary>
    public void Describe(Activity span) => span.SetTag("exchange.request", Request)
        .SetTag("exchange.requesting_state", Facts.RequestingState).SetTag("exchange.requested_state", Facts.RequestedState);

    /// <summary>The event that a journal entry stands behind; null for an entry that changed no request, such as a disclosure.</summary>
    public static RequestChanged? From(JournalEntry entry) =>
        entry.Facts is null ? null : new(entry.Facts.Request, entry.Facts.Version, entry.Facts);
}
