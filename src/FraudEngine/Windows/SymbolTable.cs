using System.Numerics;
using FraudEngine.Domain;

namespace FraudEngine.Windows;

/// <summary>
/// Small numbers for the texts of one field, each with the position of its last occurrence. A number is free again once its text
/// is removed. Few texts are searched one by one; more are hashed, with the process's random seed, so that nobody can choose texts that collide.
/// </summary>
internal sealed class SymbolTable
{
    public const int None = -1;

    private const int SearchedMax = 8;

    private Entry[] _entries = [];
    private int[] _buckets = [];
    private int _used;
    private int _free = None;

    /// <summary>Texts in the table.</summary>
    public int Count { get; private set; }

    /// <summary>One more than the largest number given so far.</summary>
    public int NumbersEnd => _used;

    public TextKey KeyOf(int symbol) => _entries[symbol].Key;

    /// <summary>The position of the last occurrence; -1 before the first.</summary>
    public ref int LastOf(int symbol) => ref _entries[symbol].Last;

    public int Find(TextKey key)
    {
        if (_buckets.Length > 0)
        {
            var symbol = BucketOf(key);
            while (symbol != None && _entries[symbol].Key != key)
            {
                symbol = _entries[symbol].Next;
            }

            return symbol;
        }

        for (var symbol = 0; symbol < _used; symbol++)
        {
            if (_entries[symbol].Key == key)
            {
                return symbol;
            }
        }

        return None;
    }

    public int FindOrAdd(TextKey key)
    {
        var symbol = Find(key);
        return symbol != None ? symbol : Add(key);
    }

    public void Remove(int symbol)
    {
        if (_buckets.Length > 0)
        {
            ref var link = ref BucketOf(_entries[symbol].Key);
            while (link != symbol)
            {
                link = ref _entries[link].Next;
            }

            link = _entries[symbol].Next;
        }

        // No text has the default key, so a free entry is never found.
        _entries[symbol] = new Entry { Last = None, Next = _free };
        _free = symbol;
        Count--;
    }

    /// <summary>Moves every last occurrence at or behind a position.</summary>
    public void Shift(int from, int by)
    {
        foreach (ref var entry in _entries.AsSpan(0, _used))
        {
            if (entry.Last >= from)
            {
                entry.Last += by;
            }
        }
    }

    private int Add(TextKey key)
    {
        var symbol = _free;
        if (symbol != None)
        {
            _free = _entries[symbol].Next;
        }
        else
        {
            if (_used == _entries.Length)
            {
                Grow();
            }

            symbol = _used++;
        }

        _entries[symbol] = new Entry { Key = key, Last = None };
        Count++;
        if (_buckets.Length > 0)
        {
            Link(symbol);
        }

        return symbol;
    }

    /// <summary>Called only when no number is free, so every entry holds a text.</summary>
    private void Grow()
    {
        Array.Resize(ref _entries, Math.Max(2, _used + ((_used + 1) / 2)));
        if (_entries.Length > SearchedMax)
        {
            _buckets = new int[BitOperations.RoundUpToPowerOf2((uint)_entries.Length)];
            _buckets.AsSpan().Fill(None);
            for (var symbol = 0; symbol < _used; symbol++)
            {
                Link(symbol);
            }
        }
    }

    private void Link(int symbol)
    {
        ref var bucket = ref BucketOf(_entries[symbol].Key);
        _entries[symbol].Next = bucket;
        bucket = symbol;
    }

    private ref int BucketOf(TextKey key) => ref _buckets[HashCode.Combine(key.Low, key.High) & (_buckets.Length - 1)];

    private struct Entry
    {
        public TextKey Key;
        public int Last;

        /// <summary>The next one in the same bucket, or the next free one.</summary>
        public int Next;
    }
}
