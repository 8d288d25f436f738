namespace FraudEngine.Storage.Sqlite;

/// <summary>A row of the journal as an index keeps it for one account or one entity, and how a segment holds a run of them.</summary>
internal interface IIndexedRow<TRow>
    where TRow : struct, IIndexedRow<TRow>
{
    /// <summary>What the rows of one account or entity are in the order of.</summary>
    long Order { get; }

    /// <summary>The most bytes that so many rows take.</summary>
    static abstract int BytesMax(int rows);

    /// <summary>Writes a run of rows and returns its length in bytes.</summary>
    static abstract int Encode(ReadOnlySpan<TRow> rows, Span<byte> bytes);

    /// <summary>Adds the rows of a segment to <paramref name="rows"/>. Throws <see cref="InvalidDataException"/> where it is damaged.</summary>
    static abstract void Decode(ReadOnlySpan<byte> segment, long first, long last, List<TRow> rows);
}
