using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using FraudEngine.Domain;

namespace FraudEngine.Ingress;

/// <summary>The members of a small JSON object, read one after the other, with every problem of every field. A member that nobody knows is a problem too.</summary>
internal sealed class JsonFields
{
    // Each is compared with those before it, and told: a body full of mistakes costs no more than one with some.
    private const int ProblemsMax = 100;

    private readonly Dictionary<string, JsonElement> _members = new(StringComparer.Ordinal);
    private readonly List<(string Field, string Problem)> _problems;
    private readonly string _prefix;

    private JsonFields(JsonElement element, string prefix, List<(string Field, string Problem)> problems, IReadOnlyCollection<string> names)
    {
        _prefix = prefix;
        _problems = problems;
        foreach (var member in element.EnumerateObject())
        {
            if (!names.Contains(member.Name))
            {
                Add(Shortened(member.Name), $"is not known; there are {string.Join(", ", names)}");
            }
            else if (!_members.TryAdd(member.Name, member.Value))
            {
                Add(member.Name, "is given twice");
            }
        }
    }

    /// <summary>Whether nothing was wrong up to now, in the whole text.</summary>
    public bool AreRight => _problems.Count == 0;

    /// <summary>What was wrong; null where nothing was.</summary>
    /// <param name="title">Such as <c>Invalid case</c>.</param>
    public Problem? ProblemOf(string title) => AreRight ? null : Problem.Invalid(title, [.. _problems]);

    /// <summary>Reads a body of JSON; null where it was refused, which is answered then.</summary>
    /// <param name="names">The members that it may have.</param>
    public static async Task<JsonFields?> ReadAsync(HttpContext context, int bytesMax, params IReadOnlyCollection<string> names)
    {
        var problem = RequestMediaType.Of(context.Request) == "application/json" ? null : ContentType;
        ReadOnlyMemory<byte> body = default;
        if (problem is null)
        {
            (body, problem) = await RequestBody.ReadAsync(context, bytesMax);
        }

        JsonFields? fields = null;
        problem ??= Read(body, names, out fields);
        if (problem is not null)
        {
            await ProblemResponse.Write(context, problem);
        }

        return fields;
    }

    /// <summary>What is wrong with a text as a JSON object; where nothing is, <paramref name="fields"/> are its members.</summary>
    public static Problem? Read(ReadOnlyMemory<byte> json, IReadOnlyCollection<string> names, out JsonFields? fields)
    {
        fields = null;
        ReadOnlySpan<byte> byteOrderMark = [0xEF, 0xBB, 0xBF];
        json = json.Span.StartsWith(byteOrderMark) ? json[3..] : json;
        if (json.IsEmpty)
        {
            return Malformed("The body is empty; it must be a JSON object.");
        }

        if (!Utf8.IsValid(json.Span))
        {
            return Malformed("The body is not UTF-8.");
        }

        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return Malformed("The body must be a JSON object.");
            }

