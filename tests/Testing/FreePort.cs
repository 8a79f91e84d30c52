using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Exchange.Testing;

/// <summary>Ports of the loopback that nobody listens on.</summary>
public static class FreePort
{
    // Below the range the kernel takes for outgoing connections, which would otherwise steal a port between choice and use.
    const int First = 20_000;
    const int Last = 32_000;

    static readonly ConcurrentDictionary<int, bool> Given = new();

    /// <summary>A port that was free a moment ago and that this process gives to nobody else.</summary>
    public static int Next()
    {
        while (true)
        {
            var port = RandomNumberGenerator.GetInt32(First, Last);
            if (IsFree(port) && Given.TryAdd(port, true))
                return port;
        }
    }

    static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
