using Exchange.Contracts;
using Exchange.Requests.V1;

namespace Exchange.Client;

/// <summary>
/// Whether an entry of the journal says what the officer signed. It needs no key but the public one of his certificate, and so can be asked
/// by whoever reads the journal, also after the request's key was destroyed.
/// </summary>
public static class SignedActs
{
    /// <summary>What is wrong with an entry; null where it says what was signed, or binds nobody and is not signed.</summary>
    public static string? Fault(JournalEntry entry)
    {
        if (entry.Step is StepCode.Remind)
            return RungSigning.Fault(entry);
        if (entry.Signature is null && BindingActs.Binds(entry))
            return "it binds a state, and no officer signed it";
        if (entry.Statement.IsEmpty)
            return entry.Signature is null ? null : "it carries a signature over nothing";
        if (CanonicalBytes.Read(entry.Statement.Span, ActStatement.Parser) is not { Act: { } act } statement)
            return "what its officer said cannot be read";
        if (act.Code() != entry.Step || act.CommandId != entry.CommandId || act.Etag != $"\"{entry.Version - 1}\""
            || !IsOf(act.Request, entry))
            return "it is not what its officer said: request, version or step";
        if (entry.Signature is { } signature && ActSigning.Fault(signature, entry.Statement, entry.Actor) is { } fault)
            return fault;
        if (!StatedSteps.Fit(statement, entry))
            return "its steps are not what its officer said";
        return StatedFacts.Follow(entry) ? null : "its facts are not what its officer said";
    }

    // An officer may name a request by its uuid or by its reference.
    static bool IsOf(string request, JournalEntry entry) =>
        request == entry.Aggregate || request == RequestId.Prefix + entry.Facts?.Reference;
}
