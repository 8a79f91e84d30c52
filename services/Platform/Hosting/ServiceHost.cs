using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Exchange.Platform;

/// <summary>The name a service goes by: in its certificate, its queues, its telemetry.</summary>
public sealed record ServiceName(string Value);

/// <summary>What every service is made of: two ports, identity, database, ledger, bus, telemetry, health.</summary>
public static class ServiceHost
{
    /// <summary>The builder with the platform in it.</summary>
    /// <param name="roles">The roles that a caller's certificate may give, see <see cref="Caller.Role"/>.</param>
    public static WebApplicationBuilder Create(
        string[] args, string name, IReadOnlyList<string> roles, IReadOnlyList<StateTable> tables, Action<BusContracts> bus)
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
        builder.AddDatabase(name);
        builder.AddLedger(tables);
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
    /// Applies migrations, and unless that was all (<c>migrate</c>), serves until told to stop, or with the argument
    /// <c>quarantine</c> tries the service's dead letters. After a restore that copied files and so kept the database's identity,
    /// <c>restored</c> says that it is a copy, and does only that.
    /// </summary>
    public static async Task Run(
        WebApplicationBuilder builder, string[] args, Action<WebApplication> map, Func<WebApplication, Task>? migrate = null)
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
        var assemblies = new[] { typeof(ServiceHost).Assembly, Assembly.GetEntryAssembly()! };
        await app.Services.GetRequiredService<Migrations>().Apply(assemblies, "Migrations", app.Lifetime.ApplicationStopping);
        await (migrate?.Invoke(app) ?? Task.CompletedTask);
        var history = app.Services.GetRequiredService<DatabaseHistory>();
        if (args.Contains("restored"))
            await history.MarkAsCopy(app.Lifetime.ApplicationStopping);
        if (args.Contains("migrate") || args.Contains("restored"))
            return;
        await history.Recognise(app.Lifetime.ApplicationStopping);
        await app.RunAsync();
    }

    /// <summary>Seals the journal; needs a <see cref="ComposeCheckpoint"/>.</summary>
    public static IServiceCollection AddSealer(this IServiceCollection services) => services.AddHostedService<Sealer>();

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

    static void AddDatabase(this WebApplicationBuilder builder, string name)
    {
        var connection = builder.Configuration.GetConnectionString("Database")
            ?? throw new InvalidOperationException("ConnectionStrings:Database is not set: the PostgreSQL database of this service.");
        builder.Services.AddNpgsqlDataSource(connection, source =>
        {
            source.Name = name;
            source.ConnectionStringBuilder.ApplicationName = $"exchange-{name}";
            source.ConnectionStringBuilder.MaxAutoPrepare = 50;
            source.ConnectionStringBuilder.AutoPrepareMinUsages = 2;
            source.NameStatements();
        });
        builder.Services.AddSingleton<Database>();
        builder.Services.AddSingleton<Migrations>();
        builder.Services.AddSingleton<DatabaseHistory>();
        builder.Services.AddSingleton<ParkedMessageStore>();
        builder.Services.AddSingleton<Outbox>();
    }

    static void AddLedger(this WebApplicationBuilder builder, IReadOnlyList<StateTable> tables)
    {
        var services = builder.Services;
        services.AddSingleton<AppendedSignal>().AddSingleton<SealedSignal>();
        services.AddSingleton<OutboxQueue>();
        services.AddSingleton(sp => new MessageSigner(
            sp.GetRequiredService<ServiceName>().Value, () => sp.GetRequiredService<ServiceCertificate>().Current));
        services.AddSingleton<Journal>();
        services.AddSingleton<Positions>();
        services.AddSingleton<OperatorJournal>();
        services.AddSingleton(sp => ActivatorUtilities.CreateInstance<Ledger>(sp, tables));
        services.AddSingleton<CommandHandler>();
        services.AddSingleton<DatabaseHistoryWatch>();
        services.AddHostedInEveryProcess<Ledger>().AddHostedInEveryProcess<DatabaseHistoryWatch>();
    }
}
