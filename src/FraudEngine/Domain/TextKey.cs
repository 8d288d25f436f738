using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace FraudEngine.Domain;

/// <summary>
/// A text in 16 bytes, for equality: up to 15 UTF-8 bytes stand in it as they are; of a longer one the first 15 bytes of its SHA-256.
/// Two different texts never share a key, but for a collision of 120 bits of SHA-256. The default value means no text.
/// </summary>
public readonly record struct TextKey(ulong Low, ulong High)
{
    private const int InlineBytesMax = 15;
    private const byte Hashed = 0x80;

    public bool IsNone => (Low | High) == 0;

    /// <summary>Whether <see cref="ToString"/> gives the text itself.</summary>
    public bool IsInline => (byte)(High >> 56) <= InlineBytesMax;

    /// <summary>The key of a text; of an empty one, no text.</summary>
    public static TextKey Of(ReadOnlySpan<byte> text)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        if (text.Length <= InlineBytesMax)
        {
            text.CopyTo(bytes);
            bytes[InlineBytesMax] = (byte)text.Length;
        }
        else
        {
            Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(text, digest);
            digest[..InlineBytesMax].CopyTo(bytes);
            bytes[InlineBytesMax] = Hashed;
        }

        return new TextKey(BinaryPrimitives.ReadUInt64LittleEndian(bytes), BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]));
    }

    public static TextKey Of(string text) => Of(Encoding.UTF8.GetBytes(text));

    /// <summary>The text where it is inline, else <c>#</c> and hexadecimal digits of its hash.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Low);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], High);
        return IsInline ? Encoding.UTF8.GetString(bytes[..bytes[InlineBytesMax]]) : "#" + Convert.ToHexStringLower(bytes[..InlineBytesMax]);
    }
}
