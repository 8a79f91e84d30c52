using System.Diagnostics;

namespace Exchange.Platform;

/// <summary>
/// The version of OpenTelemetry's semantic conventions that names and attributes of our spans follow. A library that still
/// follows an older one is translated where its spans leave the process; see <see cref="SpanNames"/>.
/// </summary>
public static class SemanticConventions
{
    /// <summary>The address of the version's schema, as sources state it.</summary>
    public const string SchemaUrl = "https://opentelemetry.io/schemas/1.45.0";

    /// <summary>A source of our own spans.</summary>
    /// <param name="name">Begins with <c>Exchange.</c>, which is how the exporters find it.</param>
    public static ActivitySource Source(string name) =>
        new(new ActivitySourceOptions(name) { Version = BuildVersion.Current, TelemetrySchemaUrl = SchemaUrl });
}
