using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace FraudEngine.Hosting.Workers;

/// <summary>A worker's sockets: it accepts from those that it has inherited, counts the connections that came by them, and can stop accepting before it stops.</summary>
internal sealed class SharedListening : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private readonly IReadOnlyDictionary<EndPoint, int> _handles;
    private readonly SocketTransportFactory _sockets;
    private readonly List<Listener> _listeners = [];
    private readonly TaskCompletionSource _isEmpty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _open;
    private volatile bool _isDraining;

    public SharedListening(IReadOnlyDictionary<EndPoint, int> handles, ILoggerFactory log)
    {
        _handles = handles;
        _sockets = new SocketTransportFactory(Microsoft.Extensions.Options.Options.Create(new SocketTransportOptions { CreateBoundListenSocket = Find }), log);
    }

    public bool IsDraining => _isDraining;

    public bool CanBind(EndPoint endpoint) => _sockets.CanBind(endpoint);

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var listener = await _sockets.BindAsync(endpoint, cancellationToken);
        if (!_handles.ContainsKey(endpoint))
        {
            return listener;
        }

        _listeners.Add(new Listener(this, listener));
        return _listeners[^1];
    }

    /// <summary>From now on other workers take all new connections. Ends when each of the present ones has closed.</summary>
    public async Task DrainAsync()
    {
        _isDraining = true;
        foreach (var listener in _listeners)
        {
            await listener.UnbindAsync();
        }

        if (Volatile.Read(ref _open) == 0)
        {
            _isEmpty.TrySetResult();
        }

        await _isEmpty.Task;
    }

    // Closing such a socket must not shut it down for the other workers. .NET sees to that where close-on-exec is not set, as with an inherited one.
    private Socket Find(EndPoint endpoint) =>
        _handles.TryGetValue(endpoint, out var handle) ? new Socket(new SafeSocketHandle(handle, ownsHandle: true)) : SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);

    private void Opened(ConnectionContext connection)
    {
        Interlocked.Increment(ref _open);
        connection.ConnectionClosed.Register(Closed);
    }

    private void Closed()
    {
        if (Interlocked.Decrement(ref _open) == 0 && _isDraining)
        {
            _isEmpty.TrySetResult();
        }
    }

    private sealed class Listener(SharedListening owner, IConnectionListener sockets) : IConnectionListener
    {
        public EndPoint EndPoint => sockets.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            var connection = await sockets.AcceptAsync(cancellationToken);
            if (connection is not null)
            {
                owner.Opened(connection);
            }

            return connection;
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => sockets.UnbindAsync(cancellationToken);

        public ValueTask DisposeAsync() => sockets.DisposeAsync();
    }
}
