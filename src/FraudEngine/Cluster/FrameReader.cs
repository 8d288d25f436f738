using System.Buffers.Binary;
using System.Text;

namespace FraudEngine.Cluster;

/// <summary>Reads what <see cref="FrameWriter"/> wrote. Throws <see cref="InvalidDataException"/>, and nothing else, where it is damaged or of another version.</summary>
internal ref struct FrameReader
{
    private ReadOnlySpan<byte> _rest;

    public FrameReader(ReadOnlySpan<byte> frame)
    {
        _rest = frame;
        if (ReadByte() != FrameWriter.Version)
        {
            throw new InvalidDataException("A node's message is of another version.");
        }

        Life = ReadText();
    }

    private FrameReader(ReadOnlySpan<byte> part, string life)
    {
        _rest = part;
        Life = life;
    }

    /// <summary>The sender's.</summary>
    public string Life { get; }

    public readonly ReadOnlySpan<byte> Rest => _rest;

    /// <summary>Goes on to the next part; false at the end.</summary>
    public bool TryReadPart(out FramePart kind, out FrameReader part)
    {
        kind = FramePart.None;
        part = default;
        if (_rest.IsEmpty)
        {
            return false;
        }

        kind = (FramePart)ReadByte();
        var length = ReadInt32();
        part = new FrameReader(Read(length), Life);
        return true;
    }

    public byte ReadByte() => Read(1)[0];

    public int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(Read(sizeof(int)));

    public long ReadInt64() => BinaryPrimitives.ReadInt64LittleEndian(Read(sizeof(long)));

    public string ReadText() => Encoding.UTF8.GetString(Read(ReadByte()));

    public ReadOnlySpan<byte> Read(int length)
    {
        if (length < 0 || length > _rest.Length)
        {
            throw new InvalidDataException("A node's message is cut off.");
        }

        var read = _rest[..length];
        _rest = _rest[length..];
        return read;
    }
}
