using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Exchange.Platform;

/// <summary>
/// A database of a service. Two roles reach it: <c>ConnectionStrings:NAME</c> is who serves, with grants only, and
/// <c>ConnectionStrings:NAMEOwner</c> is who owns database and tables; the argument <c>migrate</c> alone needs that one.
/// </summary>
/// <param name="Name">By which its connection strings are named.</param>
/// <param name="Folders">Of its migrations among the resources of the assemblies.</param>
/// <param name="Assemblies">Which bring migrations, in their order.</param>
public sealed record ServiceDatabase(string Name, IReadOnlyList<string> Folders, IReadOnlyList<Assembly> Assemblies)
{
    string Setting => $"ConnectionStrings:{Name}";

    /// <summary>The connection string of the serving role.</summary>
    /// <exception cref="InvalidOperationException">It is not set.</exception>
    public string Serving(IConfiguration configuration) => configuration.GetConnectionString(Name)
        ?? throw new InvalidOperationException($"{Setting} is not set: a database of this service, as the role that serves on it.");

    /// <summary>Applies migrations as the owner, and gives the serving role what it needs.</summary>
    /// <exception cref="InvalidOperationException">A setting is missing, or an applied migration has changed.</exception>
    public async Task Migrate(IConfiguration configuration, ILogger<Migrations> log, CancellationToken ct)
    {
        var owner = new NpgsqlConnectionStringBuilder(configuration.GetConnectionString(Name + "Owner")
            ?? throw new InvalidOperationException($"{Setting}Owner is not set: the database as the role that owns it, for migrate."));
        if (new NpgsqlConnectionStringBuilder(Serving(configuration)).Username is not { Length: > 0 } serving || serving == owner.Username)
            throw new InvalidOperationException($"{Setting} must name a role that serves, another than {Setting}Owner, which owns.");
        await using var source = NpgsqlDataSource.Create(owner);
        await new Migrations(source, log).Apply(Assemblies, Folders, ct, serving);
    }

    /// <summary>Returns where the service may be started: the tables are as this version knows them, and not the serving role's.</summary>
    /// <exception cref="InvalidOperationException">They are not; says what to run or to set.</exception>
    public async Task EnsureServable(NpgsqlDataSource serving, ILogger<Migrations> log, CancellationToken ct)
    {
        await new Migrations(serving, log).EnsureApplied(Assemblies, Folders, ct);
        await Grants.EnsureServing(new(serving), Setting, ct);
    }
}
