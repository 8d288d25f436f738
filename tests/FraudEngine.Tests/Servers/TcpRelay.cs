using System.Net;
using System.Net.Sockets;

namespace FraudEngine.Tests.Servers;

/// <summary>Stands between a client and a server, and can swallow everything without closing anything, as a network does that is cut.</summary>
internal sealed class TcpRelay : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _port;
    private volatile bool _isCut;

    /// <param name="port">The server's, on loopback.</param>
    public TcpRelay(int port)
    {
        _port = port;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>From now on nothing passes, and new connections get no answer.</summary>
    public void Cut() => _isCut = true;

    /// <summary>New connections pass again; those that were there stay cut.</summary>
    public void Mend() => _isCut = false;

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = RelayAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception reason) when (reason is SocketException or ObjectDisposedException)
        {
            // It was disposed of.
        }
    }

    private async Task RelayAsync(TcpClient client)
    {
        try
        {
            using var server = new TcpClient();
            await server.ConnectAsync(IPAddress.Loopback, _port);
            await Task.WhenAny(CopyAsync(client, server), CopyAsync(server, client));
            client.Dispose();
        }
        catch (Exception reason) when (reason is IOException or SocketException or ObjectDisposedException)
        {
            client.Dispose();
        }
    }

    private async Task CopyAsync(TcpClient from, TcpClient to)
    {
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var read = await from.GetStream().ReadAsync(buffer);
            if (_isCut)
            {
                // A connection that was cut once stays so, whoever reads from it.
                await Task.Delay(Timeout.Infinite);
            }

            if (read == 0)
            {
                return;
            }

            await to.GetStream().WriteAsync(buffer.AsMemory(0, read));
        }
    }
}
