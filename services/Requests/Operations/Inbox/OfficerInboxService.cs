using Exchange.Platform;
using Exchange.Requests.V1;
using Microsoft.Extensions.Options;

namespace Exchange.Requests;

/// <summary>The gRPC service of the officers' inbox: each rpc has a file of its own beside this one.</summary>
sealed partial class OfficerInboxService(
    InboxStore inbox, InboxNews news, IOptions<InboxOptions> options, IHostApplicationLifetime lifetime, TimeProvider time)
    : OfficerInbox.OfficerInboxBase
{
    // A number from elsewhere, or from before a backup was restored, would silently pass over what comes until then.
    static Violation AheadOfAll(string field) =>
        new(field, "lies ahead of everything sealed here; ask from the beginning, for the number is not from this journal.");
}
