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

    private ulong[][] _segments = [];
    private int _inLast;

    public bool MayContain(ulong idHash)
    {
        foreach (var segment in _segments)
        {
            if (Contains(segment, idHash))
            {
                return true;
            }
        }

        return false;
    }

    public void Add(ulong idHash)
    {
        if (_segments.Length == 0 || _inLast == CapacityOf(_segments.Length - 1))
        {
            Array.Resize(ref _segments, _segments.Length + 1);
            _segments[^1] = new ulong[CapacityOf(_segments.Length - 1) * BitsPerId / 64];
            _inLast = 0;
        }

        var bits = _segments[^1];
        var (at, step) = Start(idHash);
        for (var i = 0; i < Probes; i++, at += step)
        {
            var bit = at & (uint)((bits.Length * 64) - 1);
            bits[bit >> 6] |= 1UL << (int)(bit & 63);
        }

        _inLast++;
    }

    public void WriteTo(IBufferWriter<byte> output)
    {
        Varint.Write(output, (ulong)_segments.Length);
        Varint.Write(output, (ulong)_inLast);
        foreach (var segment in _segments)
        {
            var bytes = output.GetSpan(segment.Length * 8);
            for (var i = 0; i < segment.Length; i++)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(bytes[(i * 8)..], segment[i]);
            }

            output.Advance(segment.Length * 8);
        }
    }

    /// <summary>Reads what <see cref="WriteTo"/> wrote. Throws <see cref="InvalidDataException"/> where it is damaged.</summary>
    public static IdFilter ReadFrom(ref ReadOnlySpan<byte> source)
    {
        var filter = new IdFilter { _segments = new ulong[Varint.ReadCount(ref source)][] };
        filter._inLast = (int)Varint.Read(ref source);
        for (var s = 0; s < filter._segments.Length; s++)
        {
            var words = CapacityOf(s) * BitsPerId / 64;
            if (source.Length / 8 < words)
            {
                throw new InvalidDataException("A stored id filter is cut off.");
            }

            var segment = filter._segments[s] = new ulong[words];
            for (var i = 0; i < words; i++)
            {
                segment[i] = BinaryPrimitives.ReadUInt64LittleEndian(source[(i * 8)..]);
            }

            source = source[(words * 8)..];
        }

        return filter;
    }

    private static int CapacityOf(int segment) => FirstCapacity << segment;

    private static bool Contains(ulong[] bits, ulong idHash)
    {
        var (at, step) = Start(idHash);
        for (var i = 0; i < Probes; i++, at += step)
        {
            var bit = at & (uint)((bits.Length * 64) - 1);
            if ((bits[bit >> 6] & (1UL << (int)(bit & 63))) == 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Double hashing (Kirsch and Mitzenmacher 2006): the halves of one hash make all the probes.</summary>
    private static (uint At, uint Step) Start(ulong hash) => ((uint)hash, (uint)BitOperations.RotateLeft(hash, 32) | 1);
}
