using System.Globalization;
using FraudEngine.Domain;
using FraudEngine.Rules.Compilation;
using FraudEngine.Rules.Syntax;

namespace FraudEngine.Rules.Yaml;

/// <summary>Reads single values and notes what is wrong with them.</summary>
internal sealed class ScalarReader(FileErrors errors)
{
    private const int TextCharactersMax = 500;
    private const int ScoreDecimalsMax = 9;

    /// <summary>An id of small letters, digits and hyphens.</summary>
    public string? Name(YamlScalar? scalar, string key)
    {
        if (scalar is null)
        {
            return null;
        }

        return KebabName.IsOne(scalar.Value)
            ? scalar.Value
            : Reject<string>(scalar, $"'{key}' takes {KebabName.Form}, but found '{Excerpt.Of(scalar.Value)}'");
    }

    /// <summary>What a hit brings about outright.</summary>
    public Outcome? Action(YamlScalar? scalar)
    {
        if (scalar is null)
        {
            return null;
        }

        for (var action = Outcome.Approve; action <= Outcome.Decline; action++)
        {
            if (scalar.Value == TransactionJson.OutcomeText(action))
            {
                return action;
            }
        }

        errors.Add(scalar.Start, $"'action' takes decline, review or approve, but found '{Excerpt.Of(scalar.Value)}'{NearestName.Hint(scalar.Value, ["decline", "review", "approve"])}");
        return null;
    }

    public int? Version(YamlScalar? scalar)
    {
        if (scalar is null)
        {
            return null;
        }

        if (int.TryParse(scalar.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version > 0)
        {
            return version;
        }

        errors.Add(scalar.Start, $"'version' takes a whole number from 1 to {int.MaxValue}, but found '{Excerpt.Of(scalar.Value)}'");
        return null;
    }

    public string? Text(YamlScalar? scalar, string key)
    {
        if (scalar is null)
        {
            return null;
        }

        var text = scalar.Value.Trim();
        return text.Length is > 0 and <= TextCharactersMax && !text.Any(static c => char.IsControl(c) && c != '\n')
            ? text
            : Reject<string>(scalar, $"'{key}' takes 1 to {TextCharactersMax} printable characters");
    }

    /// <summary>A decimal number, from <paramref name="least"/> (itself allowed only where it is negative) to 1.</summary>
    public Score? Score(YamlScalar? scalar, string key, int least)
    {
        if (scalar is null)
        {
            return null;
        }

        const NumberStyles styles = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        if (decimal.TryParse(scalar.Value, styles, CultureInfo.InvariantCulture, out var value)
            && value <= 1 && (value > least || (value == least && least < 0)) && decimal.Round(value, ScoreDecimalsMax) == value)
        {
            return Domain.Score.FromDecimal(value);
        }

        var range = least < 0 ? $"from {least} to 1" : "more than 0 and at most 1";
        errors.Add(scalar.Start, $"'{key}' takes a decimal number {range}, with at most {ScoreDecimalsMax} decimals, but found '{Excerpt.Of(scalar.Value)}'");
        return null;
    }

    private T? Reject<T>(YamlScalar scalar, string message)
        where T : class
    {
        errors.Add(scalar.Start, message);
        return null;
    }
}
