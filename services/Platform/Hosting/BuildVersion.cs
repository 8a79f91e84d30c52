using System.Reflection;

namespace Exchange.Platform;

/// <summary>The version of this build, for status and telemetry.</summary>
public static class BuildVersion
{
    /// <summary>The informational version of the entry assembly, commit included; <c>unknown</c> where the build wrote none.</summary>
    public static string Current { get; } =
        Assembly.GetEntryAssembly()?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
