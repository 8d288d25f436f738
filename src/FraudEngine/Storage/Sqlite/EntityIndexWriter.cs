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
    private const string TailStartSetting = "entity_tail_start";

    // At least so many segments are written with a commit that needs any; a larger commit writes as many as it has noted rows.
    private const int SegmentsPerCommitMin = 64;

    private readonly SqliteConnection _connection;
    private readonly EntityIndex _index;
    private readonly EntityNumbers _numbers;
    private readonly EntitySegments _segments;
    private readonly SqliteStatement _snapshot;
    private readonly SqliteStatement _setting;
    private readonly EntityKeys _keys = new();
    private readonly List<(long Entity, long Position)> _noted = [];
    private readonly HashSet<long> _due = [];
    private long _storedTailStart;

    public EntityIndexWriter(SqliteConnection connection, EntityIndex index, long nextPosition)
    {
        _connection = connection;
        _index = index;
        _numbers = new EntityNumbers(connection);
        _segments = new EntitySegments(connection);
        _snapshot = connection.Prepare("INSERT OR REPLACE INTO entity_snapshots (entity, position, state) VALUES (?, ?, ?)");
        _setting = connection.Prepare("INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)");
        ReadTail(nextPosition);
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
                ReadTail(nextPosition);
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

    /// <summary>Writes the segments that are due, and how far back the tail reaches.</summary>
    public void WriteSegments(long nextPosition)
    {
        if (_index.Kinds.IsEmpty)
        {
            return;
        }

        _index.Waiting.ChooseDue(nextPosition, Math.Max(SegmentsPerCommitMin, _noted.Count), _due);
        foreach (var entity in _due)
        {
            _segments.Add(entity, _index.Waiting.Waiting(entity));
        }

        if (_index.Waiting.TailStart > _storedTailStart + _index.Waiting.TailStartLagMax)
        {
            Store(TailStartSetting, _index.Waiting.TailStart);
            _storedTailStart = _index.Waiting.TailStart;
        }
    }

    /// <summary>After a commit: what was written to segments waits no longer, and what was noted does.</summary>
    public void Committed(long nextPosition)
    {
        if (_index.Kinds.IsEmpty)
        {
            return;
        }

        using (_index.Waiting.Open())
        {
            foreach (var entity in _due)
            {
                _index.Waiting.Remove(entity);
            }

            foreach (var (entity, position) in CollectionsMarshal.AsSpan(_noted))
            {
                _index.Waiting.Add(entity, new EntityRow(position));
            }
        }

        _due.Clear();
        _noted.Clear();
        _index.Waiting.MoveTail(nextPosition);
    }

    /// <summary>After the transaction was undone. Segments that were due still are.</summary>
    public void Undone()
    {
        _noted.Clear();
        _numbers.Forget();
        _storedTailStart = 0;
    }

    public void Dispose()
    {
        _numbers.Dispose();
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
                Store(TailStartSetting, kept.Length > 0 ? _index.Waiting.TailStart : nextPosition);
                Store(KindsSetting, Text(wanted));
                return true;
            });
        }
    }

    /// <summary>Reads the kinds, the numbers and the journal's last rows anew.</summary>
    private void ReadTail(long nextPosition)
    {
        EntityKind[] kinds = [.. (Setting(KindsSetting) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static name => EntityKinds.Find(name))];
        _storedTailStart = long.Parse(Setting(TailStartSetting) ?? "1", CultureInfo.InvariantCulture);
        _numbers.Forget();
        _due.Clear();
        _index.SetKinds(kinds);
        using (_index.Waiting.Open())
        {
            _index.Waiting.Clear();
            if (kinds.Length > 0)
            {
                AddTail(kinds);
            }
        }

        _index.Waiting.MoveTail(nextPosition);
    }

    private void AddTail(EntityKind[] kinds)
    {
        using var rows = _connection.Prepare("SELECT position, entry FROM journal WHERE position >= ? ORDER BY position");
        var lastIndexed = new Dictionary<long, long>();
        rows.Bind(1, _storedTailStart);
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
                    AddTail(_numbers.Find(key), rows.Int64(0), lastIndexed);
                }
            }
        }
    }

    private void AddTail(long entity, long position, Dictionary<long, long> lastIndexed)
    {
        if (!lastIndexed.TryGetValue(entity, out var last))
        {
            lastIndexed[entity] = last = _segments.LastOf(entity);
        }

        if (position > last)
        {
            _index.Waiting.Add(entity, new EntityRow(position));
        }
    }

    private string? Setting(string name)
    {
        using var find = _connection.Prepare("SELECT value FROM settings WHERE name = ?");
        return find.Bind(1, name).Step() ? find.Text(0) : null;
    }

    private void Store(string name, long value) => Store(name, value.ToString(CultureInfo.InvariantCulture));

    private void Store(string name, string value) => _setting.Bind(1, name).Bind(2, value).Run();

    private static string Text(EntityKind[] kinds) => string.Join(' ', kinds.Select(EntityKinds.NameOf));
}
