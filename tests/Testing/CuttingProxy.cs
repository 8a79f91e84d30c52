using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Exchange.Testing;

/// <summary>Stands between a client and a server and breaks connections at the moment a test chooses.</summary>
public sealed class CuttingProxy : IAsyncDisposable
{
    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly ConcurrentDictionary<Socket, bool> open = new();
    readonly CancellationTokenSource end = new();
    readonly string host;
    readonly int port;
    readonly Task accepting;
    int answersUntilCut;
    long bytesUntilCut;
    int refused;
    volatile bool away;
    volatile TaskCompletionSource flow = Open();

    CuttingProxy(string host, int port)
    {
        (this.host, this.port) = (host, port);
        listener.Start();
        accepting = Accept();
    }

    /// <summary>Starts a proxy before this server, on a free port of the loopback.</summary>
    public static CuttingProxy Before(string host, int port) => new(host, port);

    /// <summary>How many connections were refused so far, between <see cref="GoAway"/> and <see cref="ComeBack"/>.</summary>
    public int Refused => Volatile.Read(ref refused);

    /// <summary>The port of the loopback to which clients connect.</summary>
    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>
    /// Loses one answer: the server does what it was asked, and the connection breaks before its client learns of it.
    /// </summary>
    /// <param name="number">Which of the answers from now on, from 1.</param>
    public void CutAnswer(int number) => Volatile.Write(ref answersUntilCut, number);

    /// <summary>Breaks the connection on which the last of so many bytes pass, whichever way.</summary>
    public void CutAfter(long bytes) => Volatile.Write(ref bytesUntilCut, bytes);

    /// <summary>Breaks every connection, and each new one at once.</summary>
    public void GoAway()
    {
        away = true;
        CutAll();
    }

    /// <summary>Lets connections through again.</summary>
    public void ComeBack() => away = false;

    /// <summary>Keeps every connection and lets nothing through.</summary>
    public void Stall() => flow = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends <see cref="Stall"/>: what was held up goes on its way.</summary>
    public void Flow() => flow.TrySetResult();

    /// <summary>Breaks every connection there is.</summary>
    public void CutAll()
    {
        foreach (var socket in open.Keys)
            socket.Close();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        listener.Stop();
        CutAll();
        await accepting;
        end.Dispose();
    }

    async Task Accept()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptSocketAsync(end.Token);
                if (away)
                {
                    Interlocked.Increment(ref refused);
                    client.Close();
                }
                else
                    _ = Connect(client);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    async Task Connect(Socket client)
    {
        var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
        open[client] = open[server] = true;
        try
        {
            await server.ConnectAsync(host, port, end.Token);
            await Task.WhenAny(Forward(client, server, answers: false), Forward(server, client, answers: true));
        }
        finally
        {
            client.Close();
            server.Close();
            open.TryRemove(client, out _);
            open.TryRemove(server, out _);
        }
    }

    async Task Forward(Socket from, Socket to, bool answers)
    {
        var buffer = new byte[64 * 1024];
        while (true)
        {
            int read;
            try
            {
                read = await from.ReceiveAsync(buffer, end.Token);
                await flow.Task.WaitAsync(end.Token);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                return;
            }
            if (read == 0 || (answers && Interlocked.Decrement(ref answersUntilCut) == 0) || IsLast(read))
                return;
            try
            {
                for (var sent = 0; sent < read;)
                    sent += await to.SendAsync(buffer.AsMemory(sent, read - sent), end.Token);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                return;
            }
        }
    }

    static TaskCompletionSource Open()
    {
        var open = new TaskCompletionSource();
        open.SetResult();
        return open;
    }

    bool IsLast(int bytes) => Volatile.Read(ref bytesUntilCut) > 0 && Interlocked.Add(ref bytesUntilCut, -bytes) <= 0;
}
