using System.Runtime.InteropServices;

namespace FraudEngine.Storage.Sqlite;

/// <summary>
/// The rows of many accounts, or of many entities, most of which have one or two: all in one array, those of one linked by their places in it, and those given back
/// linked likewise. So a row takes few bytes, and coming and going it leaves no garbage.
/// </summary>
internal sealed class WaitingRows<TRow>
    where TRow : struct, IIndexedRow<TRow>
{
    private const int RowsAtFirst = 1024;
    private const int None = -1;

    private readonly Dictionary<long, Chain> _chains = [];
    private TRow[] _rows = new TRow[RowsAtFirst];
    private int[] _next = new int[RowsAtFirst];
    private int _free = None;
    private int _used;

    /// <summary>Of all together.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a row behind the others of its key, and returns how many it has now.</summary>
    public int Add(long key, in TRow row)
    {
        var place = Place();
        _rows[place] = row;
        _next[place] = None;
        ref var chain = ref CollectionsMarshal.GetValueRefOrAddDefault(_chains, key, out var exists);
        if (exists)
        {
            _next[chain.Last] = place;
        }
        else
        {
            chain.First = place;
        }

        chain.Last = place;
        Count++;
        return ++chain.Count;
    }

    public int CountOf(long key) => _chains.TryGetValue(key, out var chain) ? chain.Count : 0;

    /// <summary>Copies the rows of a key that come after a place in their order.</summary>
    public void CopyTo(long key, long after, List<TRow> rows)
    {
        for (var place = _chains.TryGetValue(key, out var chain) ? chain.First : None; place != None; place = _next[place])
        {
            if (_rows[place].Order > after)
            {
                rows.Add(_rows[place]);
            }
        }
    }

    public void Remove(long key)
    {
        if (_chains.Remove(key, out var chain))
        {
            _next[chain.Last] = _free;
            _free = chain.First;
            Count -= chain.Count;
        }
    }

    public void Clear()
    {
        _chains.Clear();
        _free = None;
        _used = 0;
        Count = 0;
    }

    private int Place()
    {
        if (_free != None)
        {
            var free = _free;
            _free = _next[free];
            return free;
        }

        if (_used == _rows.Length)
        {
            Array.Resize(ref _rows, _used * 2);
            Array.Resize(ref _next, _used * 2);
        }

        return _used++;
    }

    private struct Chain
    {
        public int First;
        public int Last;
        public int Count;
    }
}
