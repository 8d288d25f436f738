using FraudEngine.Rules.Compilation;
using FraudEngine.Rules.Syntax;

namespace FraudEngine.Rules.Yaml;

/// <summary>Reads and compiles one activity rule after the other.</summary>
/// <param name="ids">Common to all rules of the file.</param>
internal sealed class ActivityReader(SourceText source, Scope scope, IdReader ids, FileErrors errors)
{
    private static readonly ActivityChoice[] Choices = [ActivityChoice.Number, ActivityChoice.Text];

    private readonly ConditionReader _conditions = new(source, errors);
    private readonly CustomerTextReader _texts = new(source, errors);

    /// <summary>The rule; null, with the errors noted, where it is none.</summary>
    public ActivityRule? Read(YamlNode node)
    {
        if (node is not YamlMap map)
        {
            errors.Add(node.Start, "expected an activity rule: id, when, text and, where the customer chooses something, takes");
            return null;
        }

        var entries = new MapReader(map, "an activity rule", ["id", "when", "text"], errors, "takes", "texts");
        var id = ids.Read(entries.Scalar("id"));
        var takes = ReadTakes(entries);
        var condition = takes is null ? null : _conditions.Read(entries.Scalar("when"), scope.ForActivity(takes.Value));
        var text = _texts.ReadAll(entries);
        return id is null || condition is null || text is null ? null : new ActivityRule(id, takes!.Value, text, condition);
    }

    /// <summary>Null, with the error noted, where it can't be known what the rule takes.</summary>
    private ActivityChoice? ReadTakes(MapReader entries)
    {
        if (!entries.Has("takes"))
        {
            return ActivityChoice.None;
        }

        if (entries.Scalar("takes") is not { } scalar)
        {
            return null;
        }

        foreach (var choice in Choices)
        {
            if (scalar.Value == ActivityChoiceText.Of(choice))
            {
                return choice;
            }
        }

        errors.Add(
            scalar.Start,
            $"'takes' takes number or text, but found '{Excerpt.Of(scalar.Value)}'{NearestName.Hint(scalar.Value, Choices.Select(static choice => ActivityChoiceText.Of(choice)!))}");
        return null;
    }
}
