using System.Globalization;
using FraudEngine.Domain;
using FraudEngine.Entities;

namespace FraudEngine.Storage.Sqlite;

/// <summary>
/// Writes which rows of the journal name which terminals, merchants, devices and counterparties, as <see cref="JournalIndex"/> has it for accounts: the newest
/// positions of each wait in memory, and are written as one segment when there are enough of them or they are old. Called on the writing thread only.
/// </summary>
internal sealed class EntityIndexWriter : IDisposable
{
    private const string KindsSetting = "entity_kinds";
    private const string TailStartSetting = "entity_tail_start";

    // At least so many segments are written with a commit that needs any; a larger commit writes as many as it has rows.
    private const int SegmentsPerCommitMin = 64;

    // Rows read for the index before they are committed.
    private const int RowsPerCommit = 20_000;

    private readonly SqliteConnection _connection;
    private readonly JournalIndex _index;
    private readonly EntityNumbers _numbers;
    private readonly SqliteStatement _segment;
    private readonly SqliteStatement _snapshot;
    private readonly SqliteStatement _setting;
    private readonly EntryEntities _named = new();
    private readonly List<(long Entity, long Position)> _added = [];
    private readonly HashSet<long> _due = [];
    private EntityKind[] _kinds = [];
    private long _storedTailStart;

    public EntityIndexWriter(SqliteConnection connection, JournalIndex index)
    {
        _connection = connection;
        _index = index;
        _numbers = new EntityNumbers(connection);
        _segment = connection.Prepare("INSERT OR REPLACE INTO entity_segments (entity, first, positions) VALUES (?, ?, ?)");
        _snapshot = connection.Prepare("INSERT OR REPLACE INTO entity_snapshots (entity, position, state) VALUES (?, ?, ?)");
        _setting = connection.Prepare("INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)");
    }

    /// <summary>Makes sure that all rows of the journal are indexed by these kinds, and will be; forgets the index of other kinds.</summary>
    public void Begin(IReadOnlySet<EntityKind> kinds, Action<long, long>? progress)
    {
        var stored = StoredKinds();
        Forget([.. EntityKinds.Visited.Where(kind => !stored.Contains(kind) || !kinds.Contains(kind))]);
        _kinds = [.. stored.Where(kinds.Contains)];
        ReadTail();
        EntityKind[] missing = [.. kinds.Where(kind => !stored.Contains(kind)).Order()];
        if (missing.Length > 0)
        {
            Build(missing, progress);
            _kinds = [.. kinds.Order()];
        }

        Store(KindsSetting, string.Join(' ', _kinds.Select(EntityKinds.NameOf)));
    }

    /// <summary>Adds a row that is being committed.</summary>
    public void Add(ReadOnlySpan<byte> entry, long position)
    {
        if (_kinds.Length > 0 && _named.TryRead(entry))
        {
            Add(_kinds, position);
        }
    }

    public void Write(in EntitySnapshotWrite snapshot) => _snapshot.Bind(1, _numbers.Of(snapshot.Key)).Bind(2, snapshot.Position).Bind(3, snapshot.State).Run();

    /// <summary>Writes the segments that are due, within the commit.</summary>
    public void WriteSegments(long nextPosition)
    {
        _index.ChooseDue(nextPosition, Math.Max(SegmentsPerCommitMin, _added.Count), _due);
        foreach (var entity in _due)
        {
            var rows = _index.Waiting(entity);
            _segment.Bind(1, entity).Bind(2, rows[0].Position).Bind(3, PositionRun.Encode(rows)).Run();
        }

        if (_index.TailStart > _storedTailStart + _index.TailStartLagMax)
        {
            StoreTailStart();
        }
    }

    /// <summary>After the commit: what was written to segments waits no longer, and what was added does.</summary>
    public void Committed(long nextPosition)
    {
        using (_index.Open())
        {
            foreach (var entity in _due)
            {
                _index.Remove(entity);
            }

            foreach (var (entity, position) in _added)
            {
                _index.Add(entity, new IndexedRow(position, position, 0));
            }
        }

        _due.Clear();
        _added.Clear();
        _numbers.Committed();
        _index.MoveTail(nextPosition);
    }

    /// <summary>The commit failed.</summary>
    public void Undo()
    {
        _added.Clear();
        _storedTailStart = 0;
        _numbers.Undo();
    }

    public void Dispose()
    {
        _numbers.Dispose();
        _segment.Dispose();
        _snapshot.Dispose();
        _setting.Dispose();
    }

    private void Add(EntityKind[] kinds, long position)
    {
        Span<byte> key = stackalloc byte[EntityKey.BytesMax];
        foreach (var kind in kinds)
        {
            var id = _named.IdOf(kind);
            if (!id.IsEmpty)
            {
                _added.Add((_numbers.Of(key[..EntityKey.Write(kind, id, key)]), position));
            }
        }
    }

