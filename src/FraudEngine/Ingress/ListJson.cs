using System.Text.Json;
using FraudEngine.Domain;
using FraudEngine.Engine.Lists;

namespace FraudEngine.Ingress;

/// <summary>
/// The JSON of named lists. Unlike a transaction's, members that are not known are refused: an expiry with a typing error would make an entry that never expires.
/// </summary>
internal static class ListJson
{
    private const string Form = "{\"entries\":[\"M-1\",{\"text\":\"M-2\",\"expires\":\"2026-12-31T00:00:00Z\"}]}";

    /// <summary>Throws <see cref="ListFormatException"/>.</summary>
    public static ListEntries ReadEntries(ReadOnlySpan<byte> json)
    {
        var reader = Start(json);
        ListEntries? entries = null;
        while (Member(ref reader) is { } member)
        {
            if (member != "entries" || entries is not null || reader.TokenType != JsonTokenType.StartArray)
            {
                throw new ListFormatException($"the body must be an object with the member entries, an array, and nothing else, such as {Form}");
            }

            entries = ReadArray(ref reader);
        }

        End(ref reader);
        return entries ?? throw new ListFormatException($"the member entries is missing; the body must be such as {Form}");
    }

    /// <summary>The member expires of an object that has no other; null where it has none. Throws <see cref="ListFormatException"/>.</summary>
    public static string? ReadExpiry(ReadOnlySpan<byte> json)
    {
        var reader = Start(json);
        string? expires = null;
        while (Member(ref reader) is { } member)
        {
            expires = member == "expires" ? Text(ref reader, "expires", isOptional: true) : throw new ListFormatException("the body may have the member expires and no other");
        }

        End(ref reader);
        return expires;
    }

    public static void WriteSummary(Utf8JsonWriter json, ListSummary list)
    {
        json.WriteString("name", list.Name);
        json.WriteString("owner", list.Owner);
        json.WriteNumber("count", list.Count);
        json.WriteNumber("version", list.Version);
    }

    public static void WriteEntry(Utf8JsonWriter json, ListEntry entry)
    {
        json.WriteStartObject();
        json.WriteString("text", entry.Text);
        if (entry.ExpiresTicks is { } expires)
        {
            json.WriteString("expires", TimestampText.Format(expires));
        }

        json.WriteEndObject();
    }

    private static ListEntries ReadArray(ref Utf8JsonReader reader)
    {
        var entries = new ListEntries();
        for (var number = 1; Read(ref reader) && reader.TokenType != JsonTokenType.EndArray; number++)
        {
            var (text, expires) = ReadEntry(ref reader, number);
            if (entries.Add(text, expires) is { } problem)
            {
                throw new ListFormatException($"entry {number}: {problem}");
            }
        }

        return entries;
    }

    private static (string Text, string? Expires) ReadEntry(ref Utf8JsonReader reader, int number)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return (Text(ref reader, $"entry {number}", isOptional: false)!, null);
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new ListFormatException($"entry {number}: it must be a string, or an object with text and, where it expires, expires");
        }

        string? text = null;
        string? expires = null;
        while (Member(ref reader) is { } member)
        {
            switch (member)
            {
                case "text":
                    text = Text(ref reader, $"entry {number}: text", isOptional: false);
                    break;
                case "expires":
                    expires = Text(ref reader, $"entry {number}: expires", isOptional: true);
                    break;
                default:
                    throw new ListFormatException($"entry {number}: it may have the members text and expires and no other");
            }
        }

        return (text ?? throw new ListFormatException($"entry {number}: text is missing"), expires);
    }

    private static Utf8JsonReader Start(ReadOnlySpan<byte> json)
    {
        ReadOnlySpan<byte> byteOrderMark = [0xEF, 0xBB, 0xBF];
        var reader = new Utf8JsonReader(json.StartsWith(byteOrderMark) ? json[3..] : json);
        return !json.IsEmpty && Read(ref reader) && reader.TokenType == JsonTokenType.StartObject ? reader : throw new ListFormatException("the body must be a JSON object");
    }

    /// <summary>Goes on to a member's value and returns its name; null at the end of the object.</summary>
    private static string? Member(ref Utf8JsonReader reader)
    {
        if (!Read(ref reader) || reader.TokenType != JsonTokenType.PropertyName)
        {
            return null;
        }

        var name = Text(ref reader, "a member's name", isOptional: false);
        Read(ref reader);
        return name;
    }

    private static void End(ref Utf8JsonReader reader) => Read(ref reader);

    private static bool Read(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.Read();
        }
        catch (JsonException reason)
        {
            throw new ListFormatException($"the body is not valid JSON (line {reason.LineNumber + 1}, byte {reason.BytePositionInLine + 1})");
        }
    }

    private static string? Text(ref Utf8JsonReader reader, string what, bool isOptional)
    {
        if (isOptional && reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName))
        {
            throw new ListFormatException($"{what} must be a string");
        }

        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, or bytes that are no UTF-8.
            throw new ListFormatException($"{what} is not valid Unicode text");
        }
    }
}
