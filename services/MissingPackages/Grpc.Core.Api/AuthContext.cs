using System.Text;

namespace Grpc.Core;

/// <summary>What the transport knows of the caller: with mutual TLS, the names in its certificate.</summary>
public class AuthContext
{
    readonly Dictionary<string, List<AuthProperty>> properties;

    public AuthContext(string? peerIdentityPropertyName, Dictionary<string, List<AuthProperty>> properties)
    {
        ArgumentNullException.ThrowIfNull(properties);
        PeerIdentityPropertyName = peerIdentityPropertyName;
        this.properties = properties;
    }

    public bool IsPeerAuthenticated => PeerIdentityPropertyName is not null;

    public string? PeerIdentityPropertyName { get; }

    public IEnumerable<AuthProperty> PeerIdentity =>
        PeerIdentityPropertyName is null ? [] : properties.GetValueOrDefault(PeerIdentityPropertyName) ?? [];

    public IEnumerable<AuthProperty> Properties => properties.Values.SelectMany(values => values);

    public IEnumerable<AuthProperty> FindPropertiesByName(string propertyName) => properties.GetValueOrDefault(propertyName) ?? [];
}

public class AuthProperty
{
    readonly byte[] bytes;

    AuthProperty(string name, byte[] bytes)
    {
        Name = name;
        this.bytes = bytes;
        Value = Encoding.UTF8.GetString(bytes);
    }

    public string Name { get; }

    public string Value { get; }

    public byte[] ValueBytes => [.. bytes];

    public static AuthProperty Create(string name, byte[] valueBytes)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(valueBytes);
        return new(name, [.. valueBytes]);
    }
}
