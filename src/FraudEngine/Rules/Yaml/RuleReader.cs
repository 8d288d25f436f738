using System.Collections.Immutable;
using FraudEngine.Domain;
using FraudEngine.Rules.Compilation;
using FraudEngine.Rules.Syntax;

namespace FraudEngine.Rules.Yaml;

/// <summary>Reads and compiles one rule after the other.</summary>
internal sealed class RuleReader(SourceText source, Scope scope, FileErrors errors)
{
    private const int WhenCharactersMax = 10_000;

    private readonly ScalarReader _scalars = new(errors);
    private readonly Dictionary<string, int> _ids = [];

    /// <summary>The rule; null, with the errors noted, where it is none.</summary>
    public Rule? Read(YamlNode node)
    {
        if (node is not YamlMap map)
        {
            errors.Add(node.Start, "expected a rule: id, when, text, and score or action");
            return null;
        }

        var entries = new MapReader(map, "a rule", ["id", "when", "text"], errors, "score", "action", "tags");
        var id = ReadId(entries.Scalar("id"));
        var when = entries.Scalar("when");
        var condition = when is null ? null : Compile(when);
        if (!entries.Has("score") && !entries.Has("action"))
        {
            errors.Add(map.Start, "a rule needs 'score' or 'action'");
        }

        var score = _scalars.Score(entries.Scalar("score"), "score", -1);
        var action = _scalars.Action(entries.Scalar("action"));
        var tags = ReadTags(entries);
        var text = ReadText(entries.Scalar("text"));
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

    private string? ReadText(YamlScalar? scalar)
    {
        var text = _scalars.Text(scalar);
        if (text is null || !CustomerText.HasBraces(text))
        {
            return text;
        }

        var problems = new List<CustomerTextProblem>();
        CustomerText.Parse(text, problems);
        if (problems.Count > 0)
        {
            var places = ScalarPlaces.Of(source.Text, scalar!);
            var trimmed = scalar!.Value.Length - scalar.Value.TrimStart().Length;
            foreach (var problem in problems)
            {
                errors.Add(places[trimmed + problem.Index], Message(problem));
            }
        }

        return text;
    }

    private static string Message(CustomerTextProblem problem) => problem.UnknownField is { } name
        ? $"there is no field '{Excerpt.Of(name)}'{NearestName.Hint(name, TransactionFieldText.All)}"
        : problem.Message;

    private string? ReadId(YamlScalar? scalar)
    {
        var id = _scalars.Name(scalar, "id");
        if (id is not null && !_ids.TryAdd(id, scalar!.Start))
        {
            errors.Add(scalar.Start, $"the id '{id}' is already that of the rule in line {source.At(_ids[id]).Line}");
            return null;
        }

        return id;
    }

    private RuleCondition? Compile(YamlScalar when)
    {
        if (when.Value.Length > WhenCharactersMax)
        {
            errors.Add(when.Start, $"'when' takes at most {WhenCharactersMax} characters, but this has {when.Value.Length}");
            return null;
        }

        var text = new ConditionText(source, when);
        var problems = new Problems();
        var condition = ExpressionCompiler.Condition(when.Value, scope, problems);
        foreach (var (place, message) in problems.Found)
        {
            errors.Add(text.IndexOf(place.Start), message);
        }

        var (windows, lists) = (scope.Entities.TakeAsked(), scope.Lists!.TakeAsked());
        return condition is null ? null : new RuleCondition(text, condition.Eval, condition.Cost, [.. windows], [.. lists]);
    }
}
