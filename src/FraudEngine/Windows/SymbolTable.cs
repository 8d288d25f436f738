using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FraudEngine.Domain;
using FraudEngine.Windows.Memory;

namespace FraudEngine.Windows;

/// <summary>
/// Small numbers for the texts of one field, each with the position of its last occurrence, and counts of it. A number is free again once its text
/// is removed. Few texts are searched one by one; more are hashed, with the process's random seed, so that nobody can choose texts that collide.
/// </summary>
/// <param name="counters">How many counts there are of each text: 0 at first, and before its number is free again.</param>
internal struct SymbolTable(int counters)
{
    public const int None = -1;

    private const int SearchedMax = 32;

    /// <summary>Less the next free number, this stands in a free entry: below 0, where no position is.</summary>
    private const int FreeBefore = -2;

    /// <summary>Holds an entry and the counts of each number and, where texts are hashed, behind them for each number the next one in the same bucket, and the buckets.</summary>
    private byte[] _block = [];
    private int _start = 0;
    private int _capacity = 0;
    private int _used = 0;
    private int _free = None;

    /// <summary>Texts in the table.</summary>
    public int Count { get; private set; } = 0;

    /// <summary>One more than the largest number given so far.</summary>
    public readonly int NumbersEnd => _used;

    private readonly bool IsHashed => _capacity > SearchedMax;

    private readonly int EntryBytes => Unsafe.SizeOf<Entry>() + (counters * sizeof(int));

    public readonly TextKey KeyOf(int symbol) => EntryOf(symbol).Key;

    /// <summary>The position of the last occurrence; -1 before the first.</summary>
    public readonly ref int LastOf(int symbol) => ref EntryOf(symbol).Last;

    public readonly ref int CountOf(int symbol, int counter) => ref Number(_start + (symbol * EntryBytes) + Unsafe.SizeOf<Entry>(), counter);

    public readonly int Find(TextKey key)
    {
        if (IsHashed)
        {
            var symbol = BucketOf(key);
            while (symbol != None && EntryOf(symbol).Key != key)
            {
                symbol = NextOf(symbol);
            }

            return symbol;
        }

        var entryBytes = EntryBytes;
        var entries = _block.AsSpan(_start, _used * entryBytes);
        for (var symbol = 0; symbol < _used; symbol++)
        {
            if (MemoryMarshal.Read<TextKey>(entries[(symbol * entryBytes)..]) == key)
            {
                return symbol;
            }
        }

        return None;
    }

    public int FindOrAdd(TextKey key, HistoryMemory memory)
    {
        var symbol = Find(key);
        return symbol != None ? symbol : Add(key, memory);
    }

    public void Remove(int symbol)
    {
        if (IsHashed)
        {
            ref var link = ref BucketOf(EntryOf(symbol).Key);
            while (link != symbol)
            {
                link = ref NextOf(link);
            }

            link = NextOf(symbol);
        }

        // No text has the default key, so a free entry is never found.
        EntryOf(symbol) = new Entry { Last = FreeBefore - _free };
        _free = symbol;
        Count--;
    }

    /// <summary>Moves every last occurrence at or behind a position.</summary>
    public readonly void Shift(int from, int by)
    {
        for (var symbol = 0; symbol < _used; symbol++)
        {
            ref var last = ref LastOf(symbol);
            last += last >= from ? by : 0;
        }
    }

    /// <summary>Gives back all memory; nothing may be asked of it any more.</summary>
    public void Release(HistoryMemory memory)
    {
        memory.GiveBack(_block, _start);
        (_block, _start, _capacity, _used, Count) = ([], 0, 0, 0, 0);
    }

    private int Add(TextKey key, HistoryMemory memory)
    {
        var symbol = _free;
        if (symbol != None)
        {
            _free = FreeBefore - LastOf(symbol);
        }
        else
        {
            if (_used == _capacity)
            {
                Grow(memory);
            }

            symbol = _used++;
        }

        EntryOf(symbol) = new Entry { Key = key, Last = None };
        for (var counter = 0; counter < counters; counter++)
        {
            CountOf(symbol, counter) = 0;
        }

        Count++;
        if (IsHashed)
        {
            Link(symbol);
        }

        return symbol;
    }

    /// <summary>Called only when no number is free, so every entry holds a text.</summary>
    private void Grow(HistoryMemory memory)
    {
        var entries = _block.AsSpan(_start, _used * EntryBytes);
        var capacity = _used + Math.Max(1, _used / 4);
        var bytes = capacity * EntryBytes;
        bytes += capacity > SearchedMax ? (capacity + BucketsOf(capacity)) * sizeof(int) : 0;
        var block = memory.Take(bytes, out var start);
        entries.CopyTo(block.AsSpan(start));
        memory.GiveBack(_block, _start);
        (_block, _start, _capacity) = (block, start, capacity);
        if (IsHashed)
        {
            _block.AsSpan(BucketsStart, BucketsOf(capacity) * sizeof(int)).Fill(byte.MaxValue);
            for (var symbol = 0; symbol < _used; symbol++)
            {
                Link(symbol);
            }
        }
    }

    private readonly void Link(int symbol)
    {
        ref var bucket = ref BucketOf(EntryOf(symbol).Key);
        NextOf(symbol) = bucket;
        bucket = symbol;
    }

    private static int BucketsOf(int capacity) => (int)BitOperations.RoundUpToPowerOf2((uint)capacity);

    private readonly int LinksStart => _start + (_capacity * EntryBytes);

    private readonly int BucketsStart => LinksStart + (_capacity * sizeof(int));

    private readonly ref Entry EntryOf(int symbol) => ref MemoryMarshal.AsRef<Entry>(_block.AsSpan(_start + (symbol * EntryBytes)));

    private readonly ref int NextOf(int symbol) => ref Number(LinksStart, symbol);

    private readonly ref int BucketOf(TextKey key) => ref Number(BucketsStart, HashCode.Combine(key.Low, key.High) & (BucketsOf(_capacity) - 1));

    private readonly ref int Number(int start, int at) => ref MemoryMarshal.AsRef<int>(_block.AsSpan(start + (at * sizeof(int))));

    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private struct Entry
    {
        public TextKey Key;
        public int Last;
    }
}
