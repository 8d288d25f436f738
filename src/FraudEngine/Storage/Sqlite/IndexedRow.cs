using System.Buffers.Binary;
using FraudEngine.Domain;

namespace FraudEngine.Storage.Sqlite;

/// <summary>Where one entry of an account stands in the journal.</summary>
internal readonly record struct IndexedRow(long Sequence, long Position, ulong IdHash) : IIndexedRow<IndexedRow>
{
    /// <summary>Rows of a full segment: each is written to a page at random, and pages are most of what a commit costs.</summary>
    public const int SegmentRows = 64;

    public long Order => Sequence;

    public static int BytesMax(int rows) => rows * (Varint.BytesMax + sizeof(ulong));

    /// <summary>Writes rows of consecutive sequence numbers, of each the position, as the difference to the one before, and the hash; returns their length in bytes.</summary>
    public static int Encode(ReadOnlySpan<IndexedRow> rows, Span<byte> bytes)
    {
        var length = 0;
        var before = 0L;
        foreach (ref readonly var row in rows)
        {
            length += Varint.Write(bytes[length..], (ulong)(row.Position - before));
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[length..], row.IdHash);
            length += sizeof(ulong);
            before = row.Position;
        }

        return length;
    }

    public static void Decode(ReadOnlySpan<byte> segment, long first, long last, List<IndexedRow> rows)
    {
        var position = 0L;
        for (var sequence = first; sequence <= last; sequence++)
        {
            position += (long)Varint.Read(ref segment);
            if (segment.Length < sizeof(ulong))
            {
                throw new InvalidDataException("A segment of the journal's index is cut off.");
            }

            rows.Add(new IndexedRow(sequence, position, BinaryPrimitives.ReadUInt64LittleEndian(segment)));
            segment = segment[sizeof(ulong)..];
        }
    }
}
