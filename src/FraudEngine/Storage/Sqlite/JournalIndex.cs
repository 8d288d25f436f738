using System.Runtime.InteropServices;

namespace FraudEngine.Storage.Sqlite;

/// <summary>
/// The newest rows of each account, or of each entity, which are in no segment on disk yet. Writing an index entry per transaction would touch a page per
/// transaction, at random; this waits until one has a segment's worth, or its oldest row is old, and then writes them as one. After a restart it is rebuilt
/// from the journal's last rows. The writing thread changes it after a commit; the reading thread reads it before it reads the disk, so neither misses a row.
/// </summary>
/// <param name="tailRowsMax">
/// Rows of the journal after which a segment is written however short: what has to be read again at the start.
/// </param>
/// <param name="segmentRows">Rows after which a segment is written.</param>
internal sealed class JournalIndex<TRow>(int tailRowsMax, int segmentRows)
    where TRow : struct, IIndexedRow
{
    // Most never have more; those that do grow.
    private const int RowsAtFirst = 16;

    /// <summary>How far the stored start of the tail may lag behind: rows that the next start reads for nothing.</summary>
    public int TailStartLagMax => tailRowsMax / 10;

    private readonly Lock _gate = new();
    private readonly Dictionary<long, List<TRow>> _waiting = [];
    private readonly Queue<long> _full = new();
    private readonly Queue<(long Key, long Position)> _byAge = new();
    private readonly Stack<List<TRow>> _free = new();

    /// <summary>The position before which every row is in a segment.</summary>
    public long TailStart { get; private set; } = 1;

    /// <summary>Takes in a row that is committed. Called by the writing thread between <see cref="Open"/> and its end.</summary>
    public void Add(long key, TRow row)
    {
        ref var rows = ref CollectionsMarshal.GetValueRefOrAddDefault(_waiting, key, out var exists);
        if (!exists)
        {
            rows = _free.TryPop(out var free) ? free : new List<TRow>(Math.Min(segmentRows, RowsAtFirst));
            _byAge.Enqueue((key, row.Position));
        }

        rows!.Add(row);
        if (rows.Count == segmentRows)
        {
            _full.Enqueue(key);
        }
    }

    /// <summary>Holds the reading thread off while rows are added or removed.</summary>
    public Lock.Scope Open() => _gate.EnterScope();

    /// <summary>Adds to <paramref name="due"/> those whose segments the next commit is to write, so that there are at most <paramref name="max"/>.</summary>
    /// <param name="nextPosition">The position of the row that comes next.</param>
    public void ChooseDue(long nextPosition, int max, HashSet<long> due)
    {
        while (due.Count < max && _full.TryDequeue(out var key))
        {
            if (_waiting.TryGetValue(key, out var rows) && rows.Count >= segmentRows)
            {
                due.Add(key);
            }
        }

        while (_byAge.TryPeek(out var oldest))
        {
            if (IsWaiting(oldest))
            {
                if (due.Count >= max || oldest.Position > nextPosition - tailRowsMax)
                {
                    break;
                }

                due.Add(oldest.Key);
            }

            _byAge.Dequeue();
        }
    }

    /// <summary>The rows that wait of one. Called by the writing thread.</summary>
    public ReadOnlySpan<TRow> Waiting(long key) => CollectionsMarshal.AsSpan(_waiting[key]);

    /// <summary>Forgets the rows of one, which are in a committed segment now.</summary>
    public void Remove(long key)
    {
        _waiting.Remove(key, out var rows);
        rows!.Clear();
        _free.Push(rows);
    }

    /// <summary>Forgets all rows. Called by the writing thread between <see cref="Open"/> and its end, when no segment is due.</summary>
    public void Clear()
    {
        _waiting.Clear();
        _full.Clear();
        _byAge.Clear();
    }

    /// <summary>Finds the new start of the tail, once all chosen segments are written.</summary>
    public void MoveTail(long nextPosition)
    {
        while (_byAge.TryPeek(out var oldest) && !IsWaiting(oldest))
        {
            _byAge.Dequeue();
        }

        TailStart = _byAge.TryPeek(out var first) ? first.Position : nextPosition;
    }

    /// <summary>Copies the rows of one that wait and come after a place in their order. From any thread.</summary>
    public void Copy(long key, long after, List<TRow> rows)
    {
        lock (_gate)
        {
            if (_waiting.TryGetValue(key, out var waiting))
            {
                foreach (var row in waiting)
                {
                    if (row.Order > after)
                    {
                        rows.Add(row);
                    }
                }
            }
        }
    }

    private bool IsWaiting((long Key, long Position) oldest) => _waiting.TryGetValue(oldest.Key, out var rows) && rows[0].Position == oldest.Position;
}
