using System.Text.Json;
using System.Text.RegularExpressions;

namespace FraudEngine.Tests.Ingress;

/// <summary>As much of JSON Schema as the OpenAPI document uses. Stricter in one way: what a schema does not describe must not be there.</summary>
internal sealed class JsonSchema(JsonElement document)
{
    /// <summary>What is wrong with a value, or empty.</summary>
    public string Check(JsonElement schema, JsonElement value, string path = "$")
    {
        if (schema.TryGetProperty("$ref", out var reference))
        {
            return Check(Resolve(reference.GetString()!), value, path);
        }

        if (schema.TryGetProperty("type", out var type) && !Types(type).Any(name => IsOfType(value, name)))
        {
            return $"{path} is {value.ValueKind}, not {type}";
        }

        if (schema.TryGetProperty("enum", out var members) && members.EnumerateArray().All(member => member.GetRawText() != value.GetRawText()))
        {
            return $"{path} is {value}, not one of {members}";
        }

        return value.ValueKind switch
        {
            JsonValueKind.Object => CheckObject(schema, value, path),
            JsonValueKind.Array => First(value.EnumerateArray().Select((item, i) => Check(schema.GetProperty("items"), item, $"{path}[{i}]"))),
            JsonValueKind.String when schema.TryGetProperty("pattern", out var pattern) && !Regex.IsMatch(value.GetString()!, pattern.GetString()!) =>
                $"{path} is {value}, not like {pattern}",
            JsonValueKind.Number when schema.TryGetProperty("minimum", out var min) && value.GetDecimal() < min.GetDecimal() => $"{path} is below {min}",
            JsonValueKind.Number when schema.TryGetProperty("maximum", out var max) && value.GetDecimal() > max.GetDecimal() => $"{path} is above {max}",
            _ => "",
        };
    }

    public JsonElement Resolve(string reference) =>
        reference.Split('/').Skip(1).Aggregate(document, (element, name) => element.GetProperty(name));

    private string CheckObject(JsonElement schema, JsonElement value, string path)
    {
        if (schema.TryGetProperty("required", out var required)
            && required.EnumerateArray().FirstOrDefault(name => !value.TryGetProperty(name.GetString()!, out _)) is { ValueKind: JsonValueKind.String } missing)
        {
            return $"{path} has no {missing}";
        }

        return First(value.EnumerateObject().Select(member =>
            schema.TryGetProperty("properties", out var properties) && properties.TryGetProperty(member.Name, out var described)
                ? Check(described, member.Value, $"{path}.{member.Name}")
            : !schema.TryGetProperty("additionalProperties", out var others) ? $"{path}.{member.Name} is not described"
            : others.ValueKind == JsonValueKind.True ? ""
            : Check(others, member.Value, $"{path}.{member.Name}")));
    }

    private static string First(IEnumerable<string> problems) => problems.FirstOrDefault(problem => problem.Length > 0, "");

    private static IEnumerable<string> Types(JsonElement type) =>
        type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(name => name.GetString()!) : [type.GetString()!];

    private static bool IsOfType(JsonElement value, string type) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "null" => value.ValueKind == JsonValueKind.Null,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "number" => value.ValueKind == JsonValueKind.Number,
        _ => throw new ArgumentException($"unknown type {type}"),
    };
}
