using System.Buffers.Binary;

namespace FraudEngine.Windows;

/// <summary>
/// Where a column's values stand: as many bytes for each event, side by side, in the block that a stream's columns share. A million accounts would otherwise have ten million
/// small arrays, which take memory and of each of which the garbage collector finds and corrects the references, while everything waits.
/// </summary>
/// <param name="width">Bytes of a value at first.</param>
internal struct ColumnBytes(byte width)
{
    private byte _width = width;
    private byte _wanted = width;
    private int _start = 0;

    /// <summary>Where in the block's array the values begin.</summary>
    public readonly int Start => _start;

    public readonly int Width => _width;

    /// <summary>Whether values need more bytes than they have, so that the columns have to be laid in another block.</summary>
    public readonly bool IsTooNarrow => _wanted > _width;

    /// <summary>Whether values get another width when the columns are laid next.</summary>
    public readonly bool IsToChange => _wanted != _width;

    /// <summary>Bytes that it will take in a block for so many events.</summary>
    public readonly int BlockBytes(int capacity) => capacity * _wanted;

    public readonly byte Byte(byte[] block, int at) => block[_start + at];

    public readonly int Int32(byte[] block, int at) => BinaryPrimitives.ReadInt32LittleEndian(block.AsSpan(_start + (at * sizeof(int))));

    public readonly uint UInt32(byte[] block, int at) => BinaryPrimitives.ReadUInt32LittleEndian(block.AsSpan(_start + (at * sizeof(uint))));

    public readonly long Int64(byte[] block, int at) => BinaryPrimitives.ReadInt64LittleEndian(block.AsSpan(_start + (at * sizeof(long))));

    public readonly void Set(byte[] block, int at, byte value) => block[_start + at] = value;

    public readonly void Set(byte[] block, int at, int value) => BinaryPrimitives.WriteInt32LittleEndian(block.AsSpan(_start + (at * sizeof(int))), value);

    public readonly void Set(byte[] block, int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(block.AsSpan(_start + (at * sizeof(uint))), value);

    public readonly void Set(byte[] block, int at, long value) => BinaryPrimitives.WriteInt64LittleEndian(block.AsSpan(_start + (at * sizeof(long))), value);

    /// <summary>The bytes of the events from start to end.</summary>
    public readonly ReadOnlySpan<byte> Of(byte[] block, int start, int end) => block.AsSpan(_start + (start * _width), (end - start) * _width);

    /// <summary>Moves the values from a position to the end up by one.</summary>
    public readonly void MakeGap(byte[] block, int at, int end) => Of(block, at, end).CopyTo(block.AsSpan(_start + ((at + 1) * _width)));

    /// <summary>Gives the values another width when the columns are laid next.</summary>
    public void Want(byte width) => _wanted = width;

    /// <summary>
    /// Takes the place at <paramref name="start"/> in a target, behind which go the columns that are laid after this one, and moves the values from first to end there; false where they get
    /// another width, in which they have yet to be put there.
    /// </summary>
    /// <param name="block">Where the values are, which may be the target.</param>
    /// <param name="by">By how much their positions go down.</param>
    /// <param name="capacity">Events for which there is to be room.</param>
    public bool TryLay(byte[] block, int first, int end, int by, byte[] target, int capacity, ref int start)
    {
        var values = Of(block, first, end);
        var isSame = !IsToChange;
        (_start, _width) = (start, _wanted);
        start += capacity * _width;
        if (isSame)
        {
            values.CopyTo(target.AsSpan(_start + ((first - by) * _width)));
        }

        return isSame;
    }
}
