using Exchange.Requests.V1;

namespace Exchange.Contracts;

/// <summary>
/// A request is as <see cref="Facts"/> says, as of <see cref="Version"/>. Cumulative: a consumer writes it where its own
/// version is lower, so that duplicates, reordering and replays change nothing. Holds no personal data.
/// </summary>
/// <param name="Request">Resource name, <c>requests/{uuid}</c>.</param>
/// <param name="Version">Version of the request, from 1; the same as in the facts.</param>
/// <param name="Facts">Everything known; in JSON by protobuf's own mapping.</param>
public sealed record RequestChanged(string Request, int Version, RequestFacts Facts);
