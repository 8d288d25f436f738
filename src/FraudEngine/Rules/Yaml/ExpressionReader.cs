using System.Collections.Immutable;
using FraudEngine.Rules.Compilation;

namespace FraudEngine.Rules.Yaml;

/// <summary>Compiles the expressions of a file, one after the other, and notes what is wrong at its place in the file.</summary>
internal sealed class ExpressionReader(SourceText source, Scope scope, FileErrors errors)
{
    private const int CharactersMax = 10_000;

    /// <summary>The compiled expression; null, with the errors noted, where it is none.</summary>
    /// <param name="key">Under which it stands.</param>
    /// <param name="compile">Gives null, with at least one problem noted, where the text states nothing that may stand there.</param>
    public ReadExpression<T>? Read<T>(YamlScalar? scalar, string key, Func<string, Scope, Problems, T?> compile)
        where T : Operand
    {
        if (scalar is null)
        {
            return null;
        }

        if (scalar.Value.Length > CharactersMax)
        {
            errors.Add(scalar.Start, $"'{key}' takes at most {CharactersMax} characters, but this has {scalar.Value.Length}");
            return null;
        }

        var text = new ConditionText(source, scalar);
        var problems = new Problems();
        var operand = compile(scalar.Value, scope, problems);
        foreach (var (place, message) in problems.Found)
        {
            errors.Add(text.IndexOf(place.Start), message);
        }

        var (windows, lists) = (scope.Entities.TakeAsked(), scope.Lists!.TakeAsked());
        return operand is null ? null : new ReadExpression<T>(text, operand, [.. windows], [.. lists]);
    }
}

/// <summary>An expression of a file, compiled, and what it asks.</summary>
internal sealed record ReadExpression<T>(ConditionText Text, T Operand, ImmutableArray<EntityWindow> Windows, ImmutableArray<string> ListNames)
    where T : Operand;
