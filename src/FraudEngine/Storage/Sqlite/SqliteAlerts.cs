using FraudEngine.Domain;
using FraudEngine.Entities;

namespace FraudEngine.Storage.Sqlite;

/// <summary>Reads the outbox. Called on the thread of its connection only.</summary>
internal sealed class SqliteAlerts(SqliteConnection connection)
{
    private const string Sql =
        """
        SELECT l.position, a.id, j.sequence, j.entry, l.committed FROM alerts l
        CROSS JOIN journal j ON j.position = l.position CROSS JOIN accounts a ON a.number = l.account
        """;

    public IReadOnlyList<StoredAlert> Read(byte[]? accountId, long after, int max)
    {
        using var query = connection.Prepare(
            $"""
            {Sql}
            WHERE l.position > ? {(accountId is null ? "" : "AND l.account = (SELECT number FROM accounts WHERE id = ?)")} ORDER BY l.position LIMIT {max}
            """);
        query.Bind(1, after);
        if (accountId is not null)
        {
            query.Bind(2, accountId.AsSpan());
        }

        var alerts = new List<StoredAlert>();
        while (query.Step())
        {
            alerts.Add(Alert(query));
        }

        return alerts;
    }

    public long? Find(AlertId id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.Write(bytes);
        using var query = connection.Prepare("SELECT position FROM alerts WHERE id = ?");
        return query.Bind(1, bytes).Step() ? query.Int64(0) : null;
    }

    /// <summary>Null where there is none of that id.</summary>
    public StoredAlert? Read(AlertId id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.Write(bytes);
        using var query = connection.Prepare($"{Sql} WHERE l.id = ?");
        return query.Bind(1, bytes).Step() ? Alert(query) : null;
    }

    public long Newest() => connection.Scalar("SELECT max(position) FROM alerts");

    private static StoredAlert Alert(SqliteStatement row)
    {
        var decided = new TransactionDecided();
        EntryCodec.Read(row.Blob(3), row.Blob(1), row.Int64(2), decided);
        return new StoredAlert(row.Int64(0), decided.Transaction, decided.Decision, row.Int64(4));
    }
}
