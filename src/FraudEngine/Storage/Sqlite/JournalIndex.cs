using System.Runtime.InteropServices;

namespace FraudEngine.Storage.Sqlite;

/// <summary>
/// The newest rows of each account, which are in no segment on disk yet. Writing an index entry per transaction would touch a page per transaction, at
/// random; this waits until an account has a segment's worth, or its oldest row is old, and then writes them as one. After a restart it is rebuilt from the
/// journal's last rows. The writing thread changes it after a commit; the reading thread reads it before it reads the disk, so neither misses a row.
/// </summary>
/// <param name="tailRowsMax">
/// Rows of the journal after which an account's segment is written however short: what has to be read again at the start.
/// </param>
internal sealed class JournalIndex(int tailRowsMax)
{
    public const int TailRowsMaxDefault = 200_000;

    /// <summary>How far the stored start of the tail may lag behind: rows that the next start reads for nothing.</summary>
    public int TailStartLagMax => tailRowsMax / 10;

    /// <summary>Rows after which an account's segment is written.</summary>
    private const int SegmentRows = 16;

    private readonly Lock _gate = new();
    private readonly Dictionary<long, List<IndexedRow>> _waiting = [];
    private readonly Queue<long> _full = new();
    private readonly Queue<(long Account, long Position)> _byAge = new();
    private readonly Stack<List<IndexedRow>> _free = new();

    /// <summary>The position before which every row is in a segment.</summary>
    public long TailStart { get; private set; } = 1;

    /// <summary>Takes in a row that is committed. Called by the writing thread between <see cref="Open"/> and its end.</summary>
    public void Add(long account, IndexedRow row)
    {
        ref var rows = ref CollectionsMarshal.GetValueRefOrAddDefault(_waiting, account, out var exists);
        if (!exists)
        {
            rows = _free.TryPop(out var free) ? free : new List<IndexedRow>(SegmentRows);
            _byAge.Enqueue((account, row.Position));
        }

        rows!.Add(row);
        if (rows.Count == SegmentRows)
        {
            _full.Enqueue(account);
        }
    }

    /// <summary>Holds the reading thread off while rows are added or removed.</summary>
    public Lock.Scope Open() => _gate.EnterScope();

    /// <summary>Adds to <paramref name="due"/> the accounts whose segments the next commit is to write, so that there are at most <paramref name="max"/>.</summary>
    /// <param name="nextPosition">The position of the row that comes next.</param>
    public void ChooseDue(long nextPosition, int max, HashSet<long> due)
    {
        while (due.Count < max && _full.TryDequeue(out var account))
        {
            if (_waiting.TryGetValue(account, out var rows) && rows.Count >= SegmentRows)
            {
                due.Add(account);
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

                due.Add(oldest.Account);
            }

            _byAge.Dequeue();
        }
    }

    /// <summary>The rows of an account that wait. Called by the writing thread.</summary>
    public ReadOnlySpan<IndexedRow> Waiting(long account) => CollectionsMarshal.AsSpan(_waiting[account]);

    /// <summary>Forgets the rows of an account, which are in a committed segment now.</summary>
    public void Remove(long account)
    {
        _waiting.Remove(account, out var rows);
        rows!.Clear();
        _free.Push(rows);
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

    /// <summary>Copies the rows of an account that wait and come after a sequence number. From any thread.</summary>
    public void Copy(long account, long after, List<IndexedRow> rows)
    {
        lock (_gate)
        {
            if (_waiting.TryGetValue(account, out var waiting))
            {
                foreach (var row in waiting)
                {
                    if (row.Sequence > after)
                    {
                        rows.Add(row);
                    }
                }
            }
        }
    }

    private bool IsWaiting((long Account, long Position) oldest) => _waiting.TryGetValue(oldest.Account, out var rows) && rows[0].Position == oldest.Position;
}
