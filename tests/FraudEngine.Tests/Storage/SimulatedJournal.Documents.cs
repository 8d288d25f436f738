using FraudEngine.Storage;

namespace FraudEngine.Tests.Storage;

/// <summary>Documents in memory; those that go with a batch are there once it is committed, others at once.</summary>
internal partial class SimulatedJournal
{
    public Task<Document?> FindDocumentAsync(DocumentKind kind, string key) => Read(() => _store.Documents.GetValueOrDefault((kind, key)));

    public Task<IReadOnlyList<Document>> FindDocumentsAsync(DocumentKind kind, IReadOnlyCollection<string> keys) => Read<IReadOnlyList<Document>>(() =>
        [.. keys.Distinct().Select(key => _store.Documents.GetValueOrDefault((kind, key))).OfType<Document>()]);

    public Task<IReadOnlyList<Document>> ListDocumentsAsync(DocumentKind kind, DocumentFilter filter, DocumentPlace? after, int max) => Read<IReadOnlyList<Document>>(() =>
        [.. _store.Documents.Values
            .Where(document => document.Kind == kind && Matches(document, filter) && (after is not { } place || IsBehind(document, place)))
            .OrderByDescending(document => document.CreatedTicks)
            .ThenBy(document => document.Key, Utf8Order.Instance)
            .Take(max)]);

    public Task<bool> TryWriteDocumentAsync(Document document, long ifVersion) => Write(() =>
    {
        if ((_store.Documents.GetValueOrDefault((document.Kind, document.Key))?.Version ?? 0) != ifVersion)
        {
            return false;
        }

        Store(document);
        return true;
    });

    public Task<bool> RemoveDocumentAsync(DocumentKind kind, string key) => Write(() => _store.Documents.Remove((kind, key)));

    private static bool Matches(Document document, DocumentFilter filter)
    {
        var statuses = (filter.Statuses ?? []).Where(static status => status.Length > 0).ToList();
        return (string.IsNullOrEmpty(filter.Account) || document.Account == filter.Account)
            && (string.IsNullOrEmpty(filter.Owner) || document.Owner == filter.Owner)
            && (statuses.Count == 0 || statuses.Contains(document.Status));
    }

    private static bool IsBehind(Document document, DocumentPlace place) => document.CreatedTicks < place.CreatedTicks
        || (document.CreatedTicks == place.CreatedTicks && Utf8Order.Instance.Compare(document.Key, place.Key) > 0);

    private void Store(Document document)
    {
        var known = _store.Documents.GetValueOrDefault((document.Kind, document.Key));
        _store.Documents[(document.Kind, document.Key)] =
            document with { CreatedTicks = known?.CreatedTicks ?? document.CreatedTicks, Version = (known?.Version ?? 0) + 1, Body = [.. document.Body] };
    }

    private void StoreDocuments(JournalBatch batch)
    {
        lock (_store.Gate)
        {
            foreach (var (document, how) in batch.Documents)
            {
                if (how == DocumentWrite.Replace || !_store.Documents.ContainsKey((document.Kind, document.Key)))
                {
                    Store(document);
                }
            }
        }
    }
}
