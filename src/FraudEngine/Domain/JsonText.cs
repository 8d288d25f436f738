using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace FraudEngine.Domain;

/// <summary>Writes pieces of JSON straight into a buffer.</summary>
public static class JsonText
{
    private const int EscapedAtATime = 256;

    private static readonly SearchValues<byte> NeedEscape = SearchValues.Create([.. Enumerable.Range(0, 32).Select(c => (byte)c), (byte)'"', (byte)'\\']);

    /// <summary>For JSON that people read: letters of every language stay as they are.</summary>
    public static JsonWriterOptions WriterOptions { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes bytes as they are.</summary>
    public static void Raw(IBufferWriter<byte> output, ReadOnlySpan<byte> json) => output.Write(json);

    /// <summary>Writes a string with its quotes. Valid UTF-8 stays as it is.</summary>
    public static void String(IBufferWriter<byte> output, ReadOnlySpan<byte> text)
    {
        output.Write("\""u8);
        Escaped(output, text);
        output.Write("\""u8);
    }

    /// <summary>Writes what stands inside a string.</summary>
    public static void Escaped(IBufferWriter<byte> output, ReadOnlySpan<byte> text)
    {
        if (!text.ContainsAny(NeedEscape))
        {
            output.Write(text);
            return;
        }

        Span<byte> escaped = stackalloc byte[EscapedAtATime * 6];
        while (!text.IsEmpty)
        {
            var part = text[..Math.Min(text.Length, EscapedAtATime)];
            JavaScriptEncoder.UnsafeRelaxedJsonEscaping.EncodeUtf8(part, escaped, out var read, out var written, isFinalBlock: part.Length == text.Length);
            output.Write(escaped[..written]);
            text = text[read..];
        }
    }
}