    private EntityKind[] StoredKinds()
    {
        using var find = _connection.Prepare("SELECT value FROM settings WHERE name = ?");
        return find.Bind(1, KindsSetting).Step() && find.Text(0) is { Length: > 0 } names ? [.. names.Split(' ').Select(name => EntityKinds.Find(name))] : [];
    }

    /// <summary>Forgets the index of kinds that are not kept: a part of it may be there where building it was broken off.</summary>
    private void Forget(EntityKind[] kinds)
    {
        if (_connection.Scalar("SELECT count(*) FROM (SELECT 1 FROM entities LIMIT 1)") == 0)
        {
            return;
        }

        foreach (var kind in kinds)
        {
            var ofKind = $"(SELECT number FROM entities WHERE key >= x'{(int)kind:x2}' AND key < x'{(int)kind + 1:x2}')";
            _connection.Execute($"BEGIN IMMEDIATE;DELETE FROM entity_segments WHERE entity IN {ofKind};DELETE FROM entity_snapshots WHERE entity IN {ofKind};COMMIT");
        }

        _numbers.Clear();
    }

    /// <summary>Finds the rows that are in no segment yet.</summary>
    private void ReadTail()
    {
        using var start = _connection.Prepare("SELECT value FROM settings WHERE name = ?");
        _storedTailStart = start.Bind(1, TailStartSetting).Step() ? long.Parse(start.Text(0), CultureInfo.InvariantCulture) : 1;
        using var indexed = _connection.Prepare("SELECT positions FROM entity_segments WHERE entity = ? ORDER BY first DESC LIMIT 1");
        using var rows = _connection.Prepare("SELECT position, entry FROM journal WHERE position >= ? ORDER BY position");
        rows.Bind(1, _storedTailStart);
        var lastIndexed = new Dictionary<long, long>();
        var positions = new List<long>();
        while (rows.Step())
        {
            _added.Clear();
            Add(rows.Blob(1), rows.Int64(0));
            foreach (var (entity, position) in _added)
            {
                if (!lastIndexed.TryGetValue(entity, out var last))
                {
                    using (indexed.Rows())
                    {
                        positions.Clear();
                        if (indexed.Bind(1, entity).Step())
                        {
                            PositionRun.Decode(indexed.Blob(0), positions);
                        }
                    }

                    lastIndexed[entity] = last = positions.Count > 0 ? positions[^1] : 0;
                }

                if (position > last)
                {
                    _index.Add(entity, new IndexedRow(position, position, 0));
                }
            }
        }

        _added.Clear();
        _numbers.Committed();
        _index.MoveTail(_connection.Scalar("SELECT max(position) FROM journal") + 1);
    }

    /// <summary>Indexes the whole journal by kinds that it was not indexed by. Segments only: what is in them need not wait in memory.</summary>
    private void Build(EntityKind[] kinds, Action<long, long>? progress)
    {
        var total = _connection.Scalar("SELECT max(position) FROM journal");
        using var rows = _connection.Prepare("SELECT position, entry FROM journal WHERE position > ? ORDER BY position LIMIT ?");
        var waiting = new Dictionary<long, List<IndexedRow>>();
        for (var after = 0L; after < total;)
        {
            _added.Clear();
            _connection.Transact(() =>
            {
                using (rows.Rows())
                {
                    rows.Bind(1, after).Bind(2, RowsPerCommit);
                    while (rows.Step())
                    {
                        after = rows.Int64(0);
                        if (_named.TryRead(rows.Blob(1)))
                        {
                            Add(kinds, after);
                        }
                    }
                }

                foreach (var (entity, position) in _added)
                {
                    if (!waiting.TryGetValue(entity, out var ofEntity))
                    {
                        waiting.Add(entity, ofEntity = []);
                    }

                    ofEntity.Add(new IndexedRow(position, position, 0));
                }

                WriteBuilt(waiting);
                return true;
            });
            _numbers.Committed();
            progress?.Invoke(after, total);
        }

        _added.Clear();
    }

    /// <summary>Writes all that waits, so that memory does not grow with the journal.</summary>
    private void WriteBuilt(Dictionary<long, List<IndexedRow>> waiting)
    {
        foreach (var (entity, rows) in waiting.OrderBy(static ofEntity => ofEntity.Key))
        {
            _segment.Bind(1, entity).Bind(2, rows[0].Position).Bind(3, PositionRun.Encode(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(rows))).Run();
        }

        waiting.Clear();
    }

    private void StoreTailStart()
    {
        Store(TailStartSetting, _index.TailStart.ToString(CultureInfo.InvariantCulture));
        _storedTailStart = _index.TailStart;
    }

    private void Store(string setting, string value) => _setting.Bind(1, setting).Bind(2, value).Run();
}
