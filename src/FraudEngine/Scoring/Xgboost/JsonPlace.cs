using System.Globalization;
using System.Text.Json;

namespace FraudEngine.Scoring.Xgboost;

/// <summary>
/// A value in a model file with the path that leads to it, which every error names. All methods throw <see cref="ModelException"/> where the value is not
/// as asked for.
/// </summary>
internal readonly record struct JsonPlace(JsonElement Value, string Path)
{
    private const int ShownMax = 40;

    public ModelException Wrong(string what) => new($"{Path} {what}");

    public JsonPlace Member(string name) => Find(name) ?? throw new ModelException($"{PathOf(name)} is missing");

    /// <summary>Null where there is no such member.</summary>
    public JsonPlace? Find(string name) =>
        As(JsonValueKind.Object, "an object").TryGetProperty(name, out var member) ? new JsonPlace(member, PathOf(name)) : null;

    public int Length() => As(JsonValueKind.Array, "an array").GetArrayLength();

    /// <param name="pathOf">The path of an element, by its index.</param>
    public IEnumerable<JsonPlace> Elements(Func<int, string> pathOf) =>
        As(JsonValueKind.Array, "an array").EnumerateArray().Select((element, index) => new JsonPlace(element, pathOf(index)));

    public string Text()
    {
        try
        {
            return As(JsonValueKind.String, "a text").GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Wrong("is not valid UTF-8");
        }
    }

    /// <summary>XGBoost writes its parameters as texts.</summary>
    public int Parameter() =>
        int.TryParse(Text(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Wrong($"is {Shown()} instead of a whole number");

    /// <summary>An array of so many whole numbers.</summary>
    public int[] Integers(int count)
    {
        var numbers = new int[CheckedLength(count)];
        var index = 0;
        foreach (var element in Value.EnumerateArray())
        {
            if (element.ValueKind != JsonValueKind.Number || !element.TryGetInt32(out numbers[index]))
            {
                throw new ModelException($"{Path}[{index}] is {Shown(element)} instead of a whole number");
            }

            index++;
        }

        return numbers;
    }

    /// <summary>An array of so many numbers, all finite.</summary>
    public float[] Floats(int count)
    {
        var numbers = new float[CheckedLength(count)];
        var index = 0;
        foreach (var element in Value.EnumerateArray())
        {
            if (element.ValueKind != JsonValueKind.Number || !element.TryGetSingle(out numbers[index]) || !float.IsFinite(numbers[index]))
            {
                throw new ModelException($"{Path}[{index}] is {Shown(element)} instead of a finite number");
            }

            index++;
        }

        return numbers;
    }

    private int CheckedLength(int count) =>
        Length() is var length && length == count ? count : throw Wrong($"has {length} elements instead of {count}, one per node");

    private string PathOf(string name) => Path.Length == 0 ? name : Path.EndsWith(':') ? $"{Path} {name}" : $"{Path}.{name}";

    private JsonElement As(JsonValueKind kind, string expected) => Value.ValueKind == kind ? Value : throw Wrong($"is {Shown()} instead of {expected}");

    private string Shown() => Shown(Value);

    private static string Shown(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        _ => value.GetRawText() is var text && text.Length > ShownMax ? $"{text[..ShownMax]}…" : text,
    };
}
