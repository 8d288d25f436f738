namespace FraudEngine.Storage.Sqlite;

/// <summary>Reads what is committed of an entity, on a reader's connection.</summary>
internal sealed class EntityIndexReader : IDisposable
{
    private readonly JournalIndex _index;
    private readonly SqliteStatement _number;
    private readonly SqliteStatement _snapshot;
    private readonly SqliteStatement _segments;
    private readonly SqliteStatement _row;
    private readonly List<IndexedRow> _waiting = [];
    private readonly List<long> _segment = [];
    private readonly List<long> _positions = [];

    public EntityIndexReader(SqliteConnection connection, JournalIndex index)
    {
        _index = index;
        _number = connection.Prepare("SELECT number FROM entities WHERE key = ?");
        _snapshot = connection.Prepare("SELECT position, state FROM entity_snapshots WHERE entity = ?");
        _segments = connection.Prepare("SELECT first, positions FROM entity_segments WHERE entity = ? AND first < ? ORDER BY first DESC LIMIT 1");
        _row = connection.Prepare("SELECT a.id, j.sequence, j.entry FROM journal j CROSS JOIN accounts a ON a.number = j.account WHERE j.position = ?");
    }

    public void Recover(EntityRecovery recovery)
    {
        var entity = NumberOf(recovery.Key);
        if (entity == 0)
        {
            return;
        }

        if (!recovery.FromStart)
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

        FindPositions(entity, recovery.SnapshotPosition);
        foreach (var position in _positions)
        {
            recovery.Rows.Add(Row(position));
        }
    }

    public void Dispose()
    {
        foreach (var statement in (SqliteStatement[])[_number, _snapshot, _segments, _row])
        {
            statement.Dispose();
        }
    }

    private long NumberOf(byte[] key)
    {
        using (_number.Rows())
        {
            return _number.Bind(1, key.AsSpan()).Step() ? _number.Int64(0) : 0;
        }
    }

    /// <summary>Fills <see cref="_positions"/> with those behind <paramref name="after"/>, in ascending order.</summary>
    private void FindPositions(long entity, long after)
    {
        // First what waits in memory, then the disk: a row that moves from here to there meanwhile is found twice, never missed.
        _positions.Clear();
        _waiting.Clear();
        _index.Copy(entity, after, _waiting);
        for (var i = _waiting.Count - 1; i >= 0; i--)
        {
            _positions.Add(_waiting[i].Position);
        }

        var before = _waiting.Count > 0 ? _waiting[0].Position : long.MaxValue;
        while (before > after + 1 && TryReadSegment(entity, before))
        {
            for (var i = _segment.Count - 1; i >= 0 && _segment[i] > after; i--)
            {
                if (_segment[i] < before)
                {
                    _positions.Add(_segment[i]);
                }
            }

            before = _segment[0];
        }

        _positions.Reverse();
    }

    /// <summary>Reads the newest segment that begins before a position.</summary>
    private bool TryReadSegment(long entity, long before)
    {
        _segment.Clear();
        using (_segments.Rows())
        {
            if (_segments.Bind(1, entity).Bind(2, before).Step())
            {
                PositionRun.Decode(_segments.Blob(1), _segment);
            }
        }

        return _segment.Count > 0;
    }

    private JournalRow Row(long position)
    {
        using (_row.Rows())
        {
            return _row.Bind(1, position).Step()
                ? new JournalRow(position, _row.Blob(0).ToArray(), _row.Int64(1), _row.Blob(2).ToArray())
                : throw new InvalidDataException($"The journal has no row {position}, but its index of entities has.");
        }
    }
}