            fields = new JsonFields(document.RootElement.Clone(), "", [], names);
            return null;
        }
        catch (JsonException reason)
        {
            return Malformed($"The body is not valid JSON: {TransactionReader.Sentence(reason)}");
        }
        catch (InvalidOperationException)
        {
            return Malformed("The body is not valid JSON: half a surrogate pair stands in a name.");
        }
    }

    /// <summary>Whether the member is there, if only as null.</summary>
    public bool Has(string name) => _members.ContainsKey(name);

    /// <summary>The path of a member in the whole text, as refusals name it.</summary>
    public string PathOf(string name) => _prefix + name;

    /// <summary>Notes that a field is wrong; each mistake once, and the first hundred of them.</summary>
    public void Add(string name, string problem)
    {
        if (_problems.Count < ProblemsMax && !_problems.Contains((PathOf(name), problem)))
        {
            _problems.Add((PathOf(name), problem));
        }
    }

    /// <summary>A member that is a string, as its check takes it; null where it is not given, or is wrong.</summary>
    /// <param name="check">What is wrong with a text, or null.</param>
    public string? Text(string name, Func<string, string?> check, bool isRequired = true)
    {
        if (Find(name, isRequired) is not { } value)
        {
            return null;
        }

        var problem = TryText(value, out var text) ? check(text) : value.ValueKind == JsonValueKind.String ? "must be valid text" : "must be a JSON string";
        if (problem is not null)
        {
            Add(name, problem);
            return null;
        }

        return text;
    }

    /// <summary>A member that is one of some words.</summary>
    public T? OneOf<T>(string name, bool isRequired, params ReadOnlySpan<(string Word, T Value)> words)
        where T : notnull
    {
        if (Find(name, isRequired) is not { } value)
        {
            return default;
        }

        if (TryText(value, out var text))
        {
            foreach (var (word, meant) in words)
            {
                if (word == text)
                {
                    return meant;
                }
            }
        }

        var known = new List<string>();
        foreach (var (word, _) in words)
        {
            known.Add(word);
        }

        Add(name, $"must be {string.Join(", ", known.SkipLast(1))} or {known[^1]}");
        return default;
    }

    /// <summary>A member that is true or false; false where it is not given.</summary>
    public bool Flag(string name)
    {
        if (Find(name, isRequired: false) is { ValueKind: not (JsonValueKind.True or JsonValueKind.False) })
        {
            Add(name, "must be true or false");
        }

        return _members.TryGetValue(name, out var given) && given.ValueKind == JsonValueKind.True;
    }

    /// <summary>A member that counts something, from 1; null where it is not given.</summary>
    public long? Count(string name)
    {
        if (Find(name, isRequired: false) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var count) && count >= 1)
        {
            return count;
        }

        Add(name, "must be a whole number from 1");
        return null;
    }

    /// <summary>A member that is an object of its own; null where it is not given, or is none.</summary>
    public JsonFields? Object(string name, params IReadOnlyCollection<string> names)
    {
        if (Find(name, isRequired: false) is not { } value)
        {
            return null;
        }

        return Nested(value, name, names);
    }

    /// <summary>The items of a member that is an array; none where it is not given, or is none.</summary>
    public IReadOnlyList<JsonElement> Items(string name, int max)
    {
        if (Find(name, isRequired: false) is not { } value)
        {
            return [];
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            Add(name, "must be a JSON array");
            return [];
        }

        if (value.GetArrayLength() > max)
        {
            Add(name, $"must have at most {max} entries");
            return [];
        }

        return [.. value.EnumerateArray()];
    }

    /// <summary>The items of a member that is an array of different strings.</summary>
    public IReadOnlyList<string> Texts(string name, int max, Func<string, string?> check)
    {
        var texts = new List<string>();
        var items = Items(name, max);
        for (var i = 0; i < items.Count; i++)
        {
            var at = string.Create(CultureInfo.InvariantCulture, $"{name}[{i}]");
            var problem = !TryText(items[i], out var text) ? "must be a JSON string" : texts.Contains(text) ? "is given twice" : check(text);
            if (problem is null)
            {
                texts.Add(text);
            }
            else
            {
                Add(at, problem);
            }
        }

        return texts;
    }

    /// <summary>An item that is an object of its own; null where it is none.</summary>
    public JsonFields? Nested(JsonElement item, string at, params IReadOnlyCollection<string> names)
    {
        if (item.ValueKind != JsonValueKind.Object)
        {
            Add(at, "must be a JSON object");
            return null;
        }

        try
        {
            return new JsonFields(item, $"{_prefix}{at}.", _problems, names);
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair in a name.
            Add(at, "must be valid text");
            return null;
        }
    }

    /// <summary>A member that is given and not null; where it must be and is not, that is noted.</summary>
    public JsonElement? Find(string name, bool isRequired)
    {
        if (_members.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null)
        {
            return value;
        }

        if (isRequired)
        {
            Add(name, "is required");
        }

        return null;
    }

    /// <summary>False where it is no string, or has half a surrogate pair.</summary>
    public static bool TryText(JsonElement value, out string text)
    {
        text = "";
        try
        {
            text = value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
            return value.ValueKind == JsonValueKind.String;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static Problem ContentType { get; } = new(
        415, "content-type", "Unsupported content type", "Send application/json, in UTF-8 and not compressed.");

    private static Problem Malformed(string detail) => new(400, "malformed", "Not a JSON object", detail);

    /// <summary>A name that somebody has made up, as a refusal repeats it.</summary>
    private static string Shortened(string name)
    {
        const int charactersMax = 64;
        var shown = new StringBuilder();
        foreach (var rune in name.EnumerateRunes().Take(charactersMax))
        {
            shown.Append(rune);
        }

        return shown.Length < name.Length ? $"{shown}…" : name;
    }
}
