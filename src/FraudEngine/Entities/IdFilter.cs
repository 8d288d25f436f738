using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using FraudEngine.Domain;

namespace FraudEngine.Entities;

/// <summary>
/// Tells, for every transaction id that an account ever used, "perhaps seen", and for nearly all others "certainly new", in about 2 bytes an id.
/// A scalable Bloom filter (Almeida, Baquero, Preguiça, Hutchison 2007): segments of doubling capacity, 16 bits an id, 6 probes, so about one
/// new id in a thousand is looked up in the journal for nothing.
/// </summary>
public sealed class IdFilter
{
    private const int FirstCapacity = 16;
    private const int BitsPerId = 16;
    private const int Probes = 6;

    /// <summary>More would be some hundred million ids of one account.</summary>
    private const int SegmentsMax = 24;

    /// <summary>All segments, one behind the other.</summary>
    private ulong[] _words = [];
    private int _segments;
    private int _inLast;

    public bool MayContain(ulong idHash)
    {
        for (var segment = 0; segment < _segments; segment++)
        {
            if (Contains(BitsOf(segment), idHash))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads what will be asked about an id, but for what is seldom asked; see <see cref="AccountState.TouchNear"/>.</summary>
    public long Touch(ulong idHash)
    {
        var sum = 0UL;
        for (var segment = 0; segment < _segments; segment++)
        {
            var bits = BitsOf(segment);
            var (at, step) = Start(idHash);

            // Of an id that is new half of the probes of a segment that is full end the search. In the last the id is put.
            var probes = segment == _segments - 1 ? Probes : 2;
            for (var i = 0; i < probes; i++, at += step)
            {
                sum += bits[(int)((at & (uint)((bits.Length * 64) - 1)) >> 6)];
            }
        }

        return (long)sum;
    }

    public void Add(ulong idHash)
    {
        if (_segments == 0 || _inLast == CapacityOf(_segments - 1))
        {
            _segments++;
            Array.Resize(ref _words, StartOf(_segments));
            _inLast = 0;
        }

        var bits = BitsOf(_segments - 1);
        var (at, step) = Start(idHash);
        for (var i = 0; i < Probes; i++, at += step)
        {
            var bit = at & (uint)((bits.Length * 64) - 1);
            bits[(int)(bit >> 6)] |= 1UL << (int)(bit & 63);
        }

        _inLast++;
    }

    public void WriteTo(IBufferWriter<byte> output)
    {
        Varint.Write(output, (ulong)_segments);
        Varint.Write(output, (ulong)_inLast);
        var bytes = output.GetSpan(_words.Length * sizeof(ulong));
        for (var i = 0; i < _words.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[(i * sizeof(ulong))..], _words[i]);
        }

        output.Advance(_words.Length * sizeof(ulong));
    }

    /// <summary>Reads what <see cref="WriteTo"/> wrote. Throws <see cref="InvalidDataException"/> where it is damaged.</summary>
    public static IdFilter ReadFrom(ref ReadOnlySpan<byte> source)
    {
        var filter = new IdFilter { _segments = Varint.ReadCount(ref source) };
        filter._inLast = (int)Varint.Read(ref source);
        if (filter._segments > SegmentsMax || source.Length / sizeof(ulong) < StartOf(filter._segments))
        {
            throw new InvalidDataException("A stored id filter is cut off.");
        }

        filter._words = new ulong[StartOf(filter._segments)];
        for (var i = 0; i < filter._words.Length; i++)
        {
            filter._words[i] = BinaryPrimitives.ReadUInt64LittleEndian(source[(i * sizeof(ulong))..]);
        }

        source = source[(filter._words.Length * sizeof(ulong))..];
        return filter;
    }

    private static int CapacityOf(int segment) => FirstCapacity << segment;

    /// <summary>Where a segment's words begin: each has twice those of the one before.</summary>
    private static int StartOf(int segment) => FirstCapacity * BitsPerId / 64 * ((1 << segment) - 1);

    private Span<ulong> BitsOf(int segment) => _words.AsSpan(StartOf(segment), CapacityOf(segment) * BitsPerId / 64);

    private static bool Contains(ReadOnlySpan<ulong> bits, ulong idHash)
    {
        var (at, step) = Start(idHash);
        for (var i = 0; i < Probes; i++, at += step)
        {
            var bit = at & (uint)((bits.Length * 64) - 1);
            if ((bits[(int)(bit >> 6)] & (1UL << (int)(bit & 63))) == 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Double hashing (Kirsch and Mitzenmacher 2006): the halves of one hash make all the probes.</summary>
    private static (uint At, uint Step) Start(ulong hash) => ((uint)hash, (uint)BitOperations.RotateLeft(hash, 32) | 1);
}
