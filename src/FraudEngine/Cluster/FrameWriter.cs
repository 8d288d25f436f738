using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace FraudEngine.Cluster;

/// <summary>
/// What one node sends to another as one message of the broker: a version, the sender's life, and parts, each with its kind and its length. All numbers are little-endian.
/// </summary>
internal sealed class FrameWriter : IBufferWriter<byte>
{
    public const byte Version = 1;

    private readonly int _headerLength;
    private byte[] _buffer = new byte[1024];
    private int _length;
    private int _partAt;

    public FrameWriter(string life)
    {
        WriteByte(Version);
        WriteText(life);
        _headerLength = _length;
    }

    public bool IsEmpty => _length == _headerLength;

    public int Length => _length;

    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, _length);

    /// <summary>Begins a part; it ends with <see cref="End"/>.</summary>
    public void Begin(FramePart part)
    {
        WriteByte((byte)part);
        _partAt = _length;
        WriteInt32(0);
    }

    public void End() => BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(_partAt), _length - _partAt - sizeof(int));

    /// <summary>Takes back the part that was begun last, which could not be written.</summary>
    public void Abandon() => _length = _partAt - 1;

    /// <summary>Makes it empty, and lets go of a large buffer.</summary>
    public void Clear()
    {
        const int keptMax = 1 << 20;
        if (_buffer.Length > keptMax)
        {
            Array.Resize(ref _buffer, 1024);
        }

        _length = _headerLength;
    }

    public void WriteByte(byte value)
    {
        Ensure(1);
        _buffer[_length++] = value;
    }

    public void WriteInt32(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(GetSpan(sizeof(int)), value);
        _length += sizeof(int);
    }

    public void WriteInt64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(GetSpan(sizeof(long)), value);
        _length += sizeof(long);
    }

    /// <summary>At most 255 bytes of UTF-8; what is longer is cut off.</summary>
    public void WriteText(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text).AsSpan();
        bytes = bytes[..Math.Min(bytes.Length, byte.MaxValue)];
        WriteByte((byte)bytes.Length);
        WriteBytes(bytes);
    }

    public void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        _length += bytes.Length;
    }

    public void Advance(int count) => _length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Ensure(Math.Max(sizeHint, 1));
        return _buffer.AsMemory(_length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Ensure(Math.Max(sizeHint, 1));
        return _buffer.AsSpan(_length);
    }

    private void Ensure(int more)
    {
        if (_buffer.Length - _length < more)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + more));
        }
    }
}

/// <summary>What a part of a frame is.</summary>
internal enum FramePart : byte
{
    None,

    /// <summary>A <see cref="Cluster.Heartbeat"/>.</summary>
    Heartbeat,

    /// <summary>Bits by <see cref="Cluster.News"/>.</summary>
    News,

    /// <summary>Shard, attempt, sequence, segment, count, and the requests.</summary>
    Requests,

    /// <summary>Shard, attempt, segment, and the answers in the order of the requests.</summary>
    Answers,

    /// <summary>Shard, attempt, segment: not handled.</summary>
    GivenBack,

    /// <summary>Id, and the visit.</summary>
    Visit,

    /// <summary>Id, and what the visit found.</summary>
    VisitAnswer,
}
