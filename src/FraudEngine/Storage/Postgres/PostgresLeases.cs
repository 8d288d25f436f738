using Npgsql;

namespace FraudEngine.Storage.Postgres;

/// <summary>
/// The channels on which this node delivers: advisory locks of one session, opened when the first is asked for. It is asked each second whether it is there still;
/// when it is not, all are lost before the server gives them to another node.
/// </summary>
internal sealed class PostgresLeases : IAsyncDisposable
{
    private static readonly TimeSpan ProbeEvery = TimeSpan.FromSeconds(1);

    private readonly PostgresConnections _connections;
    private readonly SemaphoreSlim _gate = new(1);
    private readonly Dictionary<string, Lease> _held = new(StringComparer.Ordinal);
    private readonly ITimer _probe;
    private NpgsqlConnection? _session;
    private bool _isDisposed;

    public PostgresLeases(PostgresConnections connections, TimeProvider time)
    {
        _connections = connections;
        _probe = time.CreateTimer(_ => _ = ProbeAsync(), null, ProbeEvery, ProbeEvery);
    }

    /// <summary>Null where this node or another has the channel. Faults with <see cref="IOException"/> where nobody can say.</summary>
    public async Task<IDeliveryLease?> TryTakeAsync(string channel)
    {
        await _gate.WaitAsync();
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_held.ContainsKey(channel))
            {
                return null;
            }

            _session ??= await _connections.OpenWriterAsync();
            if (await _session.ScalarAsync($"SELECT pg_try_advisory_lock({PostgresLocks.Class}, $1)", PostgresCommands.Int(PostgresLocks.OfChannel(channel))) is not true)
            {
                return null;
            }

            var lease = new Lease(this, channel);
            _held.Add(channel, lease);
            return lease;
        }
        catch (Exception reason) when (PostgresFailures.IsFailure(reason))
        {
            await LoseIfClosedAsync();
            throw PostgresFailures.Translate(reason);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Ends all leases; other nodes may have them at once.</summary>
    public async ValueTask DisposeAsync()
    {
        await _probe.DisposeAsync();
        await _gate.WaitAsync();
        try
        {
            _isDisposed = true;
            if (_session is { FullState: System.Data.ConnectionState.Open } && _held.Count > 0)
            {
                // The server would do it too, but only some time after the connection is closed.
                await _session.ExecuteAsync("SELECT pg_advisory_unlock_all()");
            }
        }
        catch (Exception reason) when (PostgresFailures.IsFailure(reason))
        {
            // Then they go with the session.
        }
        finally
        {
            await LoseAsync();
            _gate.Release();
        }
    }

    private async Task ProbeAsync()
    {
        // Whoever has the gate asks the session something anyway.
        if (!await _gate.WaitAsync(TimeSpan.Zero))
        {
            return;
        }

        try
        {
            if (_session is not null)
            {
                await _session.ExecuteAsync("SELECT 1");
            }
        }
        catch (Exception reason) when (PostgresFailures.IsFailure(reason))
        {
            await LoseIfClosedAsync();
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task ReleaseAsync(Lease lease)
    {
        await _gate.WaitAsync();
        try
        {
            if (_held.TryGetValue(lease.Channel, out var held) && held == lease)
            {
                _held.Remove(lease.Channel);
                await _session!.ExecuteAsync($"SELECT pg_advisory_unlock({PostgresLocks.Class}, $1)", PostgresCommands.Int(PostgresLocks.OfChannel(lease.Channel)));
            }
        }
        catch (Exception reason) when (PostgresFailures.IsFailure(reason))
        {
            // It is not known whether it is released: without the session it is.
            await LoseAsync();
        }
        finally
        {
            _gate.Release();
        }
    }

    private Task LoseIfClosedAsync() => _session is { FullState: System.Data.ConnectionState.Open } ? Task.CompletedTask : LoseAsync();

    private async Task LoseAsync()
    {
        var lost = _held.Values.ToList();
        _held.Clear();
        if (_session is { } session)
        {
            _session = null;
            await session.DisposeAsync();
        }

        // What is done about it may take its time, and may ask for a lease again.
        lost.ForEach(static lease => _ = lease.LoseAsync());
    }

    private sealed class Lease(PostgresLeases leases, string channel) : IDeliveryLease
    {
        private readonly CancellationTokenSource _lost = new();

        public string Channel { get; } = channel;

        public CancellationToken Lost => _lost.Token;

        public Task LoseAsync() => _lost.CancelAsync();

        public async ValueTask DisposeAsync() => await leases.ReleaseAsync(this);
    }
}
