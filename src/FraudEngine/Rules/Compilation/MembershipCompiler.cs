using FraudEngine.Rules.Syntax;

namespace FraudEngine.Rules.Compilation;

/// <summary><c>x in [a, b]</c>, which is <c>x == a || x == b</c>.</summary>
internal static class MembershipCompiler
{
    public static Operand? Compile(Place place, Operand item, IReadOnlyList<Operand> members, Problems problems)
    {
        var equalities = new List<BoolOperand>(members.Count);
        var literals = new List<string>(members.Count);
        foreach (var member in members)
        {
            if (member.Type != item.Type)
            {
                problems.Add(member.Place, $"'in' looks for {ValueTypeText.One(item.Type)}, but this is {ValueTypeText.One(member.Type)}");
            }
            else if (PairCompiler.Comparison(member.Place, ComparisonOperator.Equal, item, member, problems) is BoolOperand equality)
            {
                equalities.Add(equality);
                if (member is TextOperand { Literal: { } literal })
                {
                    literals.Add(literal);
                }
            }
        }

        if (equalities.Count < members.Count)
        {
            return null;
        }

        return item is TextOperand { IsField: true } text && literals.Count == members.Count && members.Count > 0
            ? new BoolOperand(place, Costs.Field + Costs.Operation, TextCompiler.FieldIn(text.Field, [.. literals], wanted: true))
            : LogicCompiler.Compile(place, LogicalOperator.Or, equalities);
    }
}
