using System.Reflection;

namespace Exchange.Platform;

/// <summary>The version of this build, for status and telemetry.</summary>
public static class BuildVersion
{
    /// <summary>As the build wrote it, commit included.</summary>
    public static string Current { get; } =
        Assembly.GetEntryAssembly()?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
