using System.Collections.Immutable;
using FraudEngine.Domain;
using FraudEngine.Rules.Compilation;
using FraudEngine.Rules.Yaml;

namespace FraudEngine.Rules.Features;

/// <summary>One number that a model is given: an expression of the rule language under the name that the model knows.</summary>
public sealed class Feature
{
    /// <summary>Characters in a name.</summary>
    public const int NameCharactersMax = 64;

    private readonly ReadExpression<Operand> _value;
    private readonly FeatureEval _eval;
    private readonly RuleText _text;

    internal Feature(string name, RuleText? text, ReadExpression<Operand> value)
    {
        Name = name;
        _text = text ?? new RuleText(
            $"{name.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal)} is unusual for this payment",
            ImmutableSortedDictionary<string, string>.Empty);
        _value = value;
        _eval = FeatureEvals.Of(value.Operand);
    }

    public string Name { get; }

    /// <summary>The expression as the file states it.</summary>
    public string Value => _value.Text.Value.Trim();

    /// <summary>The reason in words for the account holder, with its placeholders, where this feature moved the score most.</summary>
    public string Text => _text.Text;

    /// <summary>The windows that the expression asks.</summary>
    public ImmutableArray<EntityWindow> Windows => _value.Windows;

    /// <summary>The named lists that the expression asks.</summary>
    public ImmutableArray<string> ListNames => _value.ListNames;

    /// <summary>In the units of <see cref="Rule.Cost"/>.</summary>
    public double Cost => _value.Operand.Cost;

    /// <summary>The feature as decisions name it: <c>model:NAME</c>, which is no rule's id, since those have no colon.</summary>
    internal ReasonCode Reason => _text.Reason(FeatureSet.ReasonPrefix + Name, isAgainst: true, tags: []);

    internal bool SaysTheSameAs(Feature other) => Name == other.Name && Value == other.Value && _text.SaysTheSameAs(other._text);

    internal double Evaluate(RuleEvaluation evaluation) => _eval(evaluation);
}
