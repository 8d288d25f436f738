using System.Collections.Immutable;
using FraudEngine.Rules.Compilation;
using FraudEngine.Rules.Syntax;
using FraudEngine.Rules.Yaml;

namespace FraudEngine.Rules.Features;

/// <summary>Reads a model's file: name, version, file of trees, use of the score, and features.</summary>
internal static class FeatureFile
{
    private const int FileNameCharactersMax = 255;

    /// <exception cref="RuleSetException">With every error of the file.</exception>
    public static FeatureSet Read(string yaml, string fileName, EntitySlots entities, ListSlots lists)
    {
        var source = new SourceText(yaml.TrimStart('\uFEFF'));
        var errors = new FileErrors(fileName, source);
        return Read(source, entities, lists, errors) ?? throw errors.ToException();
    }

    private static FeatureSet? Read(SourceText source, EntitySlots entities, ListSlots lists, FileErrors errors)
    {
        if (FileKind.Model.ReadRoot(source, errors) is not { } map)
        {
            return null;
        }

        var entries = new MapReader(map, FileKind.Model.Whole, ["name", "version", "trees", "score", "features"], errors);
        var scalars = new ScalarReader(errors);
        var name = scalars.Name(entries.Scalar("name"), "name");
        var version = scalars.Version(entries.Scalar("version"));
        var trees = ReadFileName(entries.Scalar("trees"), errors);
        var use = ReadUse(entries.Scalar("score"), errors);
        var features = ReadFeatures(map, entries, new FeatureReader(source, new Scope(entities, lists), errors), errors);
        if (!errors.Any)
        {
            CostLimits.Check(FileKind.Model, map.Start, [.. features.Select(static feature => (feature.Name, feature.Cost))], entities, errors);
        }

        return errors.Any ? null : new FeatureSet(name!, version!.Value, trees!, use, features, entities.Plans(), [.. lists.Names], source.Text);
    }

    private static string? ReadFileName(YamlScalar? scalar, FileErrors errors)
    {
        if (scalar is null)
        {
            return null;
        }

        var name = scalar.Value;
        if (name.Length is > 0 and <= FileNameCharactersMax && name is not ("." or "..") && !name.Any(static c => char.IsControl(c) || c is '/' or '\\'))
        {
            return name;
        }

        errors.Add(scalar.Start, $"'trees' takes the name of a file beside this one, without a folder, but found '{Excerpt.Of(name)}'");
        return null;
    }

    private static ScoreUse ReadUse(YamlScalar? scalar, FileErrors errors)
    {
        switch (scalar?.Value)
        {
            case null:
                return ScoreUse.None;
            case "model":
                return ScoreUse.Model;
            case "rules":
                return ScoreUse.Rules;
            case "both":
                return ScoreUse.Both;
            default:
                errors.Add(
                    scalar.Start,
                    $"'score' takes model, rules or both (the higher of the two), but found '{Excerpt.Of(scalar.Value)}'{NearestName.Hint(scalar.Value, ["model", "rules", "both"])}");
                return ScoreUse.None;
        }
    }

    private static ImmutableArray<Feature> ReadFeatures(YamlMap map, MapReader entries, FeatureReader reader, FileErrors errors)
    {
        var nodes = entries.List("features");
        if (nodes.Count > FeatureSet.FeaturesMax)
        {
            errors.Add(nodes[FeatureSet.FeaturesMax].Start, $"a model has at most {FeatureSet.FeaturesMax} features, but this has {nodes.Count}");
            return [];
        }

        if (nodes.Count == 0 && !errors.Any)
        {
            errors.Add(map.Start, "a model needs at least one feature");
        }

        var features = ImmutableArray.CreateBuilder<Feature>(nodes.Count);
        foreach (var node in nodes)
        {
            if (reader.Read(node) is { } feature)
            {
                features.Add(feature);
            }
        }

        return features.ToImmutable();
    }
}
