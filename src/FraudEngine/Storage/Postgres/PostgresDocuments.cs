using Npgsql;
using static FraudEngine.Storage.Postgres.PostgresCommands;

namespace FraudEngine.Storage.Postgres;

/// <summary>Documents in their table.</summary>
internal static class PostgresDocuments
{
    private const string Columns = "kind, key, account, status, owner, created, updated, version, body";

    public static async Task<Document?> FindAsync(NpgsqlConnection connection, DocumentKind kind, string key) =>
        (await connection.RowsAsync($"SELECT {Columns} FROM documents WHERE kind = $1 AND key = $2", static row => Read(row, 0), Int((int)kind), Text(key))).SingleOrDefault();

    public static Task<List<Document>> FindAsync(NpgsqlConnection connection, DocumentKind kind, IReadOnlyCollection<string> keys) =>
        connection.RowsAsync($"SELECT {Columns} FROM documents WHERE kind = $1 AND key = ANY ($2)", static row => Read(row, 0), Int((int)kind), Texts([.. keys]));

    public static Task<List<Document>> ListAsync(NpgsqlConnection connection, DocumentKind kind, DocumentFilter filter, DocumentPlace? after, int max)
    {
        var place = after ?? new DocumentPlace(long.MaxValue, "");
        return connection.RowsAsync(
            ListSql(filter),
            static row => Read(row, 0),
            Int((int)kind),
            Long(place.CreatedTicks),
            Text(place.Key),
            Int(max),
            Text(filter.Account ?? ""),
            Text(filter.Owner ?? ""),
            Texts(StatusesOf(filter)));
    }

    /// <summary>False where another version than this is there, 0 standing for none.</summary>
    public static async Task<bool> TryWriteAsync(NpgsqlConnection connection, Document document, long ifVersion)
    {
        await using var write = connection.Command(
            ifVersion == 0
                ? $"INSERT INTO documents ({Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8) ON CONFLICT (kind, key) DO NOTHING"
                : """
                UPDATE documents SET account = $3, status = $4, owner = $5, updated = $7, version = version + 1, body = $8
                WHERE kind = $1 AND key = $2 AND version = $9
                """,
            Int((int)document.Kind),
            Text(document.Key),
            Text(document.Account),
            Text(document.Status),
            Text(document.Owner),
            Long(document.CreatedTicks),
            Long(document.UpdatedTicks),
            Bytes(document.Body),
            Long(ifVersion));
        return await write.ExecuteNonQueryAsync() > 0;
    }

    public static async Task<bool> RemoveAsync(NpgsqlConnection connection, DocumentKind kind, string key)
    {
        await using var delete = connection.Command("DELETE FROM documents WHERE kind = $1 AND key = $2", Int((int)kind), Text(key));
        return await delete.ExecuteNonQueryAsync() > 0;
    }

    /// <summary>Reads those that were asked for with look-ups.</summary>
    public static async Task AnswerAsync(NpgsqlConnection connection, List<Lookup> lookups)
    {
        var asked = lookups.FindAll(static lookup => lookup.WithDocument is not null);
        if (asked.Count == 0)
        {
            return;
        }

        var documents = await connection.RowsAsync(
            $"""
            SELECT r.n, d.* FROM unnest($1::int[], $2::text[]) WITH ORDINALITY AS r (kind, key, n)
            CROSS JOIN LATERAL (SELECT {Columns} FROM documents WHERE kind = r.kind AND key = r.key OFFSET 0) d
            """,
            static row => (Place: row.GetInt64(0), Document: Read(row, 1)),
            Ints(asked.ConvertAll(static lookup => (int)lookup.WithDocument!.Value.Kind)),
            Texts(asked.ConvertAll(static lookup => lookup.WithDocument!.Value.Key)));
        documents.ForEach(found => asked[(int)found.Place - 1].Document = found.Document);
    }

    /// <summary>Adds the statement that stores documents where there are none of their keys.</summary>
    public static void Keep(NpgsqlBatch batch, IReadOnlyCollection<Document> documents) => Insert(batch, documents, "NOTHING");

    /// <summary>Adds the statement that stores documents in place of others; each raises the version by its own.</summary>
    public static void Replace(NpgsqlBatch batch, IReadOnlyCollection<Document> documents) => Insert(
        batch,
        documents,
        """
        UPDATE SET account = excluded.account, status = excluded.status, owner = excluded.owner, updated = excluded.updated,
            version = documents.version + excluded.version, body = excluded.body
        """);

    /// <summary>A walk down one index from the place on; of several statuses each has a walk of its own.</summary>
    internal static string ListSql(DocumentFilter filter)
    {
        var (hasAccount, hasOwner, hasStatuses) = (!string.IsNullOrEmpty(filter.Account), !string.IsNullOrEmpty(filter.Owner), StatusesOf(filter).Count > 0);
        const string order = "ORDER BY created DESC, key LIMIT $4";
        var walk = $"SELECT {Columns} FROM documents WHERE kind = $1 AND created <= $2 AND (created < $2 OR key > $3)"
            + (hasAccount ? " AND account = $5 AND account <> ''" : "")
            + (hasOwner ? " AND owner = $6 AND owner <> ''" : "");
        return hasAccount || hasOwner || !hasStatuses
            ? $"{walk} {(hasStatuses ? "AND status = ANY ($7)" : "")} {order}"
            : $"SELECT d.* FROM unnest($7) AS r (status) CROSS JOIN LATERAL ({walk} AND status = r.status COLLATE \"C\" AND status <> '' {order}) d {order}";
    }

    private static List<string> StatusesOf(DocumentFilter filter) => [.. (filter.Statuses ?? []).Where(static status => status.Length > 0).Distinct()];

    private static void Insert(NpgsqlBatch batch, IReadOnlyCollection<Document> documents, string otherwise)
    {
        if (documents.Count > 0)
        {
            batch.Add(
                $"""
                INSERT INTO documents ({Columns})
                SELECT * FROM unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bytea[])
                ON CONFLICT (kind, key) DO {otherwise}
                """,
                Ints([.. documents.Select(static document => (int)document.Kind)]),
                Texts([.. documents.Select(static document => document.Key)]),
                Texts([.. documents.Select(static document => document.Account)]),
                Texts([.. documents.Select(static document => document.Status)]),
                Texts([.. documents.Select(static document => document.Owner)]),
                Longs([.. documents.Select(static document => document.CreatedTicks)]),
                Longs([.. documents.Select(static document => document.UpdatedTicks)]),
                Longs([.. documents.Select(static document => document.Version)]),
                Blobs([.. documents.Select(static document => document.Body)]));
        }
    }

    private static Document Read(NpgsqlDataReader row, int from) => new(
        (DocumentKind)row.GetInt32(from), row.GetString(from + 1), row.GetString(from + 2), row.GetString(from + 3), row.GetString(from + 4), row.GetInt64(from + 5),
        row.GetInt64(from + 6), row.GetFieldValue<byte[]>(from + 8), row.GetInt64(from + 7));
}
