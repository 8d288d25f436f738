using FraudEngine.Domain;
using FraudEngine.Entities;

namespace FraudEngine.Storage.Sqlite;

/// <summary>Reads the outbox. Called on the thread of its connection only.</summary>
internal sealed class SqliteAlerts(SqliteConnection connection)
{
    public IReadOnlyList<StoredAlert> Read(byte[]? accountId, long after, int max)
    {
        using var query = connection.Prepare(
            $"""
            SELECT l.position, a.id, j.sequence, j.entry FROM alerts l CROSS JOIN journal j ON j.position = l.position CROSS JOIN accounts a ON a.number = l.account
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
            var decided = new TransactionDecided();
            EntryCodec.Read(query.Blob(3), query.Blob(1), query.Int64(2), decided);
            alerts.Add(new StoredAlert(query.Int64(0), decided.Transaction, decided.Decision));
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

    public long Newest() => connection.Scalar("SELECT max(position) FROM alerts");
}
