namespace FraudEngine.Storage.Sqlite;

/// <summary>Documents in the same file: those that go with a batch are written by its commit, others between commits.</summary>
public sealed partial class SqliteJournal
{
    public Task<Document?> FindDocumentAsync(DocumentKind kind, string key) => ReadOutbox(() => _documents.Find(kind, key));

    public Task<IReadOnlyList<Document>> FindDocumentsAsync(DocumentKind kind, IReadOnlyCollection<string> keys) => ReadOutbox(() => _documents.Find(kind, keys));

    public Task<IReadOnlyList<Document>> ListDocumentsAsync(DocumentKind kind, DocumentFilter filter, DocumentPlace? after, int max) =>
        ReadOutbox(() => _documents.List(kind, filter, after, max));

    public Task<bool> TryWriteDocumentAsync(Document document, long ifVersion) => Write(() => _writer.TryWrite(document, ifVersion));

    public Task<bool> RemoveDocumentAsync(DocumentKind kind, string key) => Write(() => _writer.Remove(kind, key));
}
