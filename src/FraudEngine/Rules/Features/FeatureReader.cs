using FraudEngine.Rules.Compilation;
using FraudEngine.Rules.Syntax;
using FraudEngine.Rules.Yaml;

namespace FraudEngine.Rules.Features;

/// <summary>Reads and compiles one feature after the other.</summary>
internal sealed class FeatureReader(SourceText source, Scope scope, FileErrors errors)
{
    private readonly CustomerTextReader _texts = new(source, errors);
    private readonly ExpressionReader _expressions = new(source, scope, errors);
    private readonly Dictionary<string, int> _names = [];

    /// <summary>The feature; null, with the errors noted, where it is none.</summary>
    public Feature? Read(YamlNode node)
    {
        if (node is not YamlMap map)
        {
            errors.Add(node.Start, "expected a feature: name, value and, if you like, text");
            return null;
        }

        var entries = new MapReader(map, "a feature", ["name", "value"], errors, "text", "texts");
        var name = ReadName(entries.Scalar("name"));
        var value = _expressions.Read(entries.Scalar("value"), "value", ExpressionCompiler.Feature);
        var text = _texts.ReadAll(entries);
        if (entries.Has("texts") && !entries.Has("text"))
        {
            errors.Add(map.Start, "a feature with 'texts' needs 'text'");
        }

        return name is null || value is null ? null : new Feature(name, text, value);
    }

    private string? ReadName(YamlScalar? scalar)
    {
        if (scalar is null)
        {
            return null;
        }

        var name = scalar.Value;
        if (name.Length is 0 or > Feature.NameCharactersMax || name.Trim() != name || name.Any(static c => char.IsControl(c) || char.IsSurrogate(c) || c is '[' or ']' or '<'))
        {
            errors.Add(scalar.Start, $"a feature's name has 1 to {Feature.NameCharactersMax} printable characters, none of them [, ] or < (XGBoost forbids these), but found '{Excerpt.Of(name)}'");
            return null;
        }

        if (!_names.TryAdd(name, scalar.Start))
        {
            errors.Add(scalar.Start, $"the name '{Excerpt.Of(name)}' is already that of the feature in line {source.At(_names[name]).Line}");
            return null;
        }

        return name;
    }
}
