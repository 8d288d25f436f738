using System.Collections.Immutable;
using FraudEngine.Domain;
using FraudEngine.Rules.Compilation;

namespace FraudEngine.Rules.Yaml;

/// <summary>Reads a rule file: name, version, thresholds and rules.</summary>
internal static class RuleFile
{
    /// <exception cref="RuleSetException">With every error of the file.</exception>
    public static RuleSet Read(string yaml, string fileName, EntitySlots entities, ListSlots lists)
    {
        var source = new SourceText(yaml.TrimStart('\uFEFF'));
        var errors = new FileErrors(fileName, source);
        return Read(source, entities, lists, errors) ?? throw errors.ToException();
    }

    private static RuleSet? Read(SourceText source, EntitySlots entities, ListSlots lists, FileErrors errors)
    {
        if (FileKind.Rules.ReadRoot(source, errors) is not { } map)
        {
            return null;
        }

        var entries = new MapReader(map, FileKind.Rules.Whole, ["name", "version", "thresholds", "rules"], errors);
        var scalars = new ScalarReader(errors);
        var name = scalars.Name(entries.Scalar("name"), "name");
        var version = scalars.Version(entries.Scalar("version"));
        var (review, decline) = ReadThresholds(entries.Map("thresholds", "{ review: 0.5, decline: 0.8 }"), scalars, errors);
        var rules = ReadRules(entries.List("rules"), new RuleReader(source, new Scope(entities, lists), errors), errors);
        if (!errors.Any)
        {
            CostLimits.Check(FileKind.Rules, map.Start, [.. rules.Select(static rule => (rule.Id, rule.Cost))], entities, errors);
        }

        return errors.Any ? null : new RuleSet(name!, version!.Value, review, decline, rules, entities.Plans(), [.. lists.Names], source.Text);
    }

    private static (Score Review, Score Decline) ReadThresholds(YamlMap? map, ScalarReader scalars, FileErrors errors)
    {
        if (map is null)
        {
            return default;
        }

        var entries = new MapReader(map, "thresholds", ["review", "decline"], errors);
        var review = scalars.Score(entries.Scalar("review"), "review", 0);
        var decline = scalars.Score(entries.Scalar("decline"), "decline", 0);
        if (review > decline)
        {
            errors.Add(map.Start, $"'review' ({review}) must not be above 'decline' ({decline})");
        }

        return (review.GetValueOrDefault(), decline.GetValueOrDefault());
    }

    private static ImmutableArray<Rule> ReadRules(IReadOnlyList<YamlNode> nodes, RuleReader reader, FileErrors errors)
    {
        if (nodes.Count > RuleSet.RulesMax)
        {
            errors.Add(nodes[RuleSet.RulesMax].Start, $"a rule set has at most {RuleSet.RulesMax} rules, but this has {nodes.Count}");
            return [];
        }

        var rules = ImmutableArray.CreateBuilder<Rule>(nodes.Count);
        foreach (var node in nodes)
        {
            if (reader.Read(node) is { } rule)
            {
                rules.Add(rule);
            }
        }

        return rules.ToImmutable();
    }
}
