using System.Collections.Immutable;
using FraudEngine.Rules.Compilation;

namespace FraudEngine.Rules.Yaml;

/// <summary>Reads and compiles one rule after the other.</summary>
/// <param name="ids">Common to all rules of the file.</param>
internal sealed class RuleReader(SourceText source, Scope scope, IdReader ids, FileErrors errors)
{
    private readonly ScalarReader _scalars = new(errors);
    private readonly ConditionReader _conditions = new(source, errors);
    private readonly CustomerTextReader _texts = new(source, errors);

    /// <summary>The rule; null, with the errors noted, where it is none.</summary>
    public Rule? Read(YamlNode node)
    {
        if (node is not YamlMap map)
        {
            errors.Add(node.Start, "expected a rule: id, when, text, and score or action");
            return null;
        }

        var entries = new MapReader(map, "a rule", ["id", "when", "text"], errors, "score", "action", "tags", "texts");
        var id = ids.Read(entries.Scalar("id"));
        var condition = _conditions.Read(entries.Scalar("when"), scope);
        if (!entries.Has("score") && !entries.Has("action"))
        {
            errors.Add(map.Start, "a rule needs 'score' or 'action'");
        }

        var score = _scalars.Score(entries.Scalar("score"), "score", -1);
        var action = _scalars.Action(entries.Scalar("action"));
        var tags = ReadTags(entries);
        var text = _texts.ReadAll(entries);
        return id is null || condition is null || text is null
            ? null
            : new Rule(id, score.GetValueOrDefault(), action.GetValueOrDefault(), tags, text, condition);
    }

    private ImmutableArray<string> ReadTags(MapReader entries)
    {
        var nodes = entries.List("tags");
        if (nodes.Count > Rule.TagsMax)
        {
            errors.Add(nodes[Rule.TagsMax].Start, $"a rule has at most {Rule.TagsMax} tags, but this has {nodes.Count}");
            return [];
        }

        var tags = ImmutableArray.CreateBuilder<string>(nodes.Count);
        foreach (var node in nodes)
        {
            if (_scalars.Name(entries.Scalar("tags", node), "tags") is not { } tag)
            {
                continue;
            }

            if (tags.Contains(tag))
            {
                errors.Add(node.Start, $"the tag '{tag}' is given twice");
            }
            else
            {
                tags.Add(tag);
            }
        }

        return tags.ToImmutable();
    }
}
