using System.Numerics;

namespace FraudEngine.Storage.Sqlite;

/// <summary>A set of numbers that are given from 1 on without gaps, one bit each: it is gone through in their order without being sorted, 64 at a time.</summary>
internal sealed class NumberSet
{
    private const int Bits = 64;

    private ulong[] _words = new ulong[Bits];

    public int Count { get; private set; }

    public void Add(long number)
    {
        var word = (int)(number / Bits);
        if (word >= _words.Length)
        {
            Array.Resize(ref _words, Math.Max(word + 1, _words.Length * 2));
        }

        if (!Contains(number))
        {
            _words[word] |= 1UL << (int)(number % Bits);
            Count++;
        }
    }

    public void Remove(long number)
    {
        if (Contains(number))
        {
            _words[number / Bits] &= ~(1UL << (int)(number % Bits));
            Count--;
        }
    }

    public bool Contains(long number) => number / Bits < _words.Length && (_words[number / Bits] >> (int)(number % Bits) & 1) != 0;

    /// <summary>The lowest that is not below <paramref name="from"/>; 0 where there is none.</summary>
    public long Next(long from)
    {
        var mask = ulong.MaxValue << (int)(from % Bits);
        for (var word = from / Bits; word < _words.Length; word++, mask = ulong.MaxValue)
        {
            if ((_words[word] & mask) is var bits and not 0)
            {
                return (word * Bits) + BitOperations.TrailingZeroCount(bits);
            }
        }

        return 0;
    }

    public void Clear()
    {
        Array.Clear(_words);
        Count = 0;
    }
}
