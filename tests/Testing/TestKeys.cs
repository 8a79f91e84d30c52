using System.Security.Cryptography;
using Exchange.Platform;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Exchange.Testing;

/// <summary>Keys as a service has them, for tests that put its parts together themselves.</summary>
public static class TestKeys
{
    /// <summary>A service key that nobody had before.</summary>
    public static ServiceKey NewServiceKey()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        try
        {
            return ServiceKeyIn(file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>The service key in a file, and one beside it while keys are rotated.</summary>
    public static ServiceKey ServiceKeyIn(string file, string? second = null) =>
        new(Options.Create(new KeysOptions { ServiceKey = file, SecondServiceKey = second }));

    /// <summary>The keyring in a migrated database, with these purposes beside those of the platform.</summary>
    public static async Task<Keyring> KeyringIn(NpgsqlDataSource store, ServiceKey serviceKey, params IEnumerable<KeyPurpose> purposes)
    {
        var keyring = new Keyring(serviceKey, store,
            purposes.Concat([EntryMac.Key, new(StateMac.Purpose), new(CommandDigest.Purpose)]).Distinct());
        await keyring.Load(CancellationToken.None);
        return keyring;
    }

    /// <summary>Reads state tables as the service does.</summary>
    public static StateRows StateRows(Database database, Keyring keyring, IStateRebuild? rebuild = null) => new(
        database, new(database, new(keyring)), new(keyring), new(database, TimeProvider.System, NullLogger<RecordFindings>.Instance),
        rebuild);
}
