using FraudEngine.Domain;

namespace FraudEngine.Storage.Sqlite;

/// <summary>Alerts, and what has become of them. Deliveries are written with the commits of batches, so that they hold those up little.</summary>
public sealed partial class SqliteJournal
{
    public Task<IReadOnlyList<StoredAlert>> ReadAlertsAsync(byte[]? accountId, long after, int max) => ReadOutbox(() => _alerts.Read(accountId, after, max));

    public Task<StoredAlert?> ReadAlertAsync(AlertId id) => ReadOutbox(() => _alerts.Read(id));

    public Task<long?> FindAlertAsync(AlertId id) => ReadOutbox(() => _alerts.Find(id));

    public Task<long> NewestAlertAsync() => ReadOutbox(_alerts.Newest);

    public Task<long?> ReadCursorAsync(string channel) => ReadOutbox(() => _deliveries.Cursor(channel));

    public Task WriteDeliveriesAsync(string channel, long cursor, IReadOnlyList<Delivery> changed)
    {
        var write = new DeliveryWrite(channel, cursor, changed);
        _writerThread.Enqueue(new Writing(null, null, write));
        return write.Stored;
    }

    public Task<IReadOnlyList<Delivery>> ReadDeliveriesAsync(string channel, DeliveryState state, long after, int max) =>
        ReadOutbox(() => _deliveries.Read(channel, state, after, max));

    public Task<IReadOnlyList<Delivery>> ReadDeliveriesOfAsync(AlertId alert) => ReadOutbox(() => _deliveries.ReadOf(alert));

    public Task<IReadOnlyDictionary<DeliveryState, long>> CountDeliveriesAsync(string channel) => ReadOutbox(() => _deliveries.Count(channel));

    public Task<IDeliveryLease?> TryLeaseAsync(string channel) => Task.FromResult(_leases.TryTake(channel));
}
