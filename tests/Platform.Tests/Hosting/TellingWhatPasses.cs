using System.Net.Sockets;
using Grpc.Core;
using Npgsql;

namespace Exchange.Platform.Tests;

public sealed class TellingWhatPasses
{
    public static TheoryData<Exception> Passing =>
    [
        new TimeoutException(), new TaskCanceledException(), new IOException(), new SocketException(), new HttpRequestException(),
        new NpgsqlException(), OfPostgres(PostgresErrorCodes.DeadlockDetected), OfPostgres(PostgresErrorCodes.CannotConnectNow),
        OfPostgres(PostgresErrorCodes.AdminShutdown),
        // As over gRPC: a message that met a full queue must be consumed later and not be parked.
        new Refusal(RefusalKind.Unavailable, "AWAY", "Away."), new Refusal(RefusalKind.Exhausted, "FULL", "Full."),
            new RpcException(new(StatusCode.Unavailable, "")),
            new RpcException(new(StatusCode.DeadlineExceeded, "")),
    ];

    public static TheoryData<Exception> Lasting =>
    [
        new InvalidOperationException(), new FormatException(), OfPostgres(PostgresErrorCodes.UniqueViolation),
        OfPostgres(PostgresErrorCodes.CheckViolation), new Refusal(RefusalKind.Invalid, "BAD", "Bad."),
        new RpcException(new(StatusCode.InvalidArgument, "")),
    ];

    [Theory]
    [MemberData(nameof(Passing))]
    public void What_is_away_or_overloaded_passes(Exception e) => Transient.IsTransient(e).ShouldBeTrue();

    [Theory]
    [MemberData(nameof(Lasting))]
    public void What_is_wrong_in_itself_does_not(Exception e) => Transient.IsTransient(e).ShouldBeFalse();

    static PostgresException OfPostgres(string state) => new("no", "ERROR", "ERROR", state);
}
