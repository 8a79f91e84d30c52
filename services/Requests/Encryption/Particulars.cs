using System.Security.Cryptography;
using Exchange.Contracts;
using Exchange.Requests.V1;
using Google.Protobuf;

namespace Exchange.Requests;

/// <summary>What is known of requests, cases and readings in words, and is kept as ciphertext.</summary>
static class Particulars
{
    /// <summary>What was encrypted for a purpose; an empty message where there is nothing, or where it was erased.</summary>
    /// <param name="key">The key of the request or case; null when it was destroyed.</param>
    public static T Read<T>(this RequestKey? key, string purpose, ByteString stored, MessageParser<T> parser)
        where T : IMessage<T>, new()
    {
        if (key is null || stored.IsEmpty)
            return new();
        try
        {
            return CanonicalBytes.Parse(key.Decrypt(purpose, stored.Span), parser);
        }
        catch (AuthenticationTagMismatchException)
        {
            // Hash and code of what holds it are verified before, so this was encrypted under a key that was destroyed: who worked on
            // an erased request later got a new one.
            return new();
        }
    }

    /// <summary>What the facts and the assignments of a request say in words.</summary>
    public static RequestParticulars Of(RequestFacts facts, IEnumerable<Assignment> assignments) => new()
    {
        CaseNumber = facts.CaseNumber, RequestingAuthority = facts.RequestingAuthority, Assignments = { assignments },
    };

    /// <summary>The facts with what their particulars say, as callers are shown them.</summary>
    public static RequestFacts With(this RequestFacts facts, RequestParticulars particulars) => new(facts)
    {
        CaseNumber = particulars.CaseNumber, RequestingAuthority = particulars.RequestingAuthority,
    };

    /// <summary>The facts as they are stored and published.</summary>
    public static RequestFacts Coded(this RequestFacts facts) => new(facts) { CaseNumber = "", RequestingAuthority = "" };
}
