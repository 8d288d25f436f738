using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace FraudEngine.Hosting.Workers;

/// <summary>
/// The listening sockets that all workers accept from. The supervisor opens them and each worker inherits them, so a connection that waits to be accepted
/// waits at a socket that outlives every worker: whoever of the others is free takes it, and none is reset when a worker dies or is restarted. With
/// <c>SO_REUSEPORT</c>, a socket per worker, it is: of 100 connections waiting at two such sockets 44 were reset when one was closed. <c>net.ipv4.tcp_migrate_req</c> would
/// move them, but is off by default, and only root can change it; and a worker that is held would get its share of connections all the same.
/// </summary>
internal sealed class SharedPort : IDisposable
{
    private const int Backlog = 4096;

    // The longest wait of an accept: as often as this a worker sees whether it is to stop.
    private const int AcceptTimeoutMs = 500;
    private readonly List<Socket> _sockets = [];
    private readonly List<Socket> _reserved = [];
    private readonly List<string> _urls = [];

    private SharedPort()
    {
    }

    /// <summary>Where it listens, as a worker's <c>--urls</c>: addresses in numbers, and no port 0.</summary>
    public string Urls => string.Join(';', _urls);

    public int Port => ((IPEndPoint)_sockets[0].LocalEndPoint!).Port;

    /// <summary>What a worker needs to find the sockets that it has inherited: <c>127.0.0.1:5080=7</c>, more behind semicolons.</summary>
    public string Handles => string.Join(';', _sockets.Select(static socket => string.Create(CultureInfo.InvariantCulture, $"{socket.LocalEndPoint}={socket.SafeHandle.DangerousGetHandle()}")));

    /// <param name="urls">As in <c>--urls</c>.</param>
    public static SharedPort Open(string urls)
    {
        var port = new SharedPort();
        try
        {
            foreach (var url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                port.Listen(url);
            }

            return port._sockets.Count > 0 ? port : throw new StartException("--urls is empty, but must be where to listen, such as http://127.0.0.1:5080.");
        }
        catch (StartException)
        {
            port.Dispose();
            throw;
        }
    }

    /// <summary>The descriptors that a worker has inherited, by where they listen.</summary>
    public static Dictionary<EndPoint, int> Read(string handles) =>
        handles.Split(';').Select(static handle => handle.Split('=')).ToDictionary(static parts => (EndPoint)IPEndPoint.Parse(parts[0]), static parts => int.Parse(parts[1], CultureInfo.InvariantCulture));

    /// <summary>
    /// A port for a worker alone: the wanted one where it is free. It is held by a socket that does not listen, which keeps no worker from listening there, but the system from giving it
    /// to a connection that goes out while the worker is away.
    /// </summary>
    public int Reserve(IPAddress address, int wanted)
    {
        foreach (var port in (int[])[wanted, 0])
        {
            if (port <= IPEndPoint.MaxPort && TryBind(new IPEndPoint(address, port)) is { } socket)
            {
                _reserved.Add(socket);
                return ((IPEndPoint)socket.LocalEndPoint!).Port;
            }
        }

        throw new StartException($"No port of {address} is free for a worker's own address. Choose one with --Cluster:OwnUrl.");
    }

    /// <summary>From now on the supervisor holds them no longer; who connects is refused once the workers don't either.</summary>
    public void Dispose()
    {
        _sockets.ForEach(static socket => socket.Dispose());
        _reserved.ForEach(static socket => socket.Dispose());
    }

    private void Listen(string url)
    {
        var address = Parse(url);
        var isOpen = false;
        foreach (var ip in AddressesOf(address.Host))
        {
            if (TryBind(new IPEndPoint(ip, address.Port)) is not { } socket)
            {
                continue;
            }

            socket.ReceiveTimeout = AcceptTimeoutMs;
            socket.Listen(Backlog);
            Posix.LetInherit((int)socket.SafeHandle.DangerousGetHandle());
            _sockets.Add(socket);
            _urls.Add($"{address.Scheme}://{socket.LocalEndPoint}");
            isOpen = true;
            if (ip.Equals(IPAddress.IPv6Any))
            {
                break;
            }
        }

        if (!isOpen)
        {
            throw new StartException($"Failed to bind to address {url}: it is in use, or none of this machine's. Choose another address with --urls, such as http://127.0.0.1:5080.");
        }
    }

    private static BindingAddress Parse(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            if (address.IsUnixPipe || address.IsNamedPipe || address.PathBase.Length > 0)
            {
                throw new StartException($"--urls has '{url}', but workers share addresses such as http://127.0.0.1:5080.");
            }

            return address;
        }
        catch (FormatException reason)
        {
            throw new StartException($"{reason.Message} Choose another address with --urls, such as http://127.0.0.1:5080.");
        }
    }

    // As Kestrel takes them: a name that is no number means every address.
    private static IPAddress[] AddressesOf(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? [IPAddress.Loopback, IPAddress.IPv6Loopback]
        : IPAddress.TryParse(host, out var ip) ? [ip]
        : [IPAddress.IPv6Any, IPAddress.Any];

    private static Socket? TryBind(IPEndPoint endPoint)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (endPoint.Address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            socket.Bind(endPoint);
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }
}
