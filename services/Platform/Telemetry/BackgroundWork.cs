using System.Diagnostics;

namespace Exchange.Platform;

/// <summary>
/// What a process does by itself. A look that finds nothing leaves no trace, for nobody begins one (<see cref="RootSampler"/>);
/// work that was found gets a root span of its own, linked to the calls that caused it.
/// </summary>
public static class BackgroundWork
{
    /// <summary>A span that took in the work of a million calls could not be shown with all of them.</summary>
    const int MostLinks = 32;

    static readonly ActivitySource Source = SemanticConventions.Source("Exchange.Background");

    /// <summary>Whether anybody listens; otherwise nothing need be asked for a span.</summary>
    public static bool IsTraced => Source.HasListeners();

    /// <summary>Begins the span; null when nobody listens.</summary>
    /// <param name="name">What is done, such as <c>seal journal</c>.</param>
    public static Activity? Begin(string name)
    {
        // Whatever called this, the work belongs to no call.
        Activity.Current = null;
        return Source.StartActivity(name, ActivityKind.Internal, parentContext: default);
    }

    /// <summary>Links the span to the calls, each once; what is no W3C context is passed over.</summary>
    public static Activity? LinkTo(this Activity? work, IEnumerable<string?> traceParents)
    {
        if (work is null)
            return null;
        var known = work.Links.Select(link => link.Context.SpanId).ToHashSet();
        foreach (var traceParent in traceParents)
        {
            if (known.Count < MostLinks && ActivityContext.TryParse(traceParent, null, isRemote: true, out var call)
                && known.Add(call.SpanId))
                work.AddLink(new(call));
        }
        return work;
    }
}
