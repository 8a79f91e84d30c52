using System.Text;

namespace Exchange.System.Tests;

/// <summary>The spans of one trace, from its root down.</summary>
sealed class SpanTree
{
    readonly ILookup<string, CollectedSpan> children;

    SpanTree(CollectedSpan root, IReadOnlyList<CollectedSpan> spans)
    {
        (Root, Spans) = (root, spans);
        children = spans.ToLookup(span => span.Parent);
        var ids = spans.Select(span => span.Id).ToHashSet();
        Strays = [.. spans.Where(span => span != root && !ids.Contains(span.Parent))];
    }

    public CollectedSpan Root { get; }

    public IReadOnlyList<CollectedSpan> Spans { get; }

    /// <summary>Those whose parent was never sent.</summary>
    public IReadOnlyList<CollectedSpan> Strays { get; }

    public static SpanTree Of(string root, IReadOnlyList<CollectedSpan> spans)
    {
        var top = spans.Where(span => span.Is(root) && span.Parent.Length == 0).ToArray();
        top.Length.ShouldBe(1, $"One root {root} among {string.Join(", ", spans.Select(span => span.Title).Distinct())}");
        return new(top[0], [.. spans.Where(span => span.Trace == top[0].Trace)]);
    }

    /// <summary>The spans one reaches by going down from the root along these titles, which may leave out spans in between.</summary>
    public IReadOnlyList<CollectedSpan> Along(params IReadOnlyList<string> titles)
    {
        IReadOnlyList<CollectedSpan> reached = [Root];
        foreach (var title in titles)
        {
            reached = [.. reached.SelectMany(Below).Where(span => span.Is(title)).Distinct()];
            reached.ShouldNotBeEmpty($"Nothing leads along {string.Join(" > ", titles)}: no {title}.\n{this}");
        }

        return reached;
    }

    public IEnumerable<CollectedSpan> Below(CollectedSpan span) => children[span.Id].SelectMany(child => Below(child).Prepend(child));

    /// <summary>The whole tree, for people; equal branches are drawn once and counted.</summary>
    public override string ToString()
    {
        var text = new StringBuilder().Append(Draw(Root, 0));
        foreach (var stray in Strays)
            text.Append("stray: ").Append(Draw(stray, 0));
        return text.ToString();
    }

    string Draw(CollectedSpan span, int depth) => new string(' ', 2 * depth) + span.Title + "\n" + string.Concat(
        from branch in children[span.Id].Select(child => Draw(child, depth + 1)).GroupBy(drawn => drawn)
        select branch.Count() == 1
            ? branch.Key : branch.Key.Insert(branch.Key.IndexOf('\n', StringComparison.Ordinal), $" x{branch.Count()}"));
}
