namespace FraudEngine.Storage.Sqlite;

/// <summary>Documents in their table. Called on the thread of its connection only.</summary>
internal sealed class SqliteDocuments : IDisposable
{
    private const string Columns = "kind, key, account, status, owner, created, updated, version, body";

    private readonly SqliteConnection _connection;
    private readonly SqliteStatement _find;
    private readonly SqliteStatement _insert;
    private readonly SqliteStatement _replace;
    private readonly SqliteStatement _update;
    private readonly SqliteStatement _delete;

    public SqliteDocuments(SqliteConnection connection)
    {
        const string insert = $"INSERT INTO documents ({Columns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 1, ?8) ON CONFLICT (kind, key) DO ";
        _connection = connection;
        _find = connection.Prepare($"SELECT {Columns} FROM documents WHERE kind = ? AND key = ?");
        _insert = connection.Prepare(insert + "NOTHING");
        _replace = connection.Prepare(
            insert
            + "UPDATE SET account = excluded.account, status = excluded.status, owner = excluded.owner, updated = excluded.updated, version = version + 1, body = excluded.body");
        _update = connection.Prepare(
            "UPDATE documents SET account = ?3, status = ?4, owner = ?5, updated = ?7, version = version + 1, body = ?8 WHERE kind = ?1 AND key = ?2 AND version = ?9");
        _delete = connection.Prepare("DELETE FROM documents WHERE kind = ? AND key = ?");
    }

    /// <summary>Null where there is none.</summary>
    public Document? Find(DocumentKind kind, string key)
    {
        using (_find.Rows())
        {
            return _find.Bind(1, (long)kind).Bind(2, key).Step() ? Read(_find) : null;
        }
    }

    public IReadOnlyList<Document> Find(DocumentKind kind, IReadOnlyCollection<string> keys) => [.. keys.Distinct().Select(key => Find(kind, key)).OfType<Document>()];

    public IReadOnlyList<Document> List(DocumentKind kind, DocumentFilter filter, DocumentPlace? after, int max)
    {
        using var query = _connection.Prepare(ListSql(filter));
        var place = after ?? new DocumentPlace(long.MaxValue, "");
        query.Bind(1, (long)kind).Bind(2, place.CreatedTicks).Bind(3, place.Key).Bind(4, max);
        if (filter.Account is { Length: > 0 } account)
        {
            query.Bind(5, account);
        }

        if (filter.Owner is { Length: > 0 } owner)
        {
            query.Bind(6, owner);
        }

        var parameter = 7;
        foreach (var status in StatusesOf(filter))
        {
            query.Bind(parameter++, status);
        }

        var documents = new List<Document>();
        while (query.Step())
        {
            documents.Add(Read(query));
        }

        return documents;
    }

    /// <summary>Writes what goes with a batch.</summary>
    public void Write(Document document, DocumentWrite how) => Bind(how == DocumentWrite.Replace ? _replace : _insert, document).Run();

    /// <summary>Writes a document in place of one of that version, 0 standing for none; false where another is there.</summary>
    public bool TryWrite(Document document, long ifVersion)
    {
        if (ifVersion == 0)
        {
            Bind(_insert, document).Run();
        }
        else
        {
            Bind(_update, document).Bind(9, ifVersion).Run();
        }

        return HasChanged();
    }

    /// <summary>False where there is none.</summary>
    public bool Remove(DocumentKind kind, string key)
    {
        _delete.Bind(1, (long)kind).Bind(2, key).Run();
        return HasChanged();
    }

    public void Dispose()
    {
        foreach (var statement in (SqliteStatement[])[_find, _insert, _replace, _update, _delete])
        {
            statement.Dispose();
        }
    }

    /// <summary>
    /// Each part is a walk down one index from the place on, which is said, as SQLite has no statistics to choose by. Of several statuses each has a walk of its own.
    /// </summary>
    internal static string ListSql(DocumentFilter filter)
    {
        var statuses = StatusesOf(filter);
        var parameters = statuses.Select(static (_, i) => $"?{i + 7}").ToList();
        var hasAccount = !string.IsNullOrEmpty(filter.Account);
        var hasOwner = !string.IsNullOrEmpty(filter.Owner);
        var index = hasAccount ? "documents_account" : hasOwner ? "documents_owner" : statuses.Count > 0 ? "documents_status" : "documents_created";
        var walk = $"SELECT {Columns} FROM documents INDEXED BY {index} WHERE kind = ?1 AND created <= ?2 AND (created < ?2 OR key > ?3)"
            + (hasAccount ? " AND account = ?5 AND account <> ''" : "")
            + (hasOwner ? " AND owner = ?6 AND owner <> ''" : "");
        const string order = " ORDER BY created DESC, key LIMIT ?4";
        if (hasAccount || hasOwner || statuses.Count == 0)
        {
            return walk + (statuses.Count > 0 ? $" AND status IN ({string.Join(", ", parameters)})" : "") + order;
        }

        var walks = parameters.ConvertAll(status => $"{walk} AND status = {status} AND status <> ''{order}");
        return walks.Count == 1 ? walks[0] : string.Join(" UNION ALL ", walks.Select(static part => $"SELECT * FROM ({part})")) + order;
    }

    private static List<string> StatusesOf(DocumentFilter filter) => [.. (filter.Statuses ?? []).Where(static status => status.Length > 0).Distinct()];

    private static SqliteStatement Bind(SqliteStatement statement, Document document) => statement
        .Bind(1, (long)document.Kind)
        .Bind(2, document.Key)
        .Bind(3, document.Account)
        .Bind(4, document.Status)
        .Bind(5, document.Owner)
        .Bind(6, document.CreatedTicks)
        .Bind(7, document.UpdatedTicks)
        .Bind(8, document.Body.AsSpan());

    private static Document Read(SqliteStatement row) => new(
        (DocumentKind)row.Int64(0), row.Text(1), row.Text(2), row.Text(3), row.Text(4), row.Int64(5), row.Int64(6), row.Blob(8).ToArray(), row.Int64(7));

    private bool HasChanged() => _connection.Scalar("SELECT changes()") > 0;
}
