using FraudEngine.Rules.Compilation;

namespace FraudEngine.Rules.Yaml;

/// <summary>Reads and compiles one rule after the other.</summary>
internal sealed class RuleReader(SourceText source, WindowSlots slots, FileErrors errors)
{
    private const int WhenCharactersMax = 10_000;

    private readonly ScalarReader _scalars = new(errors);
    private readonly Dictionary<string, int> _ids = [];

    /// <summary>The rule; null, with the errors noted, where it is none.</summary>
    public Rule? Read(YamlNode node)
    {
        if (node is not YamlMap map)
        {
            errors.Add(node.Start, "expected a rule: id, when, score and text");
            return null;
        }

        var entries = new MapReader(map, "a rule", ["id", "when", "score", "text"], errors);
        var id = ReadId(entries.Scalar("id"));
        var when = entries.Scalar("when");
        var condition = when is null ? null : Compile(when);
        var score = _scalars.Score(entries.Scalar("score"), "score", -1);
        var text = _scalars.Text(entries.Scalar("text"));
        return id is null || condition is null || score is null || text is null ? null : new Rule(id, when!.Value.Trim(), score.Value, text, condition);
    }

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

    private BoolEval? Compile(YamlScalar when)
    {
        if (when.Value.Length > WhenCharactersMax)
        {
            errors.Add(when.Start, $"'when' takes at most {WhenCharactersMax} characters, but this has {when.Value.Length}");
            return null;
        }

        var problems = new Problems();
        var condition = ExpressionCompiler.Condition(when.Value, slots, problems);
        if (problems.Found.Count > 0)
        {
            var places = ScalarPlaces.Of(source.Text, when);
            foreach (var (place, message) in problems.Found)
            {
                errors.Add(places[EndsAt(place.Start, when.Value)], message);
            }
        }

        return condition;
    }

    /// <summary>A place behind the last visible character is the place right behind it.</summary>
    private static int EndsAt(int start, string value) => start >= value.TrimEnd().Length ? value.Length : start;
}
