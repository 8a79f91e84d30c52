using Grpc.Core;

namespace Exchange.Cli;

/// <summary>Ends a command with one sentence, and what to do about it where that is known.</summary>
sealed class Problem(int exitCode, string message, string? remedy = null) : Exception(message)
{
    public int ExitCode { get; } = exitCode;

    public string? Remedy { get; } = remedy;
}

/// <summary>A call that did not end with OK, with the service that was called: the error alone does not say which.</summary>
sealed class ServiceFailure(string service, Uri address, RpcException cause) : Exception(cause.Status.Detail, cause)
{
    public string Service { get; } = service;

    public Uri Address { get; } = address;

    public RpcException Cause { get; } = cause;
}
