using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace FraudEngine.Ingress.FastLane;

/// <summary>What a connection waits for.</summary>
internal enum LaneWaitFor
{
    None,

    /// <summary>The next request.</summary>
    Request,

    /// <summary>That the client reads its answers, of which there are more than the connection holds.</summary>
    Room,
}

/// <summary>Ends a connection's waits when the web server would: after its limits for idle clients and for those that do not read, and when it stops. Times are counted in its heartbeats, of a second.</summary>
internal sealed class LaneWait
{
    private readonly ConnectionContext _connection;
    private readonly KestrelServerLimits _limits;
    private readonly CancellationToken _closing;
    private int _waitsFor;
    private int _beats;

    public LaneWait(ConnectionContext connection, KestrelServerLimits limits)
    {
        (_connection, _limits) = (connection, limits);
        _closing = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? CancellationToken.None;
        connection.Features.Get<IConnectionHeartbeatFeature>()?.OnHeartbeat(static wait => ((LaneWait)wait).Beat(), this);
    }

    /// <summary>Whether the server stops: the answer is the last.</summary>
    public bool IsClosing => _closing.IsCancellationRequested;

    /// <summary>From now on a wait for a request ends when the server stops; to be disposed of when there are no more.</summary>
    public CancellationTokenRegistration Watch() => _closing.UnsafeRegister(static wait => ((LaneWait)wait!).EndIdle(), this);

    public void Begin(LaneWaitFor what)
    {
        _beats = 0;
        Volatile.Write(ref _waitsFor, (int)what);
        if (what == LaneWaitFor.Request && IsClosing)
        {
            // It came before the wait did.
            EndIdle();
        }
    }

    public void End() => Volatile.Write(ref _waitsFor, (int)LaneWaitFor.None);

    /// <summary>Sends what was written, and waits while the client is slow; gives whether anybody reads still.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> FlushAsync(CancellationToken cancellation)
    {
        Begin(LaneWaitFor.Room);
        var flushed = await _connection.Transport.Output.FlushAsync(cancellation);
        End();
        return !flushed.IsCompleted;
    }

    private void Beat()
    {
        switch ((LaneWaitFor)Volatile.Read(ref _waitsFor))
        {
            case LaneWaitFor.None:
                break;
            case LaneWaitFor.Request:
                if (++_beats > _limits.KeepAliveTimeout.TotalSeconds)
                {
                    EndIdle();
                }

                break;
            case LaneWaitFor.Room:
                // What it holds at most, at the rate at which it has to be read.
                if (_limits.MinResponseDataRate is { } rate
                    && ++_beats > Math.Max(rate.GracePeriod.TotalSeconds, _limits.MaxResponseBufferSize.GetValueOrDefault() / rate.BytesPerSecond))
                {
                    _connection.Abort(new ConnectionAbortedException("The client does not read its answers."));
                }

                break;
        }
    }

    /// <summary>A read that is cut off gives what has come, nothing where the client was idle.</summary>
    private void EndIdle()
    {
        if (Interlocked.CompareExchange(ref _waitsFor, (int)LaneWaitFor.None, (int)LaneWaitFor.Request) == (int)LaneWaitFor.Request)
        {
            _connection.Transport.Input.CancelPendingRead();
        }
    }
}
