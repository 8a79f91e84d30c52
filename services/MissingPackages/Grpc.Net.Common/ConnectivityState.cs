namespace Grpc.Core;

/// <summary>The state of a channel, of which clients can ask.</summary>
public enum ConnectivityState
{
    Idle,
    Connecting,
    Ready,
    TransientFailure,
    Shutdown,
}
