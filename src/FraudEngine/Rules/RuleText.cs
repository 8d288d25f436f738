using System.Collections.Immutable;
using FraudEngine.Domain;

namespace FraudEngine.Rules;

/// <summary>What the account holder reads of a rule, in its languages, with placeholders.</summary>
/// <param name="Text">In the language of the rule set.</param>
/// <param name="Texts">In others, by their codes of two small letters (ISO 639-1).</param>
internal sealed record RuleText(string Text, ImmutableSortedDictionary<string, string> Texts)
{
    /// <summary>Other languages of one rule.</summary>
    public const int LanguagesMax = 8;

    public bool SaysTheSameAs(RuleText other) => Text == other.Text && Texts.SequenceEqual(other.Texts);

    /// <summary>As decisions name the rule.</summary>
    public ReasonCode Reason(string id, bool isAgainst, ImmutableArray<string> tags) =>
        new(id, Text, isAgainst, tags, CustomerText.HasBraces(Text), Texts.IsEmpty ? null : Texts);
}
