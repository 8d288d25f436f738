using FraudEngine.Domain;

namespace FraudEngine.Storage.Sqlite;

/// <summary>Where one entry that names an entity stands in the journal.</summary>
internal readonly record struct EntityRow(long Position) : IIndexedRow<EntityRow>
{
    public long Order => Position;

    public static int BytesMax(int rows) => (rows + 1) * Varint.BytesMax;

    /// <summary>Writes a run of rows, each as the difference to the one before, and returns its length in bytes.</summary>
    public static int Encode(ReadOnlySpan<EntityRow> rows, Span<byte> bytes)
    {
        var length = Varint.Write(bytes, (ulong)rows.Length);
        var before = 0L;
        foreach (var row in rows)
        {
            length += Varint.Write(bytes[length..], (ulong)(row.Position - before));
            before = row.Position;
        }

        return length;
    }

    public static void Decode(ReadOnlySpan<byte> segment, long first, long last, List<EntityRow> rows)
    {
        var position = 0L;
        for (var left = Varint.ReadCount(ref segment); left > 0; left--)
        {
            position += (long)Varint.Read(ref segment);
            rows.Add(new EntityRow(position));
        }
    }
}
