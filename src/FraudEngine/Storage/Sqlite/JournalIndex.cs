namespace FraudEngine.Storage.Sqlite;

/// <summary>
/// The newest rows of each account, or of each entity, which are not on disk by account yet. Writing an index entry per transaction would touch a page per
/// transaction, at random. Here rows wait until one has a segment's worth or its turn has come: the writer goes round by number, so that it writes those together that
/// share pages. After a restart the journal's last rows are read into it, those too that are on disk already; they are dropped when their turn comes. The
/// writing thread changes it after a commit; the reading threads read it before they read the disk, so none misses a row.
/// </summary>
/// <param name="tailRowsMax">Rows of the journal that are to be read again at the start, at most.</param>
/// <param name="segmentRows">Rows after which a segment is written.</param>
/// <param name="waitingMax">Rows that wait; 0 for as many as make the tail come close to its most where each account has few.</param>
internal sealed class JournalIndex<TRow>(int tailRowsMax, int segmentRows, int waitingMax = 0)
    where TRow : struct, IIndexedRow<TRow>
{
    // Rows written at a time at least: those of neighbours, which share pages. A larger commit writes as many as it appends, and twice that while too many wait.
    private const int RowsPerSweep = 256;

    // Rows after which it is stored how far the writer has come, for which one page more is written.
    private const int RowsPerStore = 1024;

    // Where each has few rows, an account's turn comes when as many have come as it has waited for: a round takes twice as many as wait at a time, as those whose
    // turn was just now have none. So with two fifths waiting, a row is at most four fifths of the tail old, and the marks, some of which are passed
    // late, take the rest.
    private readonly int _waitingMax = waitingMax > 0 ? waitingMax : tailRowsMax / 5 * 2;

    // Where few wait because others, which are busy, are written as soon as they have a segment's worth, rounds would take longer.
    private readonly int _tailMax = tailRowsMax / 8 * 7;
    private readonly int _rowsPerMark = Math.Max(1, tailRowsMax / 16);

    private readonly Lock _gate = new();
    private readonly WaitingRows<TRow> _waiting = new();

    // Those with rows that wait, without those that are due.
    private readonly NumberSet _keys = new();
    private readonly Queue<long> _full = new();
    private readonly List<long> _due = [];
    private int _dueRows;
    private int _unstored;
    private Sweep _sweep = Sweep.Parse("1");

    /// <summary>Those whose rows the commit under way is to write; they stay due where it fails.</summary>
    public IReadOnlyList<long> Due => _due;

    /// <summary>Whether the commit under way is to store <see cref="State"/> too.</summary>
    public bool IsStateDue => _unstored >= RowsPerStore;

    /// <summary>The position before which every row is on disk, and how far the writer has come, as <see cref="Begin"/> takes it.</summary>
    public string State => _sweep.ToString();

    /// <summary>Where the rows that are to be added after <see cref="Begin"/> start.</summary>
    public long TailStart => _sweep.TailStart;

    /// <summary>Forgets all rows and goes on where an earlier engine stopped. Called by the writing thread between <see cref="Open"/> and its end.</summary>
    public void Begin(string state)
    {
        _waiting.Clear();
        _keys.Clear();
        _full.Clear();
        _due.Clear();
        _dueRows = 0;
        _sweep = Sweep.Parse(state);
    }

    /// <summary>Holds the reading threads off while rows are added or removed.</summary>
    public Lock.Scope Open() => _gate.EnterScope();

    /// <summary>Takes in a row that is committed. Called by the writing thread between <see cref="Open"/> and its end, when nothing is due.</summary>
    public void Add(long key, in TRow row)
    {
        var count = _waiting.Add(key, row);
        if (count == 1)
        {
            _keys.Add(key);
        }

        if (count == segmentRows)
        {
            _full.Enqueue(key);
        }
    }

    /// <summary>Chooses those whose rows the next commit is to write.</summary>
    /// <param name="position">The first position of that commit: all rows before it have been added.</param>
    /// <param name="appended">Rows that it appends.</param>
    public void ChooseDue(long position, int appended)
    {
        // Those that are full have a share of their own: after a start they are many, and must not hold up the others.
        var rowsMax = Math.Max(RowsPerSweep, appended * 2);
        while (_dueRows < rowsMax && _full.TryDequeue(out var key))
        {
            if (_keys.Contains(key) && _waiting.CountOf(key) >= segmentRows)
            {
                Choose(key);
            }
        }

        rowsMax += _dueRows;
        if (_waiting.Count - _dueRows > _waitingMax)
        {
            while (_dueRows < rowsMax && _waiting.Count - _dueRows > _waitingMax - RowsPerSweep && TryChooseNext())
            {
            }
        }

        while (_dueRows < rowsMax && position - _sweep.TailStart > _tailMax && TryChooseNext())
        {
            MoveTail();
        }

        MoveTail();
        if (_sweep.TryMark(position, _rowsPerMark))
        {
            _unstored = RowsPerStore;
        }
    }

    /// <summary>Forgets the rows of those that were due, which are on disk now, and <see cref="State"/> too. Called between <see cref="Open"/> and its end.</summary>
    public void RemoveDue()
    {
        foreach (var key in _due)
        {
            _waiting.Remove(key);
        }

        _due.Clear();
        _dueRows = 0;
        _unstored = IsStateDue ? 0 : _unstored;
    }

    /// <summary>After a commit that failed: what it was to store is stored with the next.</summary>
    public void Undone() => _unstored = RowsPerStore;

    /// <summary>Copies the rows of one that wait. Called by the writing thread.</summary>
    public void CopyDue(long key, List<TRow> rows) => _waiting.CopyTo(key, long.MinValue, rows);

    /// <summary>Copies the rows of one that wait and come after a place in their order. From any thread.</summary>
    public void Copy(long key, long after, List<TRow> rows)
    {
        lock (_gate)
        {
            _waiting.CopyTo(key, after, rows);
        }
    }

    private bool TryChooseNext()
    {
        var key = _keys.Next(_sweep.Next);
        if (key == 0)
        {
            if (_keys.Count == 0)
            {
                _sweep.End();
                return false;
            }

            _sweep.BeginRound();
            key = _keys.Next(0);
        }

        _sweep.Pass(key);
        Choose(key);
        return true;
    }

    private void Choose(long key)
    {
        var rows = _waiting.CountOf(key);
        _keys.Remove(key);
        _due.Add(key);
        _dueRows += rows;
        _unstored += rows;
    }

    private void MoveTail()
    {
        if (_sweep.MoveTail())
        {
            _unstored = RowsPerStore;
        }
    }
}
