using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Exchange.Platform;

/// <summary>The name a service goes by: in its certificate, its queues, its telemetry.</summary>
public sealed record ServiceName(string Value);

/// <summary>What every service is made of: two ports, identity, database, ledger, bus, telemetry, health.</summary>
public static class ServiceHost
{
    /// <summary>Name of the database that holds the journal.</summary>
    const string Main = "Database";

    /// <summary>The builder with the platform in it.</summary>
    /// <param name="roles">The roles that a caller's certificate may give, see <see cref="Caller.Role"/>.</param>
    /// <param name="tables">What the ledger keeps up to date; with any, an <see cref="IStateRebuild"/> is among the services.</param>
    /// <param name="keyDatabase">Name of a database apart for the keyring and other keys; null where they stand beside the journal.</param>
    public static WebApplicationBuilder Create(
        string[] args, string name, IReadOnlyList<string> roles, IReadOnlyList<StateTable> tables, Action<BusContracts> bus,
        string? keyDatabase = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        var services = builder.Services;
        // Secrets of containers come as files, one a setting, named like the variables.
        builder.Configuration.AddKeyPerFile("/run/secrets", optional: true);
        builder.Logging.ClearProviders().AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "HH:mm:ss.fff ";
        });
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter("Npgsql", LogLevel.Warning);
        // It repeats what refusals tell the caller, and those may name a reference; the error interceptor logs the reason alone.
        builder.Logging.AddFilter("Grpc", LogLevel.Warning);
        services.AddSingleton(new ServiceName(name));
        services.AddSingleton(TestingClock.From(builder.Configuration, builder.Environment));
        services.AddSingleton(Failpoints.From(builder.Configuration, builder.Environment));
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(20));
        services.AddIdentity(roles);
        services.AddOptionsOf<GrpcOptions>(GrpcOptions.Section).AddOptionsOf<ProbeOptions>(ProbeOptions.Section)
            .AddOptionsOf<LedgerOptions>(LedgerOptions.Section).AddOptionsOf<OutboxOptions>(OutboxOptions.Section)
            .AddOptionsOf<BusOptions>(BusOptions.Section).AddOptionsOf<InstallationOptions>(InstallationOptions.Section)
            .AddOptionsOf<TelemetryOptions>(TelemetryOptions.Section);
        builder.AddPorts(!Quarantine.IsAsked(args));
        Assembly[] assemblies = [typeof(ServiceHost).Assembly, Assembly.GetEntryAssembly()!];
        builder.AddDatabase(new(Main, keyDatabase is null ? ["Migrations", "KeyMigrations"] : ["Migrations"], assemblies), source =>
        {
            source.Name = name;
            source.ConnectionStringBuilder.ApplicationName = $"exchange-{name}";
            source.ConnectionStringBuilder.MaxAutoPrepare = 50;
            source.ConnectionStringBuilder.AutoPrepareMinUsages = 2;
        });
        services.AddSingleton(provider => provider.GetRequiredKeyedService<NpgsqlDataSource>(Main));
        services.AddSingleton<Database>().AddSingleton<DatabaseHistory>().AddSingleton<ParkedMessageStore>().AddSingleton<Outbox>();
        if (keyDatabase is not null)
            builder.AddDatabase(new(keyDatabase, ["KeyMigrations"], assemblies));
        services.AddKeys(keyDatabase ?? Main);
        services.AddLedger(tables);
        var contracts = new BusContracts(services);
        bus(contracts);
        builder.AddBus(contracts);
        // After the bus, and so stopped before it: what is published then must still be confirmed.
        services.AddHostedService<OutboxDispatcher>();
        services.AddHealth(Quarantine.IsAsked(args));
        services.AddAdmission();
        services.AddSingleton<OfferedServices>();
        services.AddGrpc(grpc =>
        {
            grpc.CompressResponses();
            grpc.Interceptors.Add<ErrorInterceptor>();
            grpc.Interceptors.Add<AllowInterceptor>();
        });
        services.AddOptions<Grpc.AspNetCore.Server.GrpcServiceOptions>().Configure<IOptions<GrpcOptions>>((grpc, options) =>
            grpc.MaxReceiveMessageSize = options.Value.MaxMessageBytes);
        return builder;
    }

    /// <summary>
    /// Serves until told to stop, or with the argument <c>quarantine</c> tries the service's dead letters, on databases that are migrated.
    /// Three arguments make it do one thing only: <c>migrate</c> migrates them, as their owner; <c>rotate-keys</c> wraps every key by a new
    /// service key; and after a restore that copied files and so kept the database's identity, <c>restored</c> says that it is a copy.
    /// </summary>
    public static async Task Run(WebApplicationBuilder builder, string[] args, Action<WebApplication> map)
    {
        if (Quarantine.IsAsked(args))
            builder.Services.KeepQuarantine();
        builder.AddTelemetry(NameOf(builder.Services));
        await using var app = builder.Build();
        app.UseCaller().UseAdmission().UseResponseCompressionAsAsked();
        app.MapHealth();
        app.MapGrpcService<HealthService>();
        app.MapGrpcService<ReflectionService>();
        app.MapGrpcService<ParkedMessagesService>();
        map(app);
        var (stop, log) = (app.Lifetime.ApplicationStopping, app.Services.GetRequiredService<ILogger<Migrations>>());
        var databases = app.Services.GetServices<ServiceDatabase>().ToList();
        if (args.Contains("migrate"))
        {
            foreach (var database in databases)
                await database.Migrate(app.Configuration, log, stop);
            return;
        }
        foreach (var database in databases)
            await database.EnsureServable(app.Services.GetRequiredKeyedService<NpgsqlDataSource>(database.Name), log, stop);
        var history = app.Services.GetRequiredService<DatabaseHistory>();
        if (args.Contains("restored"))
        {
            await history.MarkAsCopy(stop);
            return;
        }
        if (args.Contains("rotate-keys"))
        {
            await app.Services.GetRequiredService<KeyRotation>().Run(stop);
            return;
        }
        await app.Services.GetRequiredService<Keyring>().Load(stop);
        await history.Recognise(stop);
        await app.RunAsync();
    }

    /// <summary>Seals the journal, and signs its heads.</summary>
    public static IServiceCollection AddSealer(this IServiceCollection services) => services
        .AddOptionsOf<CheckpointOptions>(CheckpointOptions.Section).AddSingleton<CheckpointSigner>().AddHostedService<Sealer>();

    /// <summary>Options of one section, validated at start; a bad value stops the service with the name of the setting.</summary>
    public static IServiceCollection AddOptionsOf<T>(this IServiceCollection services, string section)
        where T : class
    {
        services.AddOptions<T>().BindConfiguration(section).ValidateDataAnnotations().ValidateOnStart();
        return services;
    }

    internal static string NameOf(IServiceCollection services) =>
        ((ServiceName)services.Single(s => s.ServiceType == typeof(ServiceName)).ImplementationInstance!).Value;

    static void AddPorts(this WebApplicationBuilder builder, bool serves) => builder.WebHost.ConfigureKestrel((context, kestrel) =>
    {
        var grpc = context.Configuration.GetSection(GrpcOptions.Section).Get<GrpcOptions>() ?? new();
        var probe = context.Configuration.GetSection(ProbeOptions.Section).Get<ProbeOptions>() ?? new();
        kestrel.AddServerHeader = false;
        kestrel.Limits.Http2.MaxStreamsPerConnection = 256;
        kestrel.Limits.MinRequestBodyDataRate = null; // A long stream may well pause.
        if (serves)
            kestrel.Listen(grpc.IpAddress, grpc.Port, listen => listen.UseIdentity());
        kestrel.Listen(probe.IpAddress, probe.Port, listen => listen.Protocols = HttpProtocols.Http1);
    });

    // Its connections are the data source with its name as key.
    static void AddDatabase(
        this WebApplicationBuilder builder, ServiceDatabase database, Action<NpgsqlDataSourceBuilder>? configure = null) =>
        builder.Services.AddSingleton(database).AddNpgsqlDataSource(database.Serving(builder.Configuration), source =>
        {
            configure?.Invoke(source);
            source.NameStatements();
        }, serviceKey: database.Name);

    static void AddKeys(this IServiceCollection services, string database)
    {
        services.AddOptionsOf<KeysOptions>(KeysOptions.Section).AddSingleton<ServiceKey>()
            .AddSingleton(EntryMac.Key).AddSingleton(new KeyPurpose(StateMac.Purpose))
            .AddSingleton(new KeyPurpose(CommandDigest.Purpose)).AddSingleton(OperatorJournal.Texts)
            .AddSingleton<CommandDigest>();
        services.AddSingleton(sp => ActivatorUtilities.CreateInstance<Keyring>(sp, sp.GetRequiredKeyedService<NpgsqlDataSource>(database)));
        services.AddSingleton(sp => ActivatorUtilities.CreateInstance<KeyRotation>(
            sp, sp.GetRequiredKeyedService<NpgsqlDataSource>(database)));
        services.AddSingleton<KeyringRefresh>().AddHostedInEveryProcess<KeyringRefresh>();
    }

    static void AddLedger(this IServiceCollection services, IReadOnlyList<StateTable> tables)
    {
        services.AddSingleton<AppendedSignal>().AddSingleton<SealedSignal>();
        services.AddSingleton<OutboxQueue>();
        services.AddSingleton(sp => new MessageSigner(
            sp.GetRequiredService<ServiceName>().Value, () => sp.GetRequiredService<ServiceCertificate>().Current));
        services.AddSingleton<Journal>();
        services.AddSingleton<Positions>().AddSingleton<CheckpointVerifier>();
        services.AddSingleton<OperatorJournal>();
        services.AddSingleton<EntryMac>().AddSingleton<StateMac>().AddSingleton<StateRows>().AddSingleton<RecordFindings>();
        services.AddSingleton(sp => ActivatorUtilities.CreateInstance<Ledger>(sp, tables));
        services.AddHostedService(sp => ActivatorUtilities.CreateInstance<RecordAudit>(sp, tables));
        services.AddSingleton<CommandHandler>();
        services.AddSingleton<DatabaseHistoryWatch>();
        services.AddHostedInEveryProcess<Ledger>().AddHostedInEveryProcess<DatabaseHistoryWatch>();
    }
}
