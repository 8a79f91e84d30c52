using Exchange.System.Tests.Otlp;

namespace Exchange.System.Tests;

/// <summary>A span as it arrived.</summary>
/// <param name="Service">Who sent it.</param>
/// <param name="Source">The activity source it comes from.</param>
/// <param name="Span">The rest.</param>
sealed record CollectedSpan(string Service, string Source, Span Span)
{
    public string Trace => Span.TraceId.ToBase64();

    public string Id => Span.SpanId.ToBase64();

    public string Parent => Span.ParentSpanId.ToBase64();

    public string Title => $"{Service} {Span.Name}";

    /// <summary>The tag's text or number; null without it.</summary>
    public string? this[string tag] => Span.Attributes.SingleOrDefault(attribute => attribute.Key == tag)?.Value is { } value
        ? value.HasStringValue ? value.StringValue : $"{value.IntValue}"
        : null;

    /// <summary>A title without the prefix that destinations have at a broker which is shared with others.</summary>
    public bool Is(string title) =>
        title == Title || (title.Split(' ') is [var service, var operation, var destination] && service == Service
            && Span.Name.StartsWith(operation + " ", StringComparison.Ordinal)
            && Span.Name.EndsWith(destination, StringComparison.Ordinal));

    public bool LinksTo(CollectedSpan other) => Span.Links.Any(link => link.SpanId.Equals(other.Span.SpanId));
}
