using FraudEngine.Domain;

namespace FraudEngine.Storage.Sqlite;

public sealed partial class SqliteJournal
{
    public Task<StoredAlert?> ReadAlertAsync(AlertId id) => throw new NotImplementedException();

    public Task<Document?> FindDocumentAsync(DocumentKind kind, string key) => throw new NotImplementedException();

    public Task<IReadOnlyList<Document>> FindDocumentsAsync(DocumentKind kind, IReadOnlyCollection<string> keys) => throw new NotImplementedException();

    public Task<IReadOnlyList<Document>> ListDocumentsAsync(DocumentKind kind, DocumentFilter filter, DocumentPlace? after, int max) => throw new NotImplementedException();

    public Task<bool> TryWriteDocumentAsync(Document document, long ifVersion) => throw new NotImplementedException();

    public Task<bool> RemoveDocumentAsync(DocumentKind kind, string key) => throw new NotImplementedException();

    public Task<long?> ReadCursorAsync(string channel) => throw new NotImplementedException();

    public Task WriteDeliveriesAsync(string channel, long cursor, IReadOnlyList<Delivery> changed) => throw new NotImplementedException();

    public Task<IReadOnlyList<Delivery>> ReadDeliveriesAsync(string channel, DeliveryState state, long after, int max) => throw new NotImplementedException();

    public Task<IReadOnlyList<Delivery>> ReadDeliveriesOfAsync(AlertId alert) => throw new NotImplementedException();

    public Task<IReadOnlyDictionary<DeliveryState, long>> CountDeliveriesAsync(string channel) => throw new NotImplementedException();

    public Task<IDeliveryLease?> TryLeaseAsync(string channel) => throw new NotImplementedException();
}
