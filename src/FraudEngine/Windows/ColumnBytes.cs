using System.Buffers.Binary;

namespace FraudEngine.Windows;

/// <summary>
/// Where a column's values stand: as many bytes for each event, side by side. As long as they are narrow that is in a block that an entity's columns share, so that a
/// million accounts don't have ten million small arrays, which take memory and which the garbage collector copies one by one; else in an array of their own.
/// </summary>
internal struct ColumnBytes
{
    private readonly byte _narrow;
    private byte _width;
    private int _start;
    private byte[] _array;

    /// <param name="width">Bytes of a narrow value.</param>
    public ColumnBytes(byte width) => (_narrow, _width, _array) = (width, width, []);

    /// <summary>Whether values are no longer narrow.</summary>
    public readonly bool IsWide => _width != _narrow;

    /// <summary>Bytes that it takes in a block for so many events.</summary>
    public readonly int BlockBytes(int capacity) => IsWide ? 0 : capacity * _width;

    /// <summary>Whether its values stand in that block, if they are to.</summary>
    public readonly bool IsLaidIn(byte[] block) => IsWide || ReferenceEquals(_array, block);

    public readonly byte Byte(int at) => _array[_start + at];

    public readonly int Int32(int at) => BinaryPrimitives.ReadInt32LittleEndian(_array.AsSpan(_start + (at * sizeof(int))));

    public readonly uint UInt32(int at) => BinaryPrimitives.ReadUInt32LittleEndian(_array.AsSpan(_start + (at * sizeof(uint))));

    public readonly long Int64(int at) => BinaryPrimitives.ReadInt64LittleEndian(_array.AsSpan(_start + (at * sizeof(long))));

    public readonly void Set(int at, byte value) => _array[_start + at] = value;

    public readonly void Set(int at, int value) => BinaryPrimitives.WriteInt32LittleEndian(_array.AsSpan(_start + (at * sizeof(int))), value);

    public readonly void Set(int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(_array.AsSpan(_start + (at * sizeof(uint))), value);

    public readonly void Set(int at, long value) => BinaryPrimitives.WriteInt64LittleEndian(_array.AsSpan(_start + (at * sizeof(long))), value);

    /// <summary>The bytes of the events from start to end.</summary>
    public readonly ReadOnlySpan<byte> Of(int start, int end) => _array.AsSpan(_start + (start * _width), (end - start) * _width);

    /// <summary>Moves the values from a position to the end up by one.</summary>
    public readonly void MakeGap(int at, int end) => Of(at, end).CopyTo(_array.AsSpan(_start + ((at + 1) * _width)));

    /// <summary>Takes an array of its own, in which all values are 0, for values of another width.</summary>
    public void Replace(byte width, int capacity) => (_array, _start, _width) = (new byte[width * capacity], 0, width);

    /// <summary>Moves the values from first to end to the front of their place in a block, or of an array of their own, with room for as many as the capacity.</summary>
    /// <param name="start">In the block. Behind it go the columns that are moved after this one.</param>
    public void Move(int first, int end, int capacity, byte[] block, ref int start)
    {
        var values = Of(first, end);
        if (IsWide)
        {
            var own = _array.Length == capacity * _width ? _array : new byte[capacity * _width];
            values.CopyTo(own);
            _array = own;
            return;
        }

        values.CopyTo(block.AsSpan(start));
        (_array, _start) = (block, start);
        start += BlockBytes(capacity);
    }
}
