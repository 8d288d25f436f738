using FraudEngine.Domain;
using FraudEngine.Rules.Compilation;
using FraudEngine.Rules.Syntax;

namespace FraudEngine.Rules.Yaml;

/// <summary>Reads texts for the customer and notes what is wrong with their placeholders.</summary>
internal sealed class CustomerTextReader(SourceText source, ScalarReader scalars, FileErrors errors)
{
    public string? Read(YamlScalar? scalar)
    {
        var text = scalars.Text(scalar);
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
}
