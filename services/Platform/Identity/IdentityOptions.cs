using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Exchange.Platform;

/// <summary>Section <c>Identity</c>. A bad value stops the service at start, with the name of the setting.</summary>
public sealed class IdentityOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Identity";

    /// <summary>PEM file with this service's certificate; its subject alternative name says <c>exchange://service/NAME</c>.</summary>
    [Required]
    public string Certificate { get; init; } = "";

    /// <summary>PEM file with the unencrypted private key of the certificate.</summary>
    [Required]
    public string Key { get; init; } = "";

    /// <summary>Folder with <c>STATE.pem</c> for each state and <c>service.pem</c>.</summary>
    [Required]
    public string Anchors { get; init; } = "";

    /// <summary>
    /// Folder with <c>STATE.crl</c> and <c>service.crl</c>. When unset, revoked certificates are not noticed; when set,
    /// an anchor without a valid list lets nobody in.
    /// </summary>
    public string? RevocationLists { get; init; }
}

/// <summary>Gives a service its identity.</summary>
public static class IdentityRegistration
{
    /// <summary>Adds <see cref="ServiceCertificate"/> and <see cref="TrustAnchors"/>, from the section Identity.</summary>
    /// <param name="roles">The roles that an officer may have.</param>
    public static IServiceCollection AddIdentity(this IServiceCollection services, IReadOnlyList<string> roles)
    {
        services.AddOptions<IdentityOptions>().BindConfiguration(IdentityOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IValidateOptions<IdentityOptions>, IdentityFiles>();
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<IdentityOptions>>().Value;
            return new ServiceCertificate(options.Certificate, options.Key, provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<ServiceCertificate>>());
        });
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<IdentityOptions>>().Value;
            return new TrustAnchors(options.Anchors, options.RevocationLists, roles, provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<TrustAnchors>>());
        });
        return services;
    }
}

/// <summary>Reads every file once at start: a wrong path shall stop the service, not refuse its callers one by one.</summary>
sealed class IdentityFiles : IValidateOptions<IdentityOptions>
{
    public ValidateOptionsResult Validate(string? name, IdentityOptions options)
    {
        var faults = new List<string>();
        foreach (var (setting, path) in new[] { ("Certificate", options.Certificate), ("Key", options.Key) })
            if (path.Length > 0 && !File.Exists(path))
                faults.Add($"Identity:{setting}: there is no file {path}.");
        if (options.Anchors.Length > 0 && !File.Exists(Path.Combine(options.Anchors, "service.pem")))
            faults.Add($"Identity:Anchors: {options.Anchors} is not a folder with service.pem in it.");
        if (options.RevocationLists is { } lists && !Directory.Exists(lists))
            faults.Add($"Identity:RevocationLists: there is no folder {lists}.");
        if (faults.Count == 0)
            faults.AddRange(Unreadable(options));
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    static IEnumerable<string> Unreadable(IdentityOptions options)
    {
        // Empty settings are reported by their [Required]; opening them here would only repeat it less well.
        if (options.Certificate.Length > 0 && options.Key.Length > 0
            && Fault(() => X509Certificate2.CreateFromPemFile(options.Certificate, options.Key).Dispose()) is { } own)
            yield return $"Identity:Certificate and Identity:Key do not hold a certificate in PEM with its key: {own}";
        if (options.Anchors.Length == 0)
            yield break;
        foreach (var file in Directory.EnumerateFiles(options.Anchors, "*.pem"))
            if (Fault(() => _ = new Anchor(file, null, (_, _) => { })) is { } fault)
                yield return $"Identity:Anchors: {file} cannot be read: {fault}";
    }

    static string? Fault(Action read)
    {
        try
        {
            read();
            return null;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }
}
