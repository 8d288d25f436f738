using System.Collections.Immutable;
using FraudEngine.Domain;
using FraudEngine.Rules.Compilation;

namespace FraudEngine.Rules.Yaml;

/// <summary>Reads a rule file: name, version, thresholds, rules and activity rules.</summary>
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

        var entries = new MapReader(map, FileKind.Rules.Whole, ["name", "version", "thresholds", "rules"], errors, "activity");
        var scalars = new ScalarReader(errors);
        var name = scalars.Name(entries.Scalar("name"), "name");
        var version = scalars.Version(entries.Scalar("version"));
        var (review, decline) = ReadThresholds(entries.Map("thresholds", "{ review: 0.5, decline: 0.8 }"), scalars, errors);
        var scope = new Scope(entities, lists);
        var ids = new IdReader(source, scalars, errors);
        var rules = ReadRules(entries.List("rules"), RuleSet.RulesMax, "rules", new RuleReader(source, scope, ids, errors).Read, errors);
        var activity = ReadRules(entries.List("activity"), RuleSet.ActivityMax, "activity rules", new ActivityReader(source, scope, ids, errors).Read, errors);
        if (!errors.Any)
        {
            var costs = rules.Select(static rule => (rule.Id, rule.Cost)).Concat(activity.Select(static rule => (rule.Id, rule.Cost)));
            CostLimits.Check(FileKind.Rules, map.Start, [.. costs], entities, errors);
        }

        return errors.Any
            ? null
            : new RuleSet(name!, version!.Value, review, decline, rules, entities.Plans(), [.. lists.Names], source.Text) { Activity = activity };
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

    private static ImmutableArray<T> ReadRules<T>(IReadOnlyList<YamlNode> nodes, int countMax, string what, Func<YamlNode, T?> read, FileErrors errors)
        where T : class
    {
        if (nodes.Count > countMax)
        {
            errors.Add(nodes[countMax].Start, $"a rule set has at most {countMax} {what}, but this has {nodes.Count}");
            return [];
        }

        return [.. nodes.Select(read).OfType<T>()];
    }
}
