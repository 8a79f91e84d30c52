using System.Net.Sockets;
using Grpc.Core;
using Npgsql;

namespace Exchange.Platform;

/// <summary>Tells failures that pass by themselves from those that do not, and tries the former again.</summary>
public static class Transient
{
    /// <summary>
    /// Whether the same work may well succeed later: a database, a broker or another service is away or overloaded, or PostgreSQL
    /// chose the transaction to break a deadlock. False where the fault lies in what was to be done.
    /// </summary>
    public static bool IsTransient(Exception e) => e switch
    {
        // Of PostgreSQL's own answers only some are; without an answer the connection is at fault.
        PostgresException postgres => postgres.IsTransient,
        NpgsqlException or TimeoutException or OperationCanceledException => true,
        IOException or SocketException or HttpRequestException => true,
        Refusal refusal => refusal.Kind is RefusalKind.Unavailable or RefusalKind.Exhausted,
        RpcException rpc => rpc.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded
            or StatusCode.ResourceExhausted or StatusCode.Cancelled,
        _ => false,
    };

    /// <summary>Whether the same work would be refused for ever; what was only overtaken may be decided anew.</summary>
    public static bool IsRefusedForGood(Refusal refusal) => !IsTransient(refusal) && refusal.Kind is not RefusalKind.ChangedMeanwhile;

    /// <summary>Does the work, and does it again after a pause as long as it fails in a way that passes.</summary>
    /// <param name="work">Is told whether it was tried before.</param>
    /// <param name="failed">Hears of each failure after which it is tried again.</param>
    /// <exception cref="Exception">
    /// That of the last try: the limit was reached, the process stops, or the failure does not pass.
    /// </exception>
    public static async Task<T> Retry<T>(
        Func<bool, Task<T>> work, RetryLimit limit, Action<Exception> failed, TimeProvider time, CancellationToken stop)
    {
        var started = time.GetTimestamp();
        for (var again = false; ; again = true)
        {
            try
            {
                return await work(again);
            }
            catch (Exception e) when (!stop.IsCancellationRequested && IsTransient(e) && limit.Allows(time.GetElapsedTime(started)))
            {
                failed(e);
                await Task.Delay(limit.Pause, time, stop);
            }
        }
    }
}

/// <summary>How long something is tried again.</summary>
/// <param name="Pause">Between a failure and the next try.</param>
/// <param name="GiveUpAfter">Since the first try; null never gives up.</param>
public sealed record RetryLimit(TimeSpan Pause, TimeSpan? GiveUpAfter)
{
    internal bool Allows(TimeSpan elapsed) => GiveUpAfter is not { } most || elapsed < most;
}
