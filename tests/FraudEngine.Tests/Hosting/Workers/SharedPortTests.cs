using System.Net;
using System.Net.Sockets;
using FraudEngine.Hosting.Workers;

namespace FraudEngine.Tests.Hosting.Workers;

public sealed class SharedPortTests
{
    // Linux 6.3: which ports connections may go out by, the lowest and, shifted, the highest.
    private const int IpLevel = 0;
    private const int LocalPortRange = 51;

    [LinuxFact]
    public void A_workers_own_port_is_kept_for_it_while_it_is_away()
    {
        using var shared = SharedPort.Open("http://127.0.0.1:0");
        var own = new IPEndPoint(IPAddress.Loopback, shared.Reserve(IPAddress.Loopback, shared.Port + 1));
        using (var worker = Listen(own))
        {
            Connect(own, from: null);
        }

        var refused = Assert.Throws<SocketException>(() => Connect(new IPEndPoint(IPAddress.Loopback, shared.Port), from: own.Port));
        Assert.Equal(SocketError.AddressNotAvailable, refused.SocketErrorCode);
        using var successor = Listen(own);
        Connect(own, from: null);
    }

    private static Socket Listen(IPEndPoint at)
    {
        var socket = new Socket(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(at);
        socket.Listen();
        return socket;
    }

    private static void Connect(IPEndPoint to, int? from)
    {
        using var socket = new Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (from is { } port)
        {
            socket.SetRawSocketOption(IpLevel, LocalPortRange, BitConverter.GetBytes(port | (port << 16)));
        }

        socket.Connect(to);
    }
}
