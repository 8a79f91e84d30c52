using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Exchange.Platform;

/// <summary>
/// Signs the messages of a service with the key of its certificate, a whole group by one signature: a signature takes as long as some
/// hundred hashes. The leaf of a message is hashed by the call that brings it, the rest by the writer of its group.
/// </summary>
/// <remarks>
/// A group is signed before it is known which of its rows win. The message of one that loses was signed and is sent nowhere: its proof is
/// dropped with it, and of its leaf no more than a hash stands in the proofs of its neighbours. Did it get out all the same, it would say
/// a version that another message says too or that the journal lacks; and a consumer follows the journal.
/// </remarks>
/// <param name="service">The service's name, such as <c>requests</c>.</param>
/// <param name="certificate">Its certificate with the key; asked for each time, so that a renewed one signs from then on.</param>
public sealed class MessageSigner(string service, Func<X509Certificate2> certificate)
{
    readonly Lock gate = new();
    (X509Certificate2 Of, ECDsa Key, byte[] Id, byte[] Certificate)? signing;

    /// <summary>The message's leaf in the tree of its group.</summary>
    internal byte[] LeafOf(OutboxMessage message) => GroupProof.LeafOf(service, message.Type, message.Id, message.Body);

    /// <summary>Signs messages that nobody hashed before.</summary>
    public IReadOnlyList<OutboxMessage> Sign(IReadOnlyList<OutboxMessage> group) =>
        SignHashed([.. group.Select(message => (message, LeafOf(message)))]);

    /// <summary>Signs a group.</summary>
    /// <returns>The same messages in the same order, each with its proof.</returns>
    /// <exception cref="CryptographicException">The certificate has no EC key on P-256.</exception>
    internal IReadOnlyList<OutboxMessage> SignHashed(IReadOnlyList<(OutboxMessage Message, byte[] Leaf)> group)
    {
        if (group.Count == 0)
            return [];
        var (root, paths) = MerkleTree.Prove([.. group.Select(one => one.Leaf)]);
        var signed = GroupProof.SignedBytes(service, group.Count, root);
        byte[] signature, id, own;
        // An OpenSSL key may be used by one thread at a time.
        lock (gate)
        {
            var current = Current();
            (signature, id, own) = (current.Key.SignData(signed, HashAlgorithmName.SHA256), current.Id, current.Certificate);
        }
        return
        [
            .. group.Select((one, i) => one.Message with
            {
                Proof = new(new GroupProof(i, group.Count, root, paths[i], signature).ToBytes(), id, own),
            }),
        ];
    }

    (X509Certificate2 Of, ECDsa Key, byte[] Id, byte[] Certificate) Current()
    {
        var current = certificate();
        if (signing is { } known && known.Of == current)
            return known;
        var key = current.GetECDsaPrivateKey();
        if (key is not { KeySize: 256 })
        {
            throw new CryptographicException(
                "Identity:Key: messages are signed with an EC key (P-256), and this certificate has another.");
        }
        signing?.Key.Dispose();
        var renewed = (current, key, SHA256.HashData(current.RawData), current.RawData);
        signing = renewed;
        return renewed;
    }
}
