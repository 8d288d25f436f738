using System.Globalization;
using System.Runtime.InteropServices;
using FraudEngine.Domain;

namespace FraudEngine.Storage.Sqlite;

/// <summary>
/// Keeps the index of entities as entries are committed: each row is noted under the entities that its entry names, waits in memory and goes to a segment with
/// others. A kind in the setting <c>entity_kinds</c> is indexed whole, from the first entry to the newest. Called on the writing thread only.
/// </summary>
internal sealed class EntityIndexWriter : IDisposable
{
    private const string KindsSetting = "entity_kinds";
    private const string IndexSetting = "entity_tail_start";

    // Rows in a segment at most, where a scan of the journal makes many at a time.
    private const int SegmentRowsMax = 1024;

    private readonly SqliteConnection _connection;
    private readonly EntityIndex _index;
    private readonly EntityNumbers _numbers;
    private readonly Segments<EntityRow> _segments;
    private readonly IndexWriter<EntityRow> _indexWriter;
    private readonly SqliteStatement _snapshot;
    private readonly SqliteStatement _setting;
    private readonly EntityKeys _keys = new();
    private readonly List<(long Entity, long Position)> _noted = [];

    public EntityIndexWriter(SqliteConnection connection, EntityIndex index, long nextPosition)
    {
        _connection = connection;
        _index = index;
        _numbers = new EntityNumbers(connection);
        _segments = new Segments<EntityRow>(connection, "entity_segments", "entity", EntityIndex.SegmentRows, SegmentRowsMax);
        _indexWriter = new IndexWriter<EntityRow>(connection, index.Waiting, _segments, IndexSetting);
        _snapshot = connection.Prepare("INSERT OR REPLACE INTO entity_snapshots (entity, position, state) VALUES (?, ?, ?)");
        _setting = connection.Prepare("INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)");
        ReadTail();
    }

    /// <summary>Makes these the kinds that are indexed: forgets others, and reads the whole journal for those that are new.</summary>
    public void SetKinds(IReadOnlySet<EntityKind> kinds, long nextPosition, Action<long, long>? progress)
    {
        EntityKind[] wanted = [.. EntityKinds.Visited.Where(kinds.Contains)];
        EntityKind[] kept = [.. wanted.Where(_index.Has)];
        EntityKind[] added = [.. wanted.Except(kept)];
        var isChanged = added.Length > 0 || kept.Length < _index.Kinds.Length;
        try
        {
            Change(wanted, kept, added, nextPosition, progress);
        }
        finally
        {
            // Where it was broken off as well: what is in memory must be what is on the disk.
            if (isChanged)
            {
                ReadTail();
            }
        }
    }

    /// <summary>Notes a row of the transaction that is open.</summary>
    public void Note(ReadOnlySpan<byte> entry, long position)
    {
        var kinds = _index.Kinds;
        if (kinds.IsEmpty)
        {
            return;
        }

        if (!_keys.TryRead(entry))
        {
            throw new IOException("An entry was to be stored that does not tell which entities it names.");
        }

        foreach (var kind in kinds)
        {
            var key = _keys.Of(kind);
            if (!key.IsEmpty)
            {
                _noted.Add((_numbers.FindOrAdd(key), position));
            }
        }
    }

    /// <summary>Writes a snapshot; does nothing where no entry names the entity, or its kind is not indexed.</summary>
    public void Write(in EntitySnapshotWrite snapshot)
    {
        if (_numbers.Find(snapshot.Key) is var entity and > 0)
        {
            _snapshot.Bind(1, entity).Bind(2, snapshot.Position).Bind(3, snapshot.State).Run();
        }
    }

    /// <summary>Writes the segments that are due, and how far this has come.</summary>
    /// <param name="position">The first position of the transaction that is open.</param>
    public void WriteSegments(long position)
    {
        if (!_index.Kinds.IsEmpty)
        {
            _indexWriter.Write(position, _noted.Count);
        }
    }

    /// <summary>After a commit: what was written to segments waits no longer, and what was noted does.</summary>
    public void Committed()
    {
        if (_index.Kinds.IsEmpty)
        {
            return;
        }

        using (_index.Waiting.Open())
        {
            _index.Waiting.RemoveDue();
            foreach (var (entity, position) in CollectionsMarshal.AsSpan(_noted))
            {
                _index.Waiting.Add(entity, new EntityRow(position));
            }
        }

        _noted.Clear();
    }

    /// <summary>After the transaction was undone. Segments that were due still are.</summary>
    public void Undone()
    {
        _noted.Clear();
        _numbers.Forget();
        _index.Waiting.Undone();
    }

    public void Dispose()
    {
        _numbers.Dispose();
        _indexWriter.Dispose();
        _segments.Dispose();
        _snapshot.Dispose();
        _setting.Dispose();
    }

    private void Change(EntityKind[] wanted, EntityKind[] kept, EntityKind[] added, long nextPosition, Action<long, long>? progress)
    {
        if (kept.Length < _index.Kinds.Length)
        {
            Store(KindsSetting, Text(kept));
        }

        using var build = new EntityIndexBuild(_connection, _numbers, _segments, _index.BuildRowsMax);
        foreach (var kind in EntityKinds.Visited.Except(kept))
        {
            // Of a kind that is no longer wanted, or what a build that was broken off has left.
            build.Forget(kind);
        }

        if (added.Length > 0)
        {
            build.Read(added, nextPosition - 1, progress);
            _connection.Transact(() =>
            {
                // Rows of the kinds kept may wait since long; of those added, none does.
                _indexWriter.Store(kept.Length > 0 ? _index.Waiting.State : nextPosition.ToString(CultureInfo.InvariantCulture));
                Store(KindsSetting, Text(wanted));
                return true;
            });
        }
    }

    /// <summary>Reads the kinds, the numbers and the journal's last rows anew.</summary>
    private void ReadTail()
    {
        EntityKind[] kinds = [.. (Setting(KindsSetting) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static name => EntityKinds.Find(name))];
        _numbers.Forget();
        _index.SetKinds(kinds);
        using (_index.Waiting.Open())
        {
            _indexWriter.Begin();
            if (kinds.Length > 0)
            {
                AddTail(kinds);
            }
        }
    }

    private void AddTail(EntityKind[] kinds)
    {
        using var rows = _connection.Prepare("SELECT position, entry FROM journal WHERE position >= ? ORDER BY position");
        rows.Bind(1, _index.Waiting.TailStart);
        while (rows.Step())
        {
            if (!_keys.TryRead(rows.Blob(1)))
            {
                continue;
            }

            foreach (var kind in kinds)
            {
                var key = _keys.Of(kind);
                if (!key.IsEmpty)
                {
                    _index.Waiting.Add(_numbers.Find(key), new EntityRow(rows.Int64(0)));
                }
            }
        }
    }

    private string? Setting(string name)
    {
        using var find = _connection.Prepare("SELECT value FROM settings WHERE name = ?");
        return find.Bind(1, name).Step() ? find.Text(0) : null;
    }

    private void Store(string name, string value) => _setting.Bind(1, name).Bind(2, value).Run();

    private static string Text(EntityKind[] kinds) => string.Join(' ', kinds.Select(EntityKinds.NameOf));
}
