using FraudEngine.Rules.Compilation;
using FraudEngine.Rules.Syntax;
using YamlDotNet.Core;

namespace FraudEngine.Rules.Yaml;

/// <summary>The entries of a map with known keys. Unknown, missing and repeated ones are noted as errors.</summary>
internal sealed class MapReader
{
    private readonly Dictionary<string, YamlNode> _values = [];
    private readonly FileErrors _errors;

    /// <param name="optional">Keys that may be missing, besides the required <paramref name="keys"/>.</param>
    public MapReader(YamlMap map, string what, ReadOnlySpan<string> keys, FileErrors errors, params ReadOnlySpan<string> optional)
    {
        _errors = errors;
        string[] known = [.. keys, .. optional];
        foreach (var (key, value) in map.Entries)
        {
            if (!known.Contains(key.Value))
            {
                errors.Add(key.Start, $"{what} has no '{Excerpt.Of(key.Value)}'; its keys are {string.Join(", ", known)}{NearestName.Hint(key.Value, known)}");
            }
            else if (!_values.TryAdd(key.Value, value))
            {
                errors.Add(key.Start, $"'{key.Value}' is given twice");
            }
        }

        foreach (var key in keys)
        {
            if (!_values.ContainsKey(key))
            {
                errors.Add(map.Start, $"{what} needs '{key}'");
            }
        }
    }

    public bool Has(string key) => _values.ContainsKey(key);

    /// <summary>The value of a key if it is a single value, else null, with the error noted.</summary>
    public YamlScalar? Scalar(string key)
    {
        return _values.TryGetValue(key, out var value) ? Scalar(key, value) : null;
    }

    /// <summary>A single value that stands under a key, else null, with the error noted.</summary>
    public YamlScalar? Scalar(string key, YamlNode value)
    {
        if (value is not YamlScalar scalar)
        {
            _errors.Add(value.Start, $"'{key}' takes a single value{(value is YamlMap ? "; one that begins with '{' must stand in quotes" : "")}");
            return null;
        }

        if (scalar.Tag.Length > 0)
        {
            _errors.Add(scalar.Start, $"a value that begins with '!' must stand in quotes: '{key}: \"!…\"'");
            return null;
        }

        if (scalar.Style == ScalarStyle.Plain && scalar.Value.Length == 0)
        {
            _errors.Add(scalar.Start, $"'{key}' needs a value");
            return null;
        }

        return scalar;
    }

    public YamlMap? Map(string key, string form)
    {
        var value = _values.GetValueOrDefault(key);
        if (value is not (null or YamlMap))
        {
            _errors.Add(value.Start, $"'{key}' takes {form}");
        }

        return value as YamlMap;
    }

    /// <summary>The list under a key; <c>[]</c> where there is nothing after it.</summary>
    public IReadOnlyList<YamlNode> List(string key)
    {
        var value = _values.GetValueOrDefault(key);
        if (value is not (null or YamlList or YamlScalar { Value: "", Style: ScalarStyle.Plain }))
        {
            _errors.Add(value.Start, $"'{key}' takes a list, each item beginning with '- '");
        }

        return value is YamlList list ? list.Items : [];
    }
}
