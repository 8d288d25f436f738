using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace FraudEngine.Hosting.Workers;

/// <summary>
/// Accepts from an inherited socket, with a thread of its own that blocks in <c>accept</c>: Linux then wakes one worker for a connection, the one that has waited longest, so connections
/// go round. Kestrel's own listener waits with epoll, for which Linux wakes all workers at once and the same one mostly wins: of 60 clients that connected one by one and stayed, three
/// workers got 35, 21 and 4; so they get 20 each. The wait is cut off by the socket's receive timeout, so that the thread sees when it is to end.
/// </summary>
internal sealed class SharedListener : IConnectionListener
{
    // A worker too busy to serve what it has accepted accepts no more; the others do.
    private const int AcceptedMax = 16;
    private static readonly TimeSpan NoDescriptorsPause = TimeSpan.FromMilliseconds(100);

    private readonly int _socket;
    private readonly Func<Socket, ConnectionContext> _connect;
    private readonly Channel<Socket> _accepted = Channel.CreateBounded<Socket>(AcceptedMax);
    private readonly ManualResetEventSlim _stop = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SharedListener(EndPoint endPoint, int socket, Func<Socket, ConnectionContext> connect)
    {
        EndPoint = endPoint;
        _socket = socket;
        _connect = connect;
        new Thread(Accept) { IsBackground = true, Name = "Accept" }.Start();
    }

    public EndPoint EndPoint { get; }

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (await _accepted.Reader.WaitToReadAsync(cancellationToken))
        {
            if (_accepted.Reader.TryRead(out var socket))
            {
                return _connect(socket);
            }
        }

        return null;
    }

    /// <summary>Ends when no connection is accepted any more; those that have been are still to be taken.</summary>
    public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _stop.Set();
        await _ended.Task;
    }

    public async ValueTask DisposeAsync()
    {
        await UnbindAsync();
        while (_accepted.Reader.TryRead(out var socket))
        {
            socket.Dispose();
        }
    }

    private void Accept()
    {
        while (!_stop.IsSet)
        {
            var accepted = Posix.Accept(_socket, out var error);
            if (accepted >= 0)
            {
                var socket = new Socket(new SafeSocketHandle(accepted, ownsHandle: true)) { NoDelay = true };
                _accepted.Writer.WriteAsync(socket).AsTask().Wait();

                // The next connection has woken another worker, which may not have come to run yet.
                Thread.Yield();
            }
            else if (error is Posix.TooManyFiles or Posix.TooManyFilesOfAll)
            {
                _stop.Wait(NoDescriptorsPause);
            }
        }

        _accepted.Writer.Complete();
        _ended.SetResult();
    }
}
