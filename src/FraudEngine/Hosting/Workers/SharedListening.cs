using System.Net;
using FraudEngine.Ingress.FastLane;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace FraudEngine.Hosting.Workers;

/// <summary>A worker's listening: it accepts from the sockets that it has inherited, knows the connections that came by them, and can stop accepting before it stops.</summary>
internal sealed class SharedListening : IConnectionListenerFactory, IConnectionListenerFactorySelector, IDisposable
{
    private readonly IReadOnlyDictionary<EndPoint, int> _handles;
    private readonly SocketTransportFactory _own;
    private readonly SocketConnectionContextFactory _connections;
    private readonly TimeProvider _clock;
    private readonly List<SharedListener> _listeners = [];
    private readonly TaskCompletionSource _isEmpty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _open;
    private volatile bool _isDraining;

    /// <param name="handles">Descriptors by where they listen.</param>
    public SharedListening(IReadOnlyDictionary<EndPoint, int> handles, ILoggerFactory log, TimeProvider clock)
    {
        _handles = handles;
        _clock = clock;
        _own = new SocketTransportFactory(Microsoft.Extensions.Options.Options.Create(new SocketTransportOptions()), log);
        _connections = new SocketConnectionContextFactory(new SocketConnectionFactoryOptions(), log.CreateLogger<SharedListening>());
    }

    /// <summary>Whether the worker is about to stop.</summary>
    public bool IsDraining => _isDraining;

    public bool CanBind(EndPoint endpoint) => _own.CanBind(endpoint);

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        if (!_handles.TryGetValue(endpoint, out var handle))
        {
            return await _own.BindAsync(endpoint, cancellationToken);
        }

        var listener = new SharedListener(endpoint, handle, Create);
        _listeners.Add(listener);
        return listener;
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

    public void Dispose() => _connections.Dispose();

    private ConnectionContext Create(System.Net.Sockets.Socket socket)
    {
        var connection = _connections.Create(socket);
        Interlocked.Increment(ref _open);
        connection.ConnectionClosed.Register(Closed);
        connection.Features.Set<IConnectionTerm>(new ConnectionAge(this, _clock));
        return connection;
    }

    private void Closed()
    {
        if (Interlocked.Decrement(ref _open) == 0 && _isDraining)
        {
            _isEmpty.TrySetResult();
        }
    }
}
