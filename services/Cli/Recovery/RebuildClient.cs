using Exchange.Requests.V1;
using Grpc.Core;
using Spectre.Console;

namespace Exchange.Cli;

/// <summary>Lets a service compare itself with the journal of Requests, and shows what it found.</summary>
static class RebuildClient
{
    /// <summary>Lets Tracking rebuild itself, and returns what was found over the whole run as one message.</summary>
    public static Task<RebuildProgress> Tracking(Session session, RebuildRequest question) =>
        session.Services.Tracking.Call(tracking => Listen(session, () => tracking.Rebuild(question, session.LongCallOptions())));

    /// <inheritdoc cref="Tracking" />
    public static Task<RebuildProgress> Correlation(Session session, RebuildRequest question) =>
        session.Services.Correlation.Call(correlation => Listen(session, () => correlation.Rebuild(question, session.LongCallOptions())));

    static Task<RebuildProgress> Listen(Session session, Func<AsyncServerStreamingCall<RebuildProgress>> begin) =>
        RebuildBar.Around(session, async bar =>
    {
        using var call = begin();
        var whole = new RebuildProgress();
        while (await call.ResponseStream.MoveNext(session.Stop))
        {
            var told = call.ResponseStream.Current;
            bar.Show(told);
            told.Differences.InsertRange(whole.Differences);
            told.Beyond.InsertRange(whole.Beyond);
            whole = told;
        }
        return whole.Done ? whole : throw new RpcException(new(StatusCode.Unavailable, "The stream ended before the rebuild did."));
    });

    static void InsertRange<T>(this Google.Protobuf.Collections.RepeatedField<T> field, IReadOnlyCollection<T> before)
    {
        var after = field.ToList();
        field.Clear();
        field.Add(before);
        field.Add(after);
    }

    /// <summary>The result in the format asked for.</summary>
    public static void Show(Session session, RebuildProgress found, string what)
    {
        if (session.Format == Format.Json)
        {
            Json.Write(session.Out, found);
            return;
        }
        if (session.Format == Format.Csv)
        {
            Csv.Write(session.Out, Columns, found.Differences);
            return;
        }
        foreach (var row in found.Differences.Take(20))
            session.Out.WriteLine($"  {row.Table}: {row.Request}{(row.Version > 0 ? $" version {row.Version}" : "")} {row.What}");
        if (found.RowsDiffered > 20)
            session.Out.WriteLine($"  … and {TextFormat.Thousands(found.RowsDiffered - 20)} more; --format csv shows up to 1,000.");
        session.Out.WriteLine($"{what}, compared with the journal of Requests up to {TextFormat.Thousands(found.SealedNo)}: "
            + $"{TextFormat.Count(found.RowsCompared, "row", "rows")} compared, {TextFormat.Thousands(found.RowsDiffered)} differed.");
    }

    /// <summary>What the journal of Requests does not hold: what has to be entered again, or asked of the partner.</summary>
    public static void ShowBeyond(Session session, RebuildProgress found)
    {
        if (session.Format != Format.Table || found.BeyondCount == 0)
            return;
        var table = Rows.Table(session, "request", "from", "to", "missing versions", "status", "recorded until");
        foreach (var request in found.Beyond.GroupBy(one => one.Request))
        {
            var last = request.MaxBy(one => one.Version)!;
            table.AddRow([.. new[]
            {
                last.Reference.Length > 0 ? last.Reference : last.Request, last.RequestingState, last.RequestedState,
                string.Join(", ", request.Select(one => one.Version).Order()), EnumText.Plain(last.Status),
                last.RecordedAt is { } at ? TextFormat.Minute(at) : "",
            }.Select(Markup.Escape)]);
        }
        session.Screen.Write(table);
        session.Out.WriteLine(
            $"{TextFormat.Count(found.BeyondCount, "version", "versions")} of"
            + $" {TextFormat.Count(found.Beyond.Select(one => one.Request).Distinct().Count(), "request", "requests")} known here and not"
        + " in the journal of Requests.");
    }

    static readonly Column<RowDifference>[] Columns =
    [
        new("table", row => row.Table),
        new("request", row => row.Request),
        new("version", row => row.Version),
        new("what", row => row.What),
    ];
}
