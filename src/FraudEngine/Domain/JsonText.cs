using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace FraudEngine.Domain;

/// <summary>Writes pieces of JSON straight into a buffer.</summary>
public static class JsonText
{
    private static readonly SearchValues<byte> NeedEscape = SearchValues.Create([.. Enumerable.Range(0, 32).Select(c => (byte)c), (byte)'"', (byte)'\\']);

    /// <summary>For JSON that people read: letters of every language stay as they are.</summary>
    public static JsonWriterOptions WriterOptions { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes bytes as they are.</summary>
    public static void Raw(IBufferWriter<byte> output, ReadOnlySpan<byte> json) => output.Write(json);

    /// <summary>Writes a string with its quotes. Valid UTF-8 stays as it is.</summary>
    public static void String(IBufferWriter<byte> output, ReadOnlySpan<byte> text)
    {
        output.Write("\""u8);
        if (text.ContainsAny(NeedEscape))
        {
            Span<byte> escaped = stackalloc byte[text.Length * 6];
            JavaScriptEncoder.UnsafeRelaxedJsonEscaping.EncodeUtf8(text, escaped, out _, out var written);
            output.Write(escaped[..written]);
        }
        else
        {
            output.Write(text);
        }

        output.Write("\""u8);
    }
}
