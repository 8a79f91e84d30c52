namespace Exchange.Testing;

/// <summary>What a user may do at the broker, as <c>deploy/broker/permissions.txt</c> says; regular expressions over names.</summary>
public sealed record BrokerPermissions(string User, string Configure, string Write, string Read)
{
    /// <summary>Every user of the file.</summary>
    public static IReadOnlyList<BrokerPermissions> All { get; } =
    [
        .. from line in File.ReadLines(Repository.PathOf("deploy/broker/permissions.txt"))
           where line.Length > 0 && !line.StartsWith('#')
           let words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
           select new BrokerPermissions(words[0], words[1], words[2], words[3]),
    ];
}
