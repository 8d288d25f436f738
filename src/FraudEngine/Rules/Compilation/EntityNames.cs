using FraudEngine.Domain;
using FraudEngine.Rules.Syntax;

namespace FraudEngine.Rules.Compilation;

/// <summary>Names that mean an entity: <c>account</c>, <c>terminal</c> and their like.</summary>
internal static class EntityNames
{
    public static EntityKind KindOf(Expression expression) => expression is Name name ? EntityKinds.Find(name.Text) : EntityKind.None;

    /// <summary>The windows of the entity that an expression names; null, with the problem noted, where it names none or one that is not configured.</summary>
    /// <param name="otherwise">The problem where it names none.</param>
    public static WindowSlots? Find(Expression expression, Place place, string otherwise, ExpressionCompiler compiler)
    {
        var kind = KindOf(expression);
        if (kind == EntityKind.None)
        {
            var hint = expression is Name name && !Fields.ByName.ContainsKey(name.Text) ? NearestName.Hint(name.Text, compiler.Scope.Entities.Names) : "";
            compiler.Problems.Add(place, otherwise + hint);
            return null;
        }

        return IsConfigured(kind, expression.Place, compiler) ? compiler.Scope.Entities[kind] : null;
    }

    /// <summary>Whether the entity has windows; where it has none, the problem is noted.</summary>
    public static bool IsConfigured(EntityKind kind, Place place, ExpressionCompiler compiler)
    {
        var entities = compiler.Scope.Entities;
        if (entities.IsConfigured(kind))
        {
            return true;
        }

        var name = EntityKinds.NameOf(kind);
        compiler.Problems.Add(place, $"there are no windows of {name}: the engine keeps those of {string.Join(", ", entities.Names)}; add {name} to Engine:Entities");
        return false;
    }

    /// <summary>The first entity that an expression names, in the order of the text; None where it names none.</summary>
    public static EntityKind FirstIn(Expression expression) => expression switch
    {
        Name name => KindOf(name),
        Member member => FirstIn(member.Of),
        Call call => First([.. call.Target is null ? [] : new[] { call.Target }, .. call.Arguments]),
        Syntax.Index index => First(index.Of, index.At),
        ListLiteral list => First([.. list.Items]),
        Not not => FirstIn(not.Operand),
        Negation negation => FirstIn(negation.Operand),
        Arithmetic pair => First(pair.Left, pair.Right),
        Comparison pair => First(pair.Left, pair.Right),
        Membership pair => First(pair.Item, pair.List),
        Logic logic => First([.. logic.Operands]),
        Conditional conditional => First(conditional.Condition, conditional.Then, conditional.Otherwise),
        _ => EntityKind.None,
    };

    private static EntityKind First(params ReadOnlySpan<Expression> parts)
    {
        foreach (var part in parts)
        {
            if (FirstIn(part) is var kind and not EntityKind.None)
            {
                return kind;
            }
        }

        return EntityKind.None;
    }
}
