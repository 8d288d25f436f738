using System.Collections.Immutable;
using FraudEngine.Domain;
using FraudEngine.Rules.Compilation;
using FraudEngine.Rules.Syntax;

namespace FraudEngine.Rules.Yaml;

/// <summary>Reads texts for the customer and notes what is wrong with their placeholders.</summary>
internal sealed class CustomerTextReader(SourceText source, FileErrors errors)
{
    private const int LanguageLetters = 2;

    private readonly ScalarReader _scalars = new(errors);

    /// <summary>The text and its other languages; null, with the errors noted, where there is none.</summary>
    public RuleText? ReadAll(MapReader entries)
    {
        var text = Read(entries.Scalar("text"), "text");
        var texts = ReadTexts(entries);
        return text is null ? null : new RuleText(text, texts);
    }

    private string? Read(YamlScalar? scalar, string key)
    {
        var text = _scalars.Text(scalar, key);
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

    private ImmutableSortedDictionary<string, string> ReadTexts(MapReader entries)
    {
        var texts = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        if (entries.Map("texts", "other languages, as in { de: \"…\" }") is not { } map)
        {
            return texts.ToImmutable();
        }

        if (map.Entries.Count > RuleText.LanguagesMax)
        {
            errors.Add(map.Entries[RuleText.LanguagesMax].Key.Start, $"'texts' takes at most {RuleText.LanguagesMax} languages, but this has {map.Entries.Count}");
            return texts.ToImmutable();
        }

        var known = new HashSet<string>();
        foreach (var (key, value) in map.Entries)
        {
            if (key.Value.Length != LanguageLetters || !key.Value.All(char.IsAsciiLetterLower))
            {
                errors.Add(key.Start, $"'texts' takes codes of languages, two small letters as in de, but found '{Excerpt.Of(key.Value)}'");
            }
            else if (!known.Add(key.Value))
            {
                errors.Add(key.Start, $"'{key.Value}' is given twice");
            }
            else if (Read(entries.Scalar(key.Value, value), key.Value) is { } text)
            {
                texts.Add(key.Value, text);
            }
        }

        return texts.ToImmutable();
    }

    private static string Message(CustomerTextProblem problem) => problem.UnknownField is { } name
        ? $"there is no field '{Excerpt.Of(name)}'{NearestName.Hint(name, TransactionFieldText.All)}"
        : problem.Message;
}
