using System.Runtime.InteropServices;
using FraudEngine.Domain;

namespace FraudEngine.Storage.Sqlite;

/// <summary>
/// Makes the index of kinds of entities that were not indexed so far, and takes away that of others. Both in several commits: what a crash leaves is of a kind
/// that is not known to be indexed, so it is forgotten before the kind is built again. Called on the writing thread only.
/// </summary>
/// <param name="rowsMax">Rows that are held in memory, by all entities together, and then written with one commit.</param>
internal sealed class EntityIndexBuild(SqliteConnection connection, EntityNumbers numbers, Segments<EntityRow> segments, int rowsMax) : IDisposable
{
    private const int RowsPerProgress = 10_000;
    private const int ForgottenPerCommit = 1_000;

    private readonly SqliteStatement _scan = connection.Prepare("SELECT position, entry FROM journal WHERE position > ? AND position <= ? ORDER BY position");
    private readonly SqliteStatement _ofKind = connection.Prepare($"SELECT number FROM entities WHERE key >= ? AND key < ? ORDER BY key LIMIT {ForgottenPerCommit}");
    private readonly SqliteStatement _forgetSnapshot = connection.Prepare("DELETE FROM entity_snapshots WHERE entity = ?");
    private readonly SqliteStatement _forgetNumber = connection.Prepare("DELETE FROM entities WHERE number = ?");
    private readonly EntityKeys _keys = new();
    private readonly List<(long Entity, long Position)> _rows = [];
    private readonly List<EntityRow> _run = [];

    /// <summary>Forgets every entity of a kind, with its segments and its snapshot.</summary>
    public void Forget(EntityKind kind)
    {
        for (var entities = OfKind(kind); entities.Count > 0; entities = OfKind(kind))
        {
            connection.Transact(() =>
            {
                entities.ForEach(Forget);
                return true;
            });
            numbers.Forget();
        }
    }

    /// <summary>Indexes all rows up to a position by these kinds. An entry that is damaged can't be found by what it names.</summary>
    public void Read(EntityKind[] kinds, long last, Action<long, long>? progress)
    {
        if (kinds.Length == 0)
        {
            return;
        }

        for (var position = 0L; position < last;)
        {
            position = connection.Transact(() => ReadPart(kinds, position, last, progress));
        }
    }

    public void Dispose()
    {
        _scan.Dispose();
        _ofKind.Dispose();
        _forgetSnapshot.Dispose();
        _forgetNumber.Dispose();
    }

    private void Forget(long entity)
    {
        segments.Forget(entity);
        _forgetSnapshot.Bind(1, entity).Run();
        _forgetNumber.Bind(1, entity).Run();
    }

    /// <summary>Goes on after a position, as far as memory allows, and returns where it has come to.</summary>
    private long ReadPart(EntityKind[] kinds, long after, long last, Action<long, long>? progress)
    {
        _rows.Clear();
        using (_scan.Rows())
        {
            _scan.Bind(1, after).Bind(2, last);
            while (_rows.Count <= rowsMax - kinds.Length && _scan.Step())
            {
                after = _scan.Int64(0);
                Note(kinds, after, _scan.Blob(1));
                if (after % RowsPerProgress == 0 || after == last)
                {
                    progress?.Invoke(after, last);
                }
            }
        }

        WriteSegments();
        return after;
    }

    private void Note(EntityKind[] kinds, long position, ReadOnlySpan<byte> entry)
    {
        if (!_keys.TryRead(entry))
        {
            return;
        }

        foreach (var kind in kinds)
        {
            var key = _keys.Of(kind);
            if (!key.IsEmpty)
            {
                _rows.Add((numbers.FindOrAdd(key), position));
            }
        }
    }

    private void WriteSegments()
    {
        var rows = CollectionsMarshal.AsSpan(_rows);
        rows.Sort();
        for (var from = 0; from < rows.Length;)
        {
            _run.Clear();
            var entity = rows[from].Entity;
            for (; from < rows.Length && rows[from].Entity == entity; from++)
            {
                _run.Add(new EntityRow(rows[from].Position));
            }

            segments.Add(entity, _run);
        }
    }

    private List<long> OfKind(EntityKind kind)
    {
        List<long> entities = [];
        using (_ofKind.Rows())
        {
            _ofKind.Bind(1, [(byte)kind]).Bind(2, [(byte)(kind + 1)]);
            while (_ofKind.Step())
            {
                entities.Add(_ofKind.Int64(0));
            }
        }

        return entities;
    }
}
