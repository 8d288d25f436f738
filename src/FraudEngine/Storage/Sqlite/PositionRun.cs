using FraudEngine.Domain;

namespace FraudEngine.Storage.Sqlite;

/// <summary>Journal positions in ascending order, as a segment of the entities' index holds them: each as the difference to the one before.</summary>
internal static class PositionRun
{
    public static byte[] Encode(ReadOnlySpan<IndexedRow> rows)
    {
        var bytes = new byte[rows.Length * Varint.BytesMax];
        var length = 0;
        var before = 0L;
        foreach (ref readonly var row in rows)
        {
            length += Varint.Write(bytes.AsSpan(length), (ulong)(row.Position - before));
            before = row.Position;
        }

        return bytes[..length];
    }

    /// <summary>Adds the positions of a segment to <paramref name="positions"/>. Throws <see cref="InvalidDataException"/> where it is damaged.</summary>
    public static void Decode(ReadOnlySpan<byte> segment, List<long> positions)
    {
        var position = 0L;
        while (!segment.IsEmpty)
        {
            position += (long)Varint.Read(ref segment);
            positions.Add(position);
        }
    }
}
