using Npgsql;

namespace FraudEngine.Storage.Postgres;

/// <summary>
/// The documents of what is committed as one. A statement writes each row once, so those of a key are put together: first what is to be kept where there is
/// none, then what replaces, with as many versions as it was replaced.
/// </summary>
internal sealed class PostgresGroupDocuments
{
    // In one order everywhere, so that two nodes don't wait for each other.
    private readonly SortedDictionary<(DocumentKind Kind, string Key), Document> _kept = new(new ByKey());
    private readonly SortedDictionary<(DocumentKind Kind, string Key), Document> _replacing = new(new ByKey());

    public void Clear()
    {
        _kept.Clear();
        _replacing.Clear();
    }

    public void Add(Document document, DocumentWrite how)
    {
        var key = (document.Kind, document.Key);
        var isReplaced = _replacing.TryGetValue(key, out var before);
        if (how == DocumentWrite.Replace)
        {
            _replacing[key] = document with { CreatedTicks = before?.CreatedTicks ?? document.CreatedTicks, Version = (before?.Version ?? 0) + 1 };
        }
        else if (!isReplaced)
        {
            _kept.TryAdd(key, document with { Version = 1 });
        }
    }

    public void Write(NpgsqlBatch batch)
    {
        PostgresDocuments.Keep(batch, _kept.Values);
        PostgresDocuments.Replace(batch, _replacing.Values);
    }

    private sealed class ByKey : IComparer<(DocumentKind Kind, string Key)>
    {
        public int Compare((DocumentKind Kind, string Key) x, (DocumentKind Kind, string Key) y) =>
            x.Kind != y.Kind ? x.Kind.CompareTo(y.Kind) : string.CompareOrdinal(x.Key, y.Key);
    }
}
