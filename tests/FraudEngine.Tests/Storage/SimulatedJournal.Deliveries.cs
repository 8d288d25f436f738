using FraudEngine.Domain;
using FraudEngine.Storage;

namespace FraudEngine.Tests.Storage;

/// <summary>Alerts and their deliveries in memory; everything is done at once.</summary>
internal partial class SimulatedJournal
{
    private readonly List<Lease> _leases = [];

    /// <summary>Says when what is committed was.</summary>
    public TimeProvider Clock { get; set; } = TimeProvider.System;

    public Task<StoredAlert?> ReadAlertAsync(AlertId id) => Read(() => Alerts().FirstOrDefault(row => row.AlertId == id) is { } row ? ToAlert(row) : null);

    public Task<long?> ReadCursorAsync(string channel) => Read<long?>(() => _store.Cursors.TryGetValue(channel, out var cursor) ? cursor : null);

    public Task WriteDeliveriesAsync(string channel, long cursor, IReadOnlyList<Delivery> changed) => Write(() =>
    {
        foreach (var delivery in changed)
        {
            _store.Deliveries[(channel, delivery.Position)] = delivery;
        }

        _store.Cursors[channel] = cursor;
        return true;
    });

    public Task<IReadOnlyList<Delivery>> ReadDeliveriesAsync(string channel, DeliveryState state, long after, int max) => Read<IReadOnlyList<Delivery>>(() =>
        [.. DeliveriesOf(channel)
            .Where(delivery => delivery.Position > after && (state == DeliveryState.None || delivery.State == state))
            .OrderBy(delivery => delivery.Position)
            .Take(max)]);

    public Task<IReadOnlyList<Delivery>> ReadDeliveriesOfAsync(AlertId alert) => Read<IReadOnlyList<Delivery>>(() =>
        [.. _store.Deliveries.Values.Where(delivery => delivery.Alert == alert).OrderBy(delivery => delivery.Channel, Utf8Order.Instance)]);

    public Task<IReadOnlyDictionary<DeliveryState, long>> CountDeliveriesAsync(string channel) => Read<IReadOnlyDictionary<DeliveryState, long>>(() =>
        DeliveriesOf(channel).GroupBy(delivery => delivery.State).ToDictionary(deliveries => deliveries.Key, deliveries => deliveries.LongCount()));

    public Task<IDeliveryLease?> TryLeaseAsync(string channel) => Read<IDeliveryLease?>(() =>
    {
        if (!_store.Leased.Add(channel))
        {
            return null;
        }

        var lease = new Lease(_store, channel);
        _leases.Add(lease);
        return lease;
    });

    /// <summary>The leases of this journal are gone, and others may have them.</summary>
    public void LoseLeases()
    {
        List<Lease> lost;
        lock (_store.Gate)
        {
            lost = [.. _leases];
            _leases.Clear();
        }

        lost.ForEach(static lease => lease.Lose());
    }

    private IEnumerable<Delivery> DeliveriesOf(string channel) => _store.Deliveries.Where(delivery => delivery.Key.Channel == channel).Select(delivery => delivery.Value);

    private Task<T> Read<T>(Func<T> read) => ReadFails() ? Task.FromException<T>(new IOException("simulated")) : Locked(read);

    private Task<T> Write<T>(Func<T> write) => ChangeFails() ? Task.FromException<T>(new IOException("simulated")) : Locked(write);

    private Task<T> Locked<T>(Func<T> use)
    {
        lock (_store.Gate)
        {
            return Task.FromResult(use());
        }
    }

    private sealed class Lease(SimulatedStore store, string channel) : IDeliveryLease
    {
        private readonly CancellationTokenSource _lost = new();
        private bool _isOver;

        public CancellationToken Lost => _lost.Token;

        public void Lose()
        {
            End();
            _lost.Cancel();
        }

        public ValueTask DisposeAsync()
        {
            End();
            return ValueTask.CompletedTask;
        }

        private void End()
        {
            lock (store.Gate)
            {
                if (!_isOver)
                {
                    _isOver = true;
                    store.Leased.Remove(channel);
                }
            }
        }
    }
}
