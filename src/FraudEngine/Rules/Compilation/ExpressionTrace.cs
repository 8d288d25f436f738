using FraudEngine.Rules.Syntax;

namespace FraudEngine.Rules.Compilation;

/// <summary>Remembers what every part of an expression was compiled to.</summary>
internal sealed class ExpressionTrace
{
    private readonly Stack<(Expression Node, List<TracedExpression> Parts)> _open = [];

    /// <summary>The whole expression; null where it could not be compiled.</summary>
    public TracedExpression? Root { get; private set; }

    public void Enter(Expression expression) => _open.Push((expression, []));

    public void Leave(Operand? operand)
    {
        var (node, parts) = _open.Pop();
        Root = operand is null ? null : new TracedExpression(node, operand, parts);
        if (Root is not null && _open.TryPeek(out var above))
        {
            above.Parts.Add(Root);
        }
    }
}

/// <summary>A part of an expression, what it was compiled to, and its own parts.</summary>
internal sealed record TracedExpression(Expression Node, Operand Operand, IReadOnlyList<TracedExpression> Parts);
