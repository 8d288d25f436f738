using System.Numerics;
using System.Runtime.InteropServices;
using FraudEngine.Domain;

namespace FraudEngine.Windows;

/// <summary>
/// Small numbers for the texts of one field, each with the position of its last occurrence. A number is free again once its text
/// is removed. Few texts are searched one by one; more are hashed, with the process's random seed, so that nobody can choose texts that collide.
/// </summary>
internal struct SymbolTable()
{
    public const int None = -1;

    private const int SearchedMax = 32;

    /// <summary>Less the next free number, this stands in a free entry: below 0, where no position is.</summary>
    private const int FreeBefore = -2;

    private Entry[] _entries = [];
    private int[] _buckets = [];

    /// <summary>For each number the next one in the same bucket; empty while texts are searched one by one.</summary>
    private int[] _next = [];
    private int _used = 0;
    private int _free = None;

    /// <summary>Texts in the table.</summary>
    public int Count { get; private set; } = 0;

    /// <summary>One more than the largest number given so far.</summary>
    public readonly int NumbersEnd => _used;

    public readonly TextKey KeyOf(int symbol) => _entries[symbol].Key;

    /// <summary>The position of the last occurrence; -1 before the first.</summary>
    public readonly ref int LastOf(int symbol) => ref _entries[symbol].Last;

    public readonly int Find(TextKey key)
    {
        if (_buckets.Length > 0)
        {
            var symbol = BucketOf(key);
            while (symbol != None && _entries[symbol].Key != key)
            {
                symbol = _next[symbol];
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
                link = ref _next[link];
            }

            link = _next[symbol];
        }

        // No text has the default key, so a free entry is never found.
        _entries[symbol] = new Entry { Last = FreeBefore - _free };
        _free = symbol;
        Count--;
    }

    /// <summary>Moves every last occurrence at or behind a position.</summary>
    public readonly void Shift(int from, int by)
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
            _free = FreeBefore - _entries[symbol].Last;
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
        Array.Resize(ref _entries, _used + Math.Max(1, _used / 4));
        if (_entries.Length > SearchedMax)
        {
            _buckets = new int[BitOperations.RoundUpToPowerOf2((uint)_entries.Length)];
            _buckets.AsSpan().Fill(None);
            _next = new int[_entries.Length];
            for (var symbol = 0; symbol < _used; symbol++)
            {
                Link(symbol);
            }
        }
    }

    private readonly void Link(int symbol)
    {
        ref var bucket = ref BucketOf(_entries[symbol].Key);
        _next[symbol] = bucket;
        bucket = symbol;
    }

    private readonly ref int BucketOf(TextKey key) => ref _buckets[HashCode.Combine(key.Low, key.High) & (_buckets.Length - 1)];

    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private struct Entry
    {
        public TextKey Key;
        public int Last;
    }
}
