namespace FraudEngine.Storage;

/// <summary>
/// Small records beside the journal, and as durable as it: customers' preferences and responses, holds, cases, webhook endpoints. Implementations pass the same
/// contract tests. Everything faults with <see cref="IOException"/> where it can't be read or written now.
/// </summary>
public interface IDocumentStore
{
    /// <summary>Null where there is none.</summary>
    Task<Document?> FindDocumentAsync(DocumentKind kind, string key);

    /// <summary>Those that there are, in any order.</summary>
    Task<IReadOnlyList<Document>> FindDocumentsAsync(DocumentKind kind, IReadOnlyCollection<string> keys);

    /// <summary>The latest created first, those of one instant by their keys (ordinal), from behind a place on.</summary>
    Task<IReadOnlyList<Document>> ListDocumentsAsync(DocumentKind kind, DocumentFilter filter, DocumentPlace? after, int max);

    /// <summary>
    /// Stores a document if the one that is there has this version, 0 standing for none; its version is then one more, and it keeps its time of creation.
    /// </summary>
    /// <returns>False where another version is there: nothing is stored.</returns>
    Task<bool> TryWriteDocumentAsync(Document document, long ifVersion);

    /// <summary>False where there is none.</summary>
    Task<bool> RemoveDocumentAsync(DocumentKind kind, string key);
}
