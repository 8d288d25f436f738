using FraudEngine.Domain;

namespace FraudEngine.Storage.Sqlite;

/// <summary>Recovers entities other than accounts from what is committed. Called on the thread of its connection only.</summary>
internal sealed class EntityReader : IDisposable
{
    private readonly EntityIndex _index;
    private readonly SqliteStatement _entity;
    private readonly SqliteStatement _snapshot;
    private readonly SqliteStatement _segments;
    private readonly SqliteStatement _open;
    private readonly SqliteStatement _row;

    public EntityReader(SqliteConnection connection, EntityIndex index)
    {
        _index = index;
        _entity = connection.Prepare("SELECT number FROM entities WHERE key = ?");
        _snapshot = connection.Prepare("SELECT position, state FROM entity_snapshots WHERE entity = ?");

        // From the segment on in which the next position would be.
        _segments = connection.Prepare(
            """
            SELECT rows, first, last FROM entity_segments WHERE entity = ?1
            AND first >= coalesce((SELECT first FROM entity_segments WHERE entity = ?1 AND first <= ?2 ORDER BY first DESC LIMIT 1), 0) ORDER BY first
            """);
        _open = connection.Prepare("SELECT rows, first, last FROM open_entity_segments WHERE entity = ?");
        _row = connection.Prepare("SELECT a.id, j.sequence, j.entry FROM journal j CROSS JOIN accounts a ON a.number = j.account WHERE j.position = ?");
    }

    /// <summary>Throws <see cref="InvalidDataException"/> where the index is damaged, or has nothing of the entity's kind.</summary>
    public void Recover(EntityRecovery recovery)
    {
        var kind = recovery.Key.Length == 0 ? EntityKind.None : EntityKey.KindOf(recovery.Key);
        if (!_index.Has(kind))
        {
            throw new InvalidDataException($"The journal is not indexed by entities of kind {kind}.");
        }

        var entity = NumberOf(recovery.Key);
        if (entity == 0)
        {
            return;
        }

        if (!recovery.FromStart)
        {
            ReadSnapshot(entity, recovery);
        }

        foreach (var position in Positions(entity, recovery.SnapshotPosition))
        {
            recovery.Rows.Add(Row(position));
        }
    }

    public void Dispose()
    {
        foreach (var statement in (SqliteStatement[])[_entity, _snapshot, _segments, _open, _row])
        {
            statement.Dispose();
        }
    }

    private long NumberOf(byte[] key)
    {
        using (_entity.Rows())
        {
            return _entity.Bind(1, key.AsSpan()).Step() ? _entity.Int64(0) : 0;
        }
    }

    private void ReadSnapshot(long entity, EntityRecovery recovery)
    {
        using (_snapshot.Rows())
        {
            if (_snapshot.Bind(1, entity).Step())
            {
                recovery.SnapshotPosition = _snapshot.Int64(0);
                recovery.Snapshot = _snapshot.Blob(1).ToArray();
            }
        }
    }

    /// <summary>Those above <paramref name="after"/>.</summary>
    private List<long> Positions(long entity, long after)
    {
        // First what waits in memory, then the open segment, then the full ones: a row that moves on meanwhile is found twice, never missed.
        List<EntityRow> waiting = [];
        _index.Waiting.Copy(entity, after, waiting);
        List<EntityRow> open = [];
        using (_open.Rows())
        {
            Decode(_open.Bind(1, entity), open);
        }

        List<EntityRow> full = [];
        using (_segments.Rows())
        {
            Decode(_segments.Bind(1, entity).Bind(2, after), full);
        }

        // Of these three each comes after the one before, but for what was found twice.
        List<long> positions = [];
        foreach (var row in (IEnumerable<EntityRow>)[.. full, .. open, .. waiting])
        {
            if (row.Position > after)
            {
                positions.Add(row.Position);
                after = row.Position;
            }
        }

        return positions;
    }

    private static void Decode(SqliteStatement segments, List<EntityRow> rows)
    {
        while (segments.Step())
        {
            EntityRow.Decode(segments.Blob(0), segments.Int64(1), segments.Int64(2), rows);
        }
    }

    private JournalRow Row(long position)
    {
        using (_row.Rows())
        {
            return _row.Bind(1, position).Step()
                ? new JournalRow(position, _row.Blob(0).ToArray(), _row.Int64(1), _row.Blob(2).ToArray())
                : throw new InvalidDataException($"The journal has no row {position}, but its index has.");
        }
    }
}
