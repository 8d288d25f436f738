using FraudEngine.Domain;

namespace FraudEngine.Storage.Postgres;

/// <summary>Documents, alerts, and what has become of those, in the same database.</summary>
public sealed partial class PostgresJournal
{
    public Task<StoredAlert?> ReadAlertAsync(AlertId id) => ReadAsync(connection => PostgresPages.ReadAlertAsync(connection, id));

    public Task<Document?> FindDocumentAsync(DocumentKind kind, string key) => ReadAsync(connection => PostgresDocuments.FindAsync(connection, kind, key));

    public async Task<IReadOnlyList<Document>> FindDocumentsAsync(DocumentKind kind, IReadOnlyCollection<string> keys) =>
        await ReadAsync(connection => PostgresDocuments.FindAsync(connection, kind, keys));

    public async Task<IReadOnlyList<Document>> ListDocumentsAsync(DocumentKind kind, DocumentFilter filter, DocumentPlace? after, int max) =>
        await ReadAsync(connection => PostgresDocuments.ListAsync(connection, kind, filter, after, max));

    public Task<bool> TryWriteDocumentAsync(Document document, long ifVersion) =>
        WriteAsync(connection => PostgresDocuments.TryWriteAsync(connection, document, ifVersion));

    public Task<bool> RemoveDocumentAsync(DocumentKind kind, string key) => WriteAsync(connection => PostgresDocuments.RemoveAsync(connection, kind, key));

    public Task<long?> ReadCursorAsync(string channel) => ReadAsync(connection => PostgresDeliveries.ReadCursorAsync(connection, channel));

    public Task WriteDeliveriesAsync(string channel, long cursor, IReadOnlyList<Delivery> changed) => _deliveryWriter.WriteAsync(new DeliveryWrite(channel, cursor, changed));

    public async Task<IReadOnlyList<Delivery>> ReadDeliveriesAsync(string channel, DeliveryState state, long after, int max) =>
        await ReadAsync(connection => PostgresDeliveries.ReadAsync(connection, channel, state, after, max));

    public async Task<IReadOnlyList<Delivery>> ReadDeliveriesOfAsync(AlertId alert) => await ReadAsync(connection => PostgresDeliveries.ReadOfAsync(connection, alert));

    public Task<IReadOnlyDictionary<DeliveryState, long>> CountDeliveriesAsync(string channel) =>
        ReadAsync(connection => PostgresDeliveries.CountAsync(connection, channel));

    public Task<IDeliveryLease?> TryLeaseAsync(string channel) => _leases.TryTakeAsync(channel);
}
