using System.Buffers;
using System.Text;
using System.Text.Json;

namespace TransactionFeed.Evaluate;

/// <summary>Some fields of one JSON object, as text; what can't be read is empty. Reused; valid until the next object.</summary>
internal sealed class JsonFields(IReadOnlyList<string[]> names)
{
    private const int DepthMax = 1024;

    private readonly byte[][][] _names = [.. names.Select(static field => field.Select(Encoding.UTF8.GetBytes).ToArray())];
    private readonly (int Start, int Length)[] _fields = new (int, int)[names.Count];
    private byte[] _text = new byte[256];

    public ReadOnlySpan<byte> this[int field] => _text.AsSpan(_fields[field].Start, _fields[field].Length);

    public void Read(ReadOnlySpan<byte> line)
    {
        Array.Clear(_fields);
        if (_text.Length < line.Length)
        {
            _text = new byte[line.Length * 2];
        }

        var used = 0;
        var json = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = DepthMax });
        try
        {
            while (json.Read())
            {
                if (json.TokenType == JsonTokenType.PropertyName && json.CurrentDepth == 1 && FieldOf(ref json) is var field && field >= 0)
                {
                    json.Read();
                    var length = Take(ref json, _text.AsSpan(used));
                    _fields[field] = (used, length);
                    used += length;
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or DecoderFallbackException)
        {
            // What could be read up to here is enough: whoever asks for a field that is missing says so.
        }
    }

    private int FieldOf(ref Utf8JsonReader json)
    {
        for (var field = 0; field < _names.Length; field++)
        {
            foreach (var name in _names[field])
            {
                if (json.ValueTextEquals(name))
                {
                    return field;
                }
            }
        }

        return -1;
    }

    private static int Take(ref Utf8JsonReader json, Span<byte> room)
    {
        if (json.TokenType == JsonTokenType.String)
        {
            return json.CopyString(room);
        }

        if (json.TokenType is not (JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False))
        {
            return 0;
        }

        var text = json.HasValueSequence ? json.ValueSequence.ToArray() : json.ValueSpan;
        text.CopyTo(room);
        return text.Length;
    }
}
