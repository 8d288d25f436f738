namespace FraudEngine.Storage;

/// <summary>Who delivers on which channel, of a journal that only this process has: each channel is leased once at a time, and never lost.</summary>
internal sealed class LocalLeases
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _held = new(StringComparer.Ordinal);

    /// <summary>Null where the channel is leased already.</summary>
    public IDeliveryLease? TryTake(string channel)
    {
        lock (_gate)
        {
            return _held.Add(channel) ? new Lease(this, channel) : null;
        }
    }

    private sealed class Lease(LocalLeases leases, string channel) : IDeliveryLease
    {
        private bool _isOver;

        public CancellationToken Lost => CancellationToken.None;

        public ValueTask DisposeAsync()
        {
            lock (leases._gate)
            {
                if (!_isOver)
                {
                    _isOver = true;
                    leases._held.Remove(channel);
                }
            }

            return ValueTask.CompletedTask;
        }
    }
}
