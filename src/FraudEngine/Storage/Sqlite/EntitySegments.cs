using System.Collections.Immutable;

namespace FraudEngine.Storage.Sqlite;

/// <summary>Writes the index of entities on disk: of each entity runs of rows, in the order of their positions, without overlap. Called on the writing thread only.</summary>
internal sealed class EntitySegments : IDisposable
{
    /// <summary>Rows in one segment: what is read at a time.</summary>
    public const int RowsMax = 1024;

    private readonly byte[] _bytes = new byte[EntityRow.BytesMax(RowsMax)];
    private readonly SqliteStatement _insert;
    private readonly SqliteStatement _last;
    private readonly ImmutableArray<SqliteStatement> _forget;

    public EntitySegments(SqliteConnection connection)
    {
        _insert = connection.Prepare("INSERT INTO entity_segments (entity, first, last, rows) VALUES (?, ?, ?, ?)");
        _last = connection.Prepare("SELECT last FROM entity_segments WHERE entity = ? ORDER BY first DESC LIMIT 1");
        _forget =
        [
            connection.Prepare("DELETE FROM entity_segments WHERE entity = ?"),
            connection.Prepare("DELETE FROM entity_snapshots WHERE entity = ?"),
            connection.Prepare("DELETE FROM entities WHERE number = ?"),
        ];
    }

    /// <summary>Adds rows behind those that the entity has.</summary>
    public void Add(long entity, ReadOnlySpan<EntityRow> rows)
    {
        for (; rows.Length > 0; rows = rows[Math.Min(RowsMax, rows.Length)..])
        {
            var run = rows[..Math.Min(RowsMax, rows.Length)];
            var length = EntityRow.Encode(run, _bytes);
            _insert.Bind(1, entity).Bind(2, run[0].Position).Bind(3, run[^1].Position).Bind(4, _bytes.AsSpan(0, length)).Run();
        }
    }

    /// <summary>The position of the entity's last row in a segment; 0 where it has none.</summary>
    public long LastOf(long entity)
    {
        using (_last.Rows())
        {
            return _last.Bind(1, entity).Step() ? _last.Int64(0) : 0;
        }
    }

    /// <summary>Removes the entity, with its segments and its snapshot.</summary>
    public void Forget(long entity)
    {
        foreach (var statement in _forget)
        {
            statement.Bind(1, entity).Run();
        }
    }

    public void Dispose()
    {
        _insert.Dispose();
        _last.Dispose();
        foreach (var statement in _forget)
        {
            statement.Dispose();
        }
    }
}
