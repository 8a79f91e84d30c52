using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Npgsql;

namespace Exchange.Platform;

/// <summary>
/// Says on the span of a statement what it does: operation and table. Only the text of the statement is looked at, which is
/// constant; its values are parameters and reach no span.
/// </summary>
public static partial class StatementSpans
{
    /// <summary>Statements are constants, but some are put together from parts; a bound keeps a mistake from filling the memory.</summary>
    const int MostKnown = 2_000;

    static readonly ConcurrentDictionary<string, StatementSummary> Known = [];

    /// <summary>Names the spans of everything that goes through the source; connecting and the first row get none of their own.</summary>
    public static NpgsqlDataSourceBuilder NameStatements(this NpgsqlDataSourceBuilder source) => source.ConfigureTracing(tracing => tracing
        .ConfigureCommandSpanNameProvider(command => Of(command.CommandText).Text)
        .ConfigureCommandEnrichmentCallback((span, command) => Describe(span, command.CommandText))
        .ConfigureCopyOperationSpanNameProvider(statement => Of(statement).Text)
        .ConfigureCopyOperationEnrichmentCallback(Describe)
        .EnableFirstResponseEvent(false)
        .EnablePhysicalOpenTracing(false));

    /// <summary>The first table that is written, or else the first that is read.</summary>
    internal static StatementSummary Of(string statement)
    {
        if (Known.TryGetValue(statement, out var known))
            return known;
        var summary = Read(statement);
        if (Known.Count < MostKnown)
            Known.TryAdd(statement, summary);
        return summary;
    }

    static StatementSummary Read(string statement)
    {
        if (Writes.Match(statement) is { Success: true } write)
            return new(write.Groups["operation"].Value, write.Groups["table"].Value);
        var first = FirstWord.Match(statement).Value.ToUpperInvariant();
        var read = Reads.Match(statement);
        return read.Success ? new("SELECT", read.Groups["table"].Value) : new(first, null);
    }

    static void Describe(Activity span, string statement)
    {
        var summary = Of(statement);
        span.SetTag("db.operation.name", summary.Operation).SetTag("db.query.summary", summary.Text);
        if (summary.Table is { } table)
            span.SetTag("db.collection.name", table);
    }

    // Not the UPDATE of FOR UPDATE or of DO UPDATE SET, which name no table.
    [GeneratedRegex(@"(?<!\b(FOR|KEY|DO) )\b"
        + @"((?<operation>INSERT) INTO|(?<operation>DELETE) FROM|(?<operation>UPDATE|COPY))\s+(ONLY\s+)?(?<table>[a-z_]\w*)")]
    static partial Regex Writes { get; }

    // Not a function, and not what stands within parentheses of its own.
    [GeneratedRegex(@"\b(FROM|JOIN)\s+(ONLY\s+)?(?<table>(?>[a-z_]\w*))(?!\s*\()")]
    static partial Regex Reads { get; }

    [GeneratedRegex(@"[A-Za-z]+")]
    static partial Regex FirstWord { get; }
}

/// <summary>What a statement does.</summary>
/// <param name="Operation">Such as <c>INSERT</c>.</param>
/// <param name="Table">To which table; null where it names none.</param>
sealed record StatementSummary(string Operation, string? Table)
{
    /// <summary>Operation and table, such as <c>INSERT journal</c>.</summary>
    public string Text { get; } = Table is null ? Operation : $"{Operation} {Table}";
}
